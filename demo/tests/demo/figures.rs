//! Every query, on every store, against figures that were computed from the CSV files without SQL.

use std::error::Error;

use demo::date::Date;
use demo::db::Db;
use demo::queries::{Origin, Subset};

use crate::stores::{flights, on_every_store};

on_every_store!(
    flights;
    totals,
    totals_of_a_part,
    months,
    hours,
    days,
    hours_of_the_worst_day,
    busiest_routes,
    largest_carriers,
    skies,
    weather_of_a_day,
    destinations_by_code_and_name,
    airports_and_airlines_by_code,
    planes_by_registration_and_flights,
    flights_in_order,
    planes_by_age,
    there_are_no_fuel_prices,
);

/// Equal to the sixth decimal, which is how the figures are written here.
#[track_caller]
fn assert_close(found: impl Into<Option<f64>>, expected: f64) {
    let found = found.into().unwrap();
    assert!(
        (found - expected).abs() < 1e-6,
        "found {found}, expected {expected}"
    );
}

fn date(month: u8, day: u8) -> Date {
    Date::new(month, day).unwrap()
}

async fn totals(db: &Db) {
    let all = db.totals(Subset::All).await.unwrap();
    assert_eq!(all.flights, 336_776);
    assert_eq!(all.cancelled, 8_255);
    assert_eq!(all.arrivals, 327_346);
    assert_eq!(all.on_time, 247_246);
    assert_eq!(all.destinations, 105);
    assert_eq!(all.planes, 4_043);
    assert_close(all.mean_delay, 12.639_070);

    let kennedy = db.totals(Subset::From(Origin::Jfk)).await.unwrap();
    assert_eq!(kennedy.flights, 111_279);
    assert_eq!(kennedy.cancelled, 1_863);
    assert_eq!(kennedy.on_time, 83_230);
    assert_eq!(kennedy.destinations, 70);
    assert_eq!(kennedy.planes, 1_957);
    assert_close(kennedy.mean_delay, 12.112_159);
}

async fn totals_of_a_part(db: &Db) {
    let of = |subset| async move { db.totals(subset).await.unwrap() };
    let boston = of(Subset::Airport("BOS".to_owned())).await;
    assert_eq!((boston.flights, boston.cancelled), (15_508, 459));
    assert_eq!((boston.arrivals, boston.on_time), (15_022, 12_167));
    assert_eq!((boston.carriers, boston.planes), (7, 1_307));
    assert_close(boston.mean_delay, 8.730_613);

    // One of its flights was planned to arrive there: from Newark.
    let la_guardia = of(Subset::Airport("LGA".to_owned())).await;
    assert_eq!(la_guardia.flights, 104_663);

    let united = of(Subset::Carrier("UA".to_owned())).await;
    assert_eq!((united.flights, united.miles), (58_665, 88_828_070));

    let plane = of(Subset::Plane("N14228".to_owned())).await;
    assert_eq!((plane.flights, plane.destinations), (111, 23));
    assert_eq!(plane.miles, 171_713);

    let day = of(Subset::Day(date(7, 4))).await;
    assert_eq!((day.flights, day.cancelled), (737, 3));
    assert_eq!((day.destinations, day.miles), (81, 812_381));
    assert_close(day.mean_delay, 4.340_599);

    let nothing = of(Subset::Carrier("??".to_owned())).await;
    assert_eq!((nothing.flights, nothing.mean_delay), (0, None));
}

async fn months(db: &Db) {
    let subset = Subset::Carrier("OO".to_owned());
    let months = db.months(subset).await.unwrap();
    let found: Vec<_> = months
        .iter()
        .map(|month| (month.month, month.flights))
        .collect();
    assert_eq!(found, [(1, 1), (6, 2), (8, 4), (9, 20), (11, 5)]);
    assert_close(months[3].mean_delay, -4.941_176);
}

async fn hours(db: &Db) {
    let all = db.hours(Subset::All).await.unwrap();
    let hours: Vec<_> = all.iter().map(|hour| hour.hour).collect();
    assert_eq!(hours, (5..=23).collect::<Vec<_>>());
    assert_eq!(all[0].flights, 1_944);
    assert_close(all[0].mean_delay, 0.687_757);
    assert_eq!(all[14].flights, 20_580);
    assert_close(all[14].mean_delay, 24.784_791);

    let la_guardia = db.hours(Subset::From(Origin::Lga)).await.unwrap();
    assert_eq!(la_guardia.len(), 18);
    assert_close(la_guardia[1].mean_delay, -0.390_774);
}

async fn days(db: &Db) {
    let all = db.days(Subset::All).await.unwrap();
    assert_eq!(all.len(), 365);
    assert_eq!(all.iter().map(|day| day.flights).sum::<u32>(), 336_776);
    let worst = all
        .iter()
        .max_by(|a, b| a.mean_delay.unwrap().total_cmp(&b.mean_delay.unwrap()))
        .unwrap();
    assert_eq!(worst.date, date(3, 8));
    assert_eq!((worst.flights, worst.cancelled), (979, 180));
    assert_close(worst.mean_delay, 83.536_921);

    let kennedy = db.days(Subset::From(Origin::Jfk)).await.unwrap();
    assert_eq!(kennedy.len(), 365);
    let tenth_of_july = kennedy.iter().find(|day| day.date == date(7, 10)).unwrap();
    assert_close(tenth_of_july.mean_delay, 63.632_787);
}

async fn hours_of_the_worst_day(db: &Db) {
    let hours = db.hours_of_day(None, date(3, 8)).await.unwrap();
    assert_eq!(hours.len(), 19);
    assert_eq!(hours.iter().map(|hour| hour.flights).sum::<u32>(), 979);
    assert_eq!(hours.iter().map(|hour| hour.cancelled).sum::<u32>(), 180);
    let ten = &hours[5];
    assert_eq!((ten.hour, ten.flights, ten.cancelled), (10, 44, 5));
    assert_close(ten.mean_delay.unwrap(), 132.743_590);
    assert_close(ten.rain.unwrap(), 0.19);
    assert_close(ten.wind.unwrap(), 33.372_62);
    assert_close(ten.visibility.unwrap(), 0.5);

    let newark = db
        .hours_of_day(Some(Origin::Ewr), date(3, 8))
        .await
        .unwrap();
    let noon = &newark[7];
    assert_eq!((noon.hour, noon.flights, noon.cancelled), (12, 20, 10));
    assert_close(noon.wind.unwrap(), 9.206_24);
}

async fn busiest_routes(db: &Db) {
    let kennedy = db
        .busiest_routes(Subset::From(Origin::Jfk), 9)
        .await
        .unwrap();
    let codes: Vec<_> = kennedy.iter().map(|route| route.dest.as_str()).collect();
    let expected = [
        "LAX", "SFO", "BOS", "MCO", "SJU", "FLL", "LAS", "BUF", "MIA",
    ];
    assert_eq!(codes, expected);
    assert_eq!(kennedy[0].name.as_deref(), Some("Los Angeles Intl"));
    assert_eq!((kennedy[0].flights, kennedy[0].distance), (11_262, 2_475));
    assert_close(kennedy[0].mean_delay, -0.480_599);
    assert_eq!(kennedy[4].name, None);

    let la_guardia = db
        .busiest_routes(Subset::From(Origin::Lga), 1)
        .await
        .unwrap();
    assert_eq!(la_guardia.len(), 1);
    assert_eq!(
        (la_guardia[0].dest.as_str(), la_guardia[0].flights),
        ("ATL", 10_263)
    );
}

async fn largest_carriers(db: &Db) {
    let all = db.largest_carriers(Subset::All, 16).await.unwrap();
    assert_eq!(all.len(), 16);
    assert_eq!(all[0].name, "United Air Lines Inc.");
    assert_eq!((all[0].flights, all[0].cancelled), (58_665, 686));
    assert_eq!((all[0].arrivals, all[0].on_time), (57_782, 44_778));
    assert_close(all[0].mean_delay, 3.558_011);
    assert_eq!(all[11].name, "Alaska Airlines Inc.");
    assert_close(all[11].mean_delay, -9.930_889);

    for origin in Origin::ALL {
        let ten = db.largest_carriers(Subset::From(origin), 10).await.unwrap();
        assert_eq!(ten.len(), 10, "{origin}");
    }
}

async fn skies(db: &Db) {
    let all = db.skies(Subset::All).await.unwrap();
    let found: Vec<_> = all
        .iter()
        .map(|sky| (sky.name.as_str(), sky.flights, sky.cancelled))
        .collect();
    let expected = [
        ("Snow or ice", 1_752, 405),
        ("Rain", 20_619, 1_454),
        ("Fog", 3_505, 233),
        ("Strong wind", 18_269, 803),
        ("Fair", 291_075, 5_332),
    ];
    assert_eq!(found, expected);
    assert_close(all[0].mean_delay, 43.722_346);
    assert_close(all[4].mean_delay, 11.064_166);

    let la_guardia = db.skies(Subset::From(Origin::Lga)).await.unwrap();
    assert_eq!(la_guardia.len(), 5);
    assert_close(la_guardia[2].mean_delay, 19.039_216);
}

async fn weather_of_a_day(db: &Db) {
    let airports = db.weather_of_day(date(3, 8)).await.unwrap();
    let kennedy = &airports[1];
    assert_eq!(kennedy.origin, "JFK");
    assert_close(kennedy.coldest, 30.92);
    assert_close(kennedy.warmest, 39.92);
    assert_close(kennedy.wind, 33.372_62);
    assert_close(kennedy.rain, 0.18);
    assert_close(kennedy.visibility, 0.5);
    assert!(db.weather_of_day(date(12, 31)).await.unwrap().is_empty());
}

async fn destinations_by_code_and_name(db: &Db) {
    let all = db.destinations(String::new()).await.unwrap();
    assert_eq!(all.len(), 105);
    let found = db.destinations("sAn".to_owned()).await.unwrap();
    let codes: Vec<_> = found.iter().map(|found| found.code.as_str()).collect();
    assert_eq!(codes, ["SFO", "SAN", "SAT", "SJC"]);
    let first = &found[0];
    assert_eq!(
        (first.flights, first.carriers, first.distance),
        (13_331, 5, 2_565)
    );
    assert_close(first.mean_delay, 2.672_892);
    // The data has no name for it.
    assert_eq!(db.destinations("sju".to_owned()).await.unwrap().len(), 1);
    assert_eq!(db.destinations("%".to_owned()).await.unwrap(), []);
}

async fn airports_and_airlines_by_code(db: &Db) {
    let airport = |code: &str| {
        let code = code.to_owned();
        async move { db.airport(code).await.unwrap() }
    };
    let boston = airport("BOS").await.unwrap();
    assert_eq!(boston.short_name(), "General Edward Lawrence Logan");
    assert_eq!(boston.place.unwrap().altitude, 19);
    assert!(airport("SJU").await.unwrap().place.is_none());
    assert!(airport("JFK").await.is_some());
    // An airport of the table, but no flight of the year goes there.
    assert!(airport("AAP").await.is_none());
    assert!(airport("bos").await.is_none());

    let united = db.airline("UA".to_owned()).await.unwrap().unwrap();
    assert_eq!(united.short_name(), "United Air Lines");
    assert!(db.airline("XX".to_owned()).await.unwrap().is_none());
}

async fn planes_by_registration_and_flights(db: &Db) {
    let plane = |tailnum: &str| {
        let tailnum = tailnum.to_owned();
        async move { db.plane(tailnum).await.unwrap() }
    };
    let known = plane("N14228").await.unwrap().model.unwrap();
    assert_eq!(
        (known.name.as_str(), known.seats, known.age()),
        ("737-824", 149, Some(14))
    );
    assert!(plane("N725MQ").await.unwrap().model.is_none());
    assert!(plane("N0").await.is_none());

    let subset = Subset::Carrier("UA".to_owned());
    let busiest = db.busiest_planes(subset, 2).await.unwrap();
    let first = &busiest[0];
    assert_eq!((first.tailnum.as_str(), first.flights), ("N502UA", 286));
    assert_eq!((first.miles, first.year), (726_276, Some(1989)));
    assert_eq!(busiest[1].flights, 282);
}

async fn flights_in_order(db: &Db) {
    let ids = |of, after, limit| async move {
        let flights = db.flights(of, after, limit).await.unwrap();
        flights.iter().map(|flight| flight.id).collect::<Vec<_>>()
    };
    let day = ids(Some(date(7, 4)), None, 1_000).await;
    assert_eq!(day.len(), 737);
    assert_eq!(day[..4], [253_347, 253_348, 253_349, 253_350]);
    assert_eq!(day[735..], [253_346, 254_078]);

    let third = db.flight(day[2]).await.unwrap().unwrap();
    let after = ids(Some(date(7, 4)), Some(third.position()), 2).await;
    assert_eq!(after, day[3..5]);

    assert_eq!(ids(None, None, 3).await, [1, 2, 3]);
    let last = db.flight(111_279).await.unwrap().unwrap();
    assert_eq!(ids(None, Some(last.position()), 9).await, [111_280]);

    let first = db.flight(1).await.unwrap().unwrap();
    assert_eq!(first.name(), "UA 1545");
    assert_eq!(
        (first.planned.to_string(), first.departure_delay),
        ("05:15".to_owned(), Some(2))
    );
    let twice = db.flights_by_number(date(6, 8), "WN".to_owned(), 2269);
    assert_eq!(twice.await.unwrap().len(), 2);
}

async fn planes_by_age(db: &Db) {
    let all = db.planes_by_age(Subset::All).await.unwrap();
    let found: Vec<_> = all
        .iter()
        .map(|group| (group.from, group.planes, group.flights))
        .collect();
    let expected = [
        (0, 385, 28_357),
        (5, 750, 76_456),
        (10, 1_096, 107_406),
        (15, 405, 29_130),
        (20, 426, 25_566),
        (25, 190, 11_949),
    ];
    assert_eq!(found, expected);
    assert_close(all[1].mean_delay, 14.480_562);

    let newark = db.planes_by_age(Subset::From(Origin::Ewr)).await.unwrap();
    assert_eq!((newark[5].planes, newark[5].flights), (108, 838));
    assert_close(newark[5].mean_delay, 10.213_135);
}

async fn there_are_no_fuel_prices(db: &Db) {
    let error = db.fuel_prices().await.unwrap_err();
    let mut causes = std::iter::successors(error.source(), |&error| error.source());
    assert!(causes.any(|cause| cause.to_string().contains("fuel_prices")));
}
