//! Every example is started and asked, as its reader would.

#![expect(clippy::unwrap_used, reason = "in a test, a panic is the failure")]

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

/// An example that is running. It ends when this is dropped.
struct Example {
    process: Child,
    address: String,
}

/// An answer, with its body in the chunks in which it was sent.
struct Answer {
    head: String,
    chunks: Vec<String>,
}

impl Example {
    fn start(program: &str) -> Self {
        let mut process = Command::new(program)
            .env("ADDRESS", "127.0.0.1:0")
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut log = BufReader::new(process.stderr.take().unwrap());
        log.read_line(&mut line).unwrap();
        // From here on nobody reads its log, which must harm no page.
        let address = line.trim().strip_prefix("Listening on http://").unwrap();
        let address = address.to_owned();
        Self { process, address }
    }

    fn get(&self, path: &str) -> Answer {
        self.ask(&format!("GET {path} HTTP/1.1\r\n"), "")
    }

    fn post(&self, path: &str, form: &str) -> Answer {
        let kind = "Content-Type: application/x-www-form-urlencoded";
        let length = form.len();
        let head = format!("POST {path} HTTP/1.1\r\n{kind}\r\nContent-Length: {length}\r\n");
        self.ask(&head, form)
    }

    fn ask(&self, head: &str, body: &str) -> Answer {
        let mut socket = TcpStream::connect(&self.address).unwrap();
        let close = "Host: localhost\r\nConnection: close\r\n\r\n";
        write!(socket, "{head}{close}{body}").unwrap();
        Answer::read(&mut BufReader::new(socket))
    }
}

impl Drop for Example {
    fn drop(&mut self) {
        // It may have ended by itself, which the test has noticed already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Answer {
    fn read(from: &mut impl BufRead) -> Self {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(from.read_line(&mut head).unwrap(), 0, "cut: {head}");
        }
        let mut chunks = Vec::new();
        if !head.contains("transfer-encoding: chunked") {
            let mut body = String::new();
            from.read_to_string(&mut body).unwrap();
            chunks.push(body);
            return Self { head, chunks };
        }
        loop {
            let mut size = String::new();
            from.read_line(&mut size).unwrap();
            let size = usize::from_str_radix(size.trim(), 16).unwrap();
            let mut chunk = vec![0; size + "\r\n".len()];
            from.read_exact(&mut chunk).unwrap();
            if size == 0 {
                return Self { head, chunks };
            }
            chunks.push(String::from_utf8(chunk).unwrap());
        }
    }

    fn status(&self) -> u16 {
        self.head[9..12].parse().unwrap()
    }

    /// Asserts that the shell has the first text and not the others, which follow in this order.
    #[track_caller]
    fn streams(&self, loading: &str, texts: &[&str]) {
        assert_eq!(self.status(), 200);
        let shell = &self.chunks[0];
        assert!(shell.contains(loading), "no {loading:?} in {shell}");
        let mut rest: &str = &self.chunks[1..].concat();
        for text in texts {
            assert!(!shell.contains(text), "{text:?} is in {shell}");
            let at = rest.find(text);
            let at = at.unwrap_or_else(|| panic!("no {text:?} in {rest}"));
            rest = &rest[at..];
        }
    }

    #[track_caller]
    fn shows(&self, status: u16, text: &str) {
        assert_eq!(self.status(), status);
        let body = self.chunks.concat();
        assert!(body.contains(text), "no {text:?} in {body}");
    }
}

#[test]
fn plain_axum() {
    let example = Example::start(env!("CARGO_BIN_EXE_plain_axum"));
    example.get("/").streams("Counting…", &["1,024 visits"]);
    example.get("/health").shows(200, "ok");
}

#[test]
fn nested_boundaries() {
    let example = Example::start(env!("CARGO_BIN_EXE_nested_boundaries"));
    let rows = ["<table>", "Fair over JFK", "Fair over LGA", "Fair over EWR"];
    example.get("/").streams("Asking for airports…", &rows);
}

#[test]
fn shared_futures() {
    let example = Example::start(env!("CARGO_BIN_EXE_shared_futures"));
    let parts = [
        "Longest: 44 min",
        "Mean: 16 min",
        "take the train (1 queries",
    ];
    example.get("/").streams("Adding up…", &parts);
}

#[test]
fn errors_and_deadlines() {
    let example = Example::start(env!("CARGO_BIN_EXE_errors_and_deadlines"));
    let parts = ["Not today", "Not today", "All is well", "slow today"];
    example.get("/").streams("…", &parts);
    example.get("/airports/JFK").shows(200, "John F. Kennedy");
    assert_eq!(example.get("/airports/XXX").status(), 404);
}

#[test]
fn form() {
    let example = Example::start(env!("CARGO_BIN_EXE_form"));
    example.get("/").shows(200, "name=\"text\"");
    let empty = example.post("/", "text=&minutes=5");
    empty.shows(422, "Write something.");
    empty.shows(422, "value=\"5\"");
    let letters = example.post("/", "text=Hello&minutes=many");
    letters.shows(422, "value=\"Hello\"");
    letters.shows(422, "value=\"many\"");
    let right = example.post("/", "text=Hello&minutes=5");
    assert_eq!(right.status(), 303);
    assert!(right.head.contains("location: /thanks"), "{}", right.head);
}

#[test]
fn session() {
    let example = Example::start(env!("CARGO_BIN_EXE_session"));
    assert_eq!(example.get("/desk").status(), 303);
    let login = example.post("/login", "name=Ada");
    let cookie = login.head.split("set-cookie: ").nth(1).unwrap();
    let cookie = cookie.split(';').next().unwrap();
    let desk =
        |cookie: &str| example.ask(&format!("GET /desk HTTP/1.1\r\nCookie: {cookie}\r\n"), "");
    desk(cookie).streams("You are Ada.", &["No mail for Ada."]);
    assert_eq!(desk(&cookie.replace("Ada", "Eve")).status(), 303);
}

#[test]
fn markdown() {
    let example = Example::start(env!("CARGO_BIN_EXE_markdown"));
    let page = example.get("/");
    page.streams(
        "Three comments.",
        &["<strong>Nice</strong>", "Watch this", "I closed"],
    );
    let comments = page.chunks[1..].concat();
    assert!(!comments.contains("gotcha") && !comments.contains("onerror"));
}

#[test]
fn testing_a_page() {
    let example = Example::start(env!("CARGO_BIN_EXE_testing_a_page"));
    let parts = ["12 sales", "1,024 visits"];
    example.get("/").streams("Counting…", &parts);
}

#[test]
fn behind_nginx() {
    let example = Example::start(env!("CARGO_BIN_EXE_behind_nginx"));
    let page = example.ask("GET / HTTP/1.1\r\nX-Real-IP: 192.0.2.7\r\n", "");
    page.streams("One moment…", &["Hello, 192.0.2.7."]);
    assert!(page.head.contains("x-accel-buffering: no"), "{}", page.head);
}

#[test]
fn live_updates() {
    let mut example = Example::start(env!("CARGO_BIN_EXE_live_updates"));
    example.get("/").shows(200, "since this program began");
    example.get("/live.js").shows(200, "new EventSource");
    let mut socket = TcpStream::connect(&example.address).unwrap();
    socket
        .write_all(b"GET /departures HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .unwrap();
    let mut lines = BufReader::new(socket).lines().map(Result::unwrap);
    assert!(lines.any(|line| line.starts_with("data: ")), "no event");
    let stop = format!("kill -TERM {}", example.process.id());
    assert!(
        Command::new("sh")
            .args(["-c", &stop])
            .status()
            .unwrap()
            .success()
    );
    // It ends in full, and the program with it, long before the drain deadline.
    let rest: Vec<_> = lines.collect();
    assert!(rest.ends_with(&["0".to_owned(), String::new()]), "{rest:?}");
    assert!(example.process.wait().unwrap().success());
}
