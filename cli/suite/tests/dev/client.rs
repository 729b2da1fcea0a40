//! A client that reads as bytes come.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

use serde_json::Value;

use crate::run::LONG;

/// A response while it comes.
pub(crate) struct Client {
    pub(crate) status: u16,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    reader: BufReader<TcpStream>,
    received: String,
}

impl Client {
    pub(crate) fn get(address: &str, path: &str, headers: &[(&str, &str)]) -> Self {
        Self::send(address, &format!("GET {path}"), headers, "")
    }

    pub(crate) fn post(address: &str, path: &str, body: &str) -> Self {
        Self::send(address, &format!("POST {path}"), &[], body)
    }

    /// Sends a request and waits for the head of its response.
    pub(crate) fn send(address: &str, what: &str, headers: &[(&str, &str)], body: &str) -> Self {
        Self::begin(address, what, headers, body).expect("an answer")
    }

    /// The same; none if the connection ends without one.
    pub(crate) fn begin(
        address: &str,
        what: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Option<Self> {
        let stream = TcpStream::connect(address).ok()?;
        stream.set_read_timeout(Some(LONG)).unwrap();
        let own_host = headers.iter().all(|(name, _)| *name != "Host");
        let host = own_host.then_some(("Host", address));
        let headers = headers.iter().copied().chain(host);
        let headers: String = headers
            .map(|(name, value)| format!("{name}: {value}\r\n"))
            .collect();
        let length = body.len();
        write!(
            &stream,
            "{what} HTTP/1.1\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        )
        .ok()?;
        let mut reader = BufReader::new(stream);
        let mut line = || {
            let mut line = String::new();
            reader.read_line(&mut line).ok()?;
            Some(line.trim_end().to_owned())
        };
        let status = line()?.split(' ').nth(1)?.parse().ok()?;
        let mut headers = Vec::new();
        loop {
            let line = line()?;
            let Some((name, value)) = line.split_once(": ") else {
                break;
            };
            headers.push((name.to_ascii_lowercase(), value.to_owned()));
        }
        Some(Self {
            status,
            headers,
            reader,
            received: String::new(),
        })
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers.find_map(|(one, value)| (one == name).then_some(&**value))
    }

    /// Reads until a text has come. Returns all that has come of the body.
    pub(crate) fn until(&mut self, text: &str) -> &str {
        while !self.received.contains(text) {
            let mut byte = [0];
            let read = self.reader.read(&mut byte).unwrap();
            assert_ne!(read, 0, "the body ends without {text:?}: {}", self.received);
            self.received.push(char::from(byte[0]));
        }
        &self.received
    }

    /// Everything to the end, chunk sizes too.
    pub(crate) fn whole(mut self) -> String {
        self.reader.read_to_string(&mut self.received).unwrap();
        self.received
    }
}

/// What a page hears.
pub(crate) struct Events(Client);

impl Events {
    pub(crate) fn open(address: &str) -> Self {
        let headers = [("Sec-Fetch-Site", "same-origin")];
        let client = Client::get(address, "/_anabranch/events", &headers);
        assert_eq!(client.status, 200);
        Self(client)
    }

    /// The next state.
    pub(crate) fn next(&mut self) -> Value {
        self.0.until("data: ");
        self.0.received.clear();
        let state = self.0.until("\n\n").trim_end().to_owned();
        self.0.received.clear();
        serde_json::from_str(&state).unwrap_or_else(|error| panic!("{error}: {state}"))
    }

    /// The first state of which something is true.
    pub(crate) fn until(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        loop {
            let state = self.next();
            if wanted(&state) {
                return state;
            }
        }
    }
}
