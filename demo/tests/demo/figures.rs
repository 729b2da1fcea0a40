//! Every query against figures that were computed from the CSV files without SQL.

use demo::queries::Origin;

use crate::support::flights;

/// Equal to the sixth decimal, which is how the figures are written here.
#[track_caller]
fn assert_close(found: f64, expected: f64) {
    assert!(
        (found - expected).abs() < 1e-6,
        "found {found}, expected {expected}"
    );
}

#[tokio::test]
async fn totals() {
    let all = flights().totals(None).await.unwrap();
    assert_eq!(all.flights, 336_776);
    assert_eq!(all.cancelled, 8_255);
    assert_eq!(all.arrivals, 327_346);
    assert_eq!(all.on_time, 247_246);
    assert_eq!(all.destinations, 105);
    assert_eq!(all.planes, 4_043);
    assert_close(all.mean_delay, 12.639_070);

    let kennedy = flights().totals(Some(Origin::Jfk)).await.unwrap();
    assert_eq!(kennedy.flights, 111_279);
    assert_eq!(kennedy.cancelled, 1_863);
    assert_eq!(kennedy.on_time, 83_230);
    assert_eq!(kennedy.destinations, 70);
    assert_eq!(kennedy.planes, 1_957);
    assert_close(kennedy.mean_delay, 12.112_159);
}

#[tokio::test]
async fn hours() {
    let all = flights().hours(None).await.unwrap();
    let hours: Vec<_> = all.iter().map(|hour| hour.hour).collect();
    assert_eq!(hours, (5..=23).collect::<Vec<_>>());
    assert_eq!(all[0].flights, 1_944);
    assert_close(all[0].mean_delay, 0.687_757);
    assert_eq!(all[14].flights, 20_580);
    assert_close(all[14].mean_delay, 24.784_791);

    let la_guardia = flights().hours(Some(Origin::Lga)).await.unwrap();
    assert_eq!(la_guardia.len(), 18);
    assert_close(la_guardia[1].mean_delay, -0.390_774);
}

#[tokio::test]
async fn days() {
    let all = flights().days(None).await.unwrap();
    assert_eq!(all.len(), 365);
    assert_eq!(all.iter().map(|day| day.flights).sum::<u32>(), 336_776);
    let worst = all
        .iter()
        .max_by(|a, b| a.mean_delay.total_cmp(&b.mean_delay))
        .unwrap();
    assert_eq!((worst.month, worst.day), (3, 8));
    assert_eq!((worst.flights, worst.cancelled), (979, 180));
    assert_close(worst.mean_delay, 83.536_921);

    let kennedy = flights().days(Some(Origin::Jfk)).await.unwrap();
    assert_eq!(kennedy.len(), 365);
    let tenth_of_july = kennedy
        .iter()
        .find(|day| (day.month, day.day) == (7, 10))
        .unwrap();
    assert_close(tenth_of_july.mean_delay, 63.632_787);
}

#[tokio::test]
async fn hours_of_the_worst_day() {
    let hours = flights().hours_of_day(None, 3, 8).await.unwrap();
    assert_eq!(hours.len(), 19);
    assert_eq!(hours.iter().map(|hour| hour.flights).sum::<u32>(), 979);
    assert_eq!(hours.iter().map(|hour| hour.cancelled).sum::<u32>(), 180);
    let ten = &hours[5];
    assert_eq!((ten.hour, ten.flights, ten.cancelled), (10, 44, 5));
    assert_close(ten.mean_delay.unwrap(), 132.743_590);
    assert_close(ten.rain.unwrap(), 0.19);
    assert_close(ten.wind.unwrap(), 33.372_62);
    assert_close(ten.visibility.unwrap(), 0.5);

    let newark = flights()
        .hours_of_day(Some(Origin::Ewr), 3, 8)
        .await
        .unwrap();
    let noon = &newark[7];
    assert_eq!((noon.hour, noon.flights, noon.cancelled), (12, 20, 10));
    assert_close(noon.wind.unwrap(), 9.206_24);
}

#[tokio::test]
async fn busiest_routes() {
    let kennedy = flights().busiest_routes(Origin::Jfk, 9).await.unwrap();
    let codes: Vec<_> = kennedy.iter().map(|route| route.dest.as_str()).collect();
    let expected = [
        "LAX", "SFO", "BOS", "MCO", "SJU", "FLL", "LAS", "BUF", "MIA",
    ];
    assert_eq!(codes, expected);
    assert_eq!(kennedy[0].name.as_deref(), Some("Los Angeles Intl"));
    assert_eq!((kennedy[0].flights, kennedy[0].distance), (11_262, 2_475));
    assert_close(kennedy[0].mean_delay, -0.480_599);
    assert_eq!(kennedy[4].name, None);

    let la_guardia = flights().busiest_routes(Origin::Lga, 1).await.unwrap();
    assert_eq!(la_guardia.len(), 1);
    assert_eq!(
        (la_guardia[0].dest.as_str(), la_guardia[0].flights),
        ("ATL", 10_263)
    );
}

#[tokio::test]
async fn largest_carriers() {
    let all = flights().largest_carriers(None, 16).await.unwrap();
    assert_eq!(all.len(), 16);
    assert_eq!(all[0].name, "United Air Lines Inc.");
    assert_eq!((all[0].flights, all[0].cancelled), (58_665, 686));
    assert_eq!((all[0].arrivals, all[0].on_time), (57_782, 44_778));
    assert_close(all[0].mean_delay, 3.558_011);
    assert_eq!(all[11].name, "Alaska Airlines Inc.");
    assert_close(all[11].mean_delay, -9.930_889);

    for origin in Origin::ALL {
        let ten = flights().largest_carriers(Some(origin), 10).await.unwrap();
        assert_eq!(ten.len(), 10, "{origin}");
    }
}

#[tokio::test]
async fn skies() {
    let all = flights().skies(None).await.unwrap();
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

    let la_guardia = flights().skies(Some(Origin::Lga)).await.unwrap();
    assert_eq!(la_guardia.len(), 5);
    assert_close(la_guardia[2].mean_delay, 19.039_216);
}

#[tokio::test]
async fn planes_by_age() {
    let all = flights().planes_by_age(None).await.unwrap();
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

    let newark = flights().planes_by_age(Some(Origin::Ewr)).await.unwrap();
    assert_eq!((newark[5].planes, newark[5].flights), (108, 838));
    assert_close(newark[5].mean_delay, 10.213_135);
}

#[tokio::test]
async fn there_are_no_fuel_prices() {
    let error = flights().fuel_prices().await.unwrap_err();
    assert!(error.to_string().contains("no such table: fuel_prices"));
}
