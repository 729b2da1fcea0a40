//! A session at the desk of the demo, and notes for it to show, made as a visitor makes them. Both
//! lie in the database, so whoever has it knows them.

use crate::{Result, client::Connection, server::Server};

/// The account of the demo, which is no secret.
pub(super) const USER: &str = "dispatcher";
const PASSWORD: &str = "cleared-for-takeoff";

const NOTES: usize = 25;

/// What a visitor who is logged in sends.
pub(super) struct Session {
    /// The line of a head that has the cookie.
    pub(super) header: String,
    /// The same with another signature.
    pub(super) forged: String,
}

/// Logs in, and writes notes about flights all over the year.
pub(super) async fn open(server: &Server) -> Result<Session> {
    let login = format!("name={USER}&password={PASSWORD}");
    let connection = Connection::open(server.address).await?;
    let head = connection.post("/desk/login", &login).await?;
    let cookie = cookie(&head).ok_or_else(|| format!("no login: {head}"))?;
    let header = format!("cookie: {cookie}");
    for number in 1..=NOTES {
        let connection = Connection::open(server.address).await?.with(&header);
        let path = format!("/desk/flights/{}", number * 13_000);
        let form = format!("kind=delay&text={}", encoded(&note(number)));
        let head = connection.post(&path, &form).await?;
        if !head.starts_with("HTTP/1.1 303 ") {
            return Err(format!("no note: {head}").into());
        }
    }
    let forged = forged(&header);
    Ok(Session { header, forged })
}

/// The note that the desk shows first.
pub(super) fn newest_note() -> String {
    note(NOTES)
}

fn note(number: usize) -> String {
    format!("Note {number}: <de-icing> & a late crew")
}

/// The first cookie that a response sets, as `name=value`.
fn cookie(head: &str) -> Option<&str> {
    let set = head.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("set-cookie").then_some(value)
    })?;
    set.split(';').next()
}

/// A cookie whose signature, which stands first, is another.
fn forged(header: &str) -> String {
    let (name, value) = header.split_once('=').unwrap_or((header, ""));
    let other = if value.starts_with('A') { 'B' } else { 'A' };
    format!("{name}={other}{}", value.get(1..).unwrap_or_default())
}

/// `text` as a value of a form.
fn encoded(text: &str) -> String {
    let encoded = text.bytes().map(|byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    });
    encoded.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_taken_from_a_head() {
        let head = "HTTP/1.1 303 See Other\r\nSet-Cookie: desk=ab%3D; Path=/desk\r\n";
        assert_eq!(cookie(head), Some("desk=ab%3D"));
        assert_eq!(cookie("HTTP/1.1 200 OK\r\n"), None);
    }

    #[test]
    fn a_forged_cookie_differs_in_its_signature() {
        assert_eq!(forged("cookie: desk=Abc"), "cookie: desk=Bbc");
        assert_eq!(forged("cookie: desk=xbc"), "cookie: desk=Abc");
    }

    #[test]
    fn a_note_is_encoded_for_a_form() {
        assert_eq!(encoded("a <b> & 1"), "a%20%3Cb%3E%20%26%201");
    }
}
