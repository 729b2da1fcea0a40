//! The same test on every store.

/// Runs each test, an `async fn(&T)`, on the `T` that every store has in the module `$given`.
macro_rules! on_every_store {
    ($given:ident; $($test:ident),+ $(,)?) => { $(
        mod $test {
            #[tokio::test]
            async fn sqlite() {
                super::$test(&super::$given::sqlite().await).await;
            }

            #[tokio::test]
            async fn postgres() {
                if let Some(given) = super::$given::postgres().await {
                    super::$test(&given).await;
                }
            }
        }
    )+ };
}
pub(crate) use on_every_store;

/// The flights of the year, which no test changes.
pub(crate) mod flights {
    use demo::db::{Db, Place, Postgres};
    use tokio::sync::OnceCell;

    use crate::cluster::{Cluster, connect};
    use crate::support;

    /// How many connections read.
    const CONNECTIONS: usize = 4;

    /// The name of the database.
    pub(crate) const NAME: &str = "flights";

    pub(crate) async fn sqlite() -> Db {
        support::flights_over(CONNECTIONS).await
    }

    pub(crate) async fn postgres() -> Option<Db> {
        let cluster = shared().await?;
        let store = Postgres::new(&cluster.config(NAME), CONNECTIONS);
        Some(Db::over(store).await.unwrap())
    }

    /// The server, once the flights are there.
    pub(crate) async fn shared() -> Option<&'static Cluster> {
        static PREPARED: OnceCell<()> = OnceCell::const_new();
        let cluster = Cluster::shared()?;
        let prepare = || async {
            let client = connect(&cluster.config("postgres")).await;
            let create = format!("CREATE DATABASE {NAME}");
            client.batch_execute(&create).await.unwrap();
            let config = Box::new(cluster.config(NAME));
            Db::open(&Place::Server(config)).await.unwrap();
        };
        PREPARED.get_or_init(prepare).await;
        Some(cluster)
    }
}

/// Three flights, in a database for one test alone.
pub(crate) mod small {
    use crate::small::Small;

    pub(crate) async fn sqlite() -> Small {
        Small::new().await
    }

    pub(crate) async fn postgres() -> Option<Small> {
        Small::on_server().await
    }
}
