//! S14: a signed cookie, tampered with: the session of the demo's desk.
//!
//! Whatever is changed in the cookie, its bearer is a visitor without a session: the desk sends
//! him to its login.

use std::collections::BTreeSet;
use std::io::Write;

use demo::db::{Db, Sqlite, Table};
use demo::desk::{PASSWORD, USER};
use flate2::Compression;
use flate2::write::GzEncoder;
use tempfile::TempDir;

use super::site::Caller;
use crate::client::Reply;
use crate::local::Local;
use crate::random::Random;
use crate::row::failed;
use crate::{Form, Outcome, Tried, check};

const TAMPERINGS: usize = 10_000;

const AIRLINES: &str = "carrier,name\nUA,United\n";
const FLIGHTS: &str = "\
year,month,day,dep_time,sched_dep_time,dep_delay,arr_time,sched_arr_time,arr_delay,carrier,flight,tailnum,origin,dest,air_time,distance,hour,minute,time_hour
2013,7,4,535,536,-1,802,806,-4,UA,1106,N87527,EWR,IAH,185,1400,5,36,2013-07-04T09:00:00Z
";

pub(super) async fn run(_: Form) -> Outcome {
    let place = TempDir::new().map_err(failed)?;
    let server = Local::start(demo::site(database(&place).await?)).await?;
    let mut caller = Caller::to(server.address);
    let [cookie, other] = [log_in(&mut caller).await?, log_in(&mut caller).await?];
    check!(cookie != other, "two sessions with one cookie");
    for valid in [&cookie, &other] {
        let desk = show(&mut caller, valid).await?;
        check!(
            desk.status() == 200,
            "with its own cookie: {}",
            desk.status()
        );
    }
    let tampered = tamperings(&cookie, &other);
    for cookie in &tampered {
        let reply = show(&mut caller, cookie).await?;
        let location = reply.head.header("location").unwrap_or_default();
        let login = reply.status() == 303 && location.starts_with("/desk/login");
        check!(
            login,
            "{cookie:?} is accepted: {} {location}",
            reply.status()
        );
    }
    let desk = show(&mut caller, &cookie).await?;
    check!(
        desk.status() == 200,
        "the session is gone: {}",
        desk.status()
    );
    Ok(format!("{} tampered cookies, 0 accepted", tampered.len()))
}

/// A database with one flight.
async fn database(place: &TempDir) -> Tried<Db> {
    let path = place.path().join("flights.sqlite");
    let gzip = |text: &str| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text.as_bytes())?;
        encoder.finish()
    };
    let (airlines, flights) = (
        gzip(AIRLINES).map_err(failed)?,
        gzip(FLIGHTS).map_err(failed)?,
    );
    let table = |name, gzip| Table {
        name,
        gzip,
        rows: 1,
    };
    let tables = [
        table("airlines", &airlines[..]),
        table("flights", &flights[..]),
    ];
    Sqlite::prepare(&path, &tables).map_err(failed)?;
    let store = Sqlite::connect(&path, 2).map_err(failed)?;
    Db::over(store).await.map_err(failed)
}

/// The value of the cookie of a new session.
async fn log_in(caller: &mut Caller) -> Tried<String> {
    let fields = "host: localhost\r\ncontent-type: application/x-www-form-urlencoded\r\n";
    let form = format!("name={USER}&password={PASSWORD}");
    let reply = caller.send("POST", "/desk/login", fields, &form).await?;
    let cookie = reply.head.header("set-cookie").unwrap_or_default();
    let value = cookie
        .strip_prefix("desk=")
        .and_then(|cookie| cookie.split(';').next());
    let value = value.ok_or_else(|| format!("no session: {} {cookie}", reply.status()))?;
    Ok(value.to_owned())
}

async fn show(caller: &mut Caller, cookie: &str) -> Tried<Reply> {
    caller
        .ask("GET", "/desk", &format!("cookie: desk={cookie}\r\n"))
        .await
}

/// Values that are not the cookie's, nor another spelling of it.
fn tamperings(cookie: &str, other: &str) -> Vec<String> {
    const LETTERS: &[u8] = b"ABCXYZabcxyz0189-_+/=.%~!*'()|{}<>@:?&# ";
    let mut random = Random::of_row("S14");
    let mut tampered = BTreeSet::new();
    let (at_most, bytes) = (cookie.len(), cookie.as_bytes());
    // Each end cut off, each half with the other session's, each byte as every other.
    for at in 0..at_most {
        tampered.insert(cookie[..at].to_owned());
        tampered.insert(cookie[at..].to_owned());
        // What has to be encoded makes one longer than the other.
        let there = at.min(other.len());
        tampered.insert(format!("{}{}", &cookie[..at], &other[there..]));
        tampered.insert(format!("{}{}", &other[..there], &cookie[at..]));
        for &letter in LETTERS {
            let mut changed = bytes.to_vec();
            changed[at] = letter;
            tampered.extend(String::from_utf8(changed));
            let mut longer = bytes.to_vec();
            longer.insert(at, letter);
            tampered.extend(String::from_utf8(longer));
        }
    }
    // Several changes at once.
    while tampered.len() < TAMPERINGS + 500 {
        let mut changed = bytes.to_vec();
        for _ in 0..=random.below(6) {
            let at = random.below(changed.len());
            match random.below(4) {
                0 => changed[at] = *random.pick(LETTERS),
                1 => changed.insert(at, *random.pick(LETTERS)),
                2 if changed.len() > 1 => drop(changed.remove(at)),
                _ => changed.rotate_left(at),
            }
        }
        tampered.extend(String::from_utf8(changed));
    }
    let same = |value: &String| {
        let value = plain(value);
        value == plain(cookie) || value == plain(other)
    };
    let mut tampered: Vec<_> = tampered.into_iter().filter(|value| !same(value)).collect();
    random.shuffle(&mut tampered);
    tampered.truncate(TAMPERINGS);
    tampered
}

/// A value as cookies are read: decoded, without the spaces around it.
fn plain(value: &str) -> Vec<u8> {
    let mut plain = Vec::new();
    let mut rest = value.trim().as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let code = after
            .get(..2)
            .and_then(|digits| str::from_utf8(digits).ok());
        let code = code.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match code.filter(|_| byte == b'%') {
            Some(decoded) => {
                plain.push(decoded);
                rest = &after[2..];
            }
            None => {
                plain.push(byte);
                rest = after;
            }
        }
    }
    plain
}
