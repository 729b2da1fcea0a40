//! S9: conditional and range requests for a static file, as RFC 9110 has them; malformed ones too.

use std::fs::File;
use std::time::{Duration, SystemTime};

use super::site::{Caller, Site};
use crate::client::Reply;
use crate::row::failed;
use crate::{Form, Outcome, Tried, check};

const TEXT: &str = "0123456789";
const PATH: &str = "/digits.txt";

/// 2026-11-01 12:00:00 UTC, in seconds since 1970, and as HTTP writes it.
const CHANGED: u64 = 1_793_534_400;
const AT: &str = "Sun, 01 Nov 2026 12:00:00 GMT";
const BEFORE: &str = "Sun, 01 Nov 2026 11:59:59 GMT";
const AFTER: &str = "Sun, 01 Nov 2026 12:00:01 GMT";

/// Fields, and the status they bring. `TAG` stands for the file's tag.
#[rustfmt::skip]
const CONDITIONS: &[(&[(&str, &str)], u16)] = &[
    // 13.1.2, compared weakly
    (&[("if-none-match", "TAG")], 304),
    (&[("if-none-match", "W/TAG")], 304),
    (&[("if-none-match", "\"a,b\" , W/TAG,\"c\"")], 304),
    (&[("if-none-match", "\"x\",,TAG")], 304),
    (&[("if-none-match", "*")], 304),
    (&[("if-none-match", "\"x\""), ("if-none-match", "TAG")], 304),
    (&[("if-none-match", "\"x\"")], 200),
    (&[("if-none-match", "")], 200),
    (&[("if-none-match", "x")], 200),
    (&[("if-none-match", "\"TAG\"")], 200),
    (&[("if-none-match", "\"")], 200),
    (&[("if-none-match", "w/TAG")], 200),
    (&[("if-none-match", "\u{e9}")], 200),
    // 13.1.3, without If-None-Match only
    (&[("if-modified-since", AT)], 304),
    (&[("if-modified-since", AFTER)], 304),
    (&[("if-modified-since", BEFORE)], 200),
    (&[("if-modified-since", "Sunday, 01-Nov-26 12:00:00 GMT")], 304),
    (&[("if-modified-since", "Sun Nov  1 12:00:00 2026")], 304),
    (&[("if-modified-since", "yesterday")], 200),
    (&[("if-modified-since", "1793534400")], 200),
    (&[("if-modified-since", "Sun, 31 Feb 2027 12:00:00 GMT")], 200),
    (&[("if-modified-since", "Sun, 01 Nov 2026 25:00:00 GMT")], 200),
    (&[("if-modified-since", "Sun, 01 Nov 99999 12:00:00 GMT")], 200),
    (&[("if-none-match", "\"x\""), ("if-modified-since", AFTER)], 200),
    (&[("if-none-match", "TAG"), ("if-modified-since", BEFORE)], 304),
    // 13.1.1, compared strongly
    (&[("if-match", "TAG")], 200),
    (&[("if-match", "*")], 200),
    (&[("if-match", "\"x\", TAG")], 200),
    (&[("if-match", "W/TAG")], 412),
    (&[("if-match", "\"x\"")], 412),
    (&[("if-match", "")], 412),
    (&[("if-match", "\"x\""), ("if-none-match", "TAG")], 412),
    (&[("if-match", "TAG"), ("if-none-match", "TAG")], 304),
    // 13.1.4, without If-Match only
    (&[("if-unmodified-since", AT)], 200),
    (&[("if-unmodified-since", AFTER)], 200),
    (&[("if-unmodified-since", BEFORE)], 412),
    (&[("if-unmodified-since", "x")], 200),
    (&[("if-match", "TAG"), ("if-unmodified-since", BEFORE)], 200),
    // 13.2.2, before the range
    (&[("range", "bytes=0-1"), ("if-none-match", "TAG")], 304),
    (&[("range", "bytes=99-"), ("if-none-match", "TAG")], 304),
    (&[("range", "bytes=0-1"), ("if-match", "\"x\"")], 412),
];

/// A range, what If-Range says, the status, `Content-Range`, and the bytes.
#[rustfmt::skip]
const RANGES: &[(&str, &str, u16, &str, &str)] = &[
    ("bytes=0-0",   "", 206, "bytes 0-0/10", "0"),
    ("bytes=2-4",   "", 206, "bytes 2-4/10", "234"),
    ("bytes=9-9",   "", 206, "bytes 9-9/10", "9"),
    ("bytes=7-",    "", 206, "bytes 7-9/10", "789"),
    ("bytes=-3",    "", 206, "bytes 7-9/10", "789"),
    ("bytes=-99",   "", 206, "bytes 0-9/10", TEXT),
    ("bytes=0-",    "", 206, "bytes 0-9/10", TEXT),
    ("bytes=5-999", "", 206, "bytes 5-9/10", "56789"),
    ("BYTES=2-4",   "", 206, "bytes 2-4/10", "234"),
    ("bytes=2-18446744073709551615", "", 206, "bytes 2-9/10", "23456789"),
    ("bytes=2-99999999999999999999999999", "", 206, "bytes 2-9/10", "23456789"),
    ("bytes=10-",   "", 416, "bytes */10", ""),
    ("bytes=10-20", "", 416, "bytes */10", ""),
    ("bytes=-0",    "", 416, "bytes */10", ""),
    ("bytes=18446744073709551615-", "", 416, "bytes */10", ""),
    ("bytes=99999999999999999999999999-", "", 416, "bytes */10", ""),
    // What is no range, or more than one, is not looked at: 14.2.
    ("bytes=4-2",   "", 200, "", TEXT),
    ("bytes=0-1,3-4", "", 200, "", TEXT),
    ("bytes=0-1,-1", "", 200, "", TEXT),
    ("bytes=",      "", 200, "", TEXT),
    ("bytes=-",     "", 200, "", TEXT),
    ("bytes",       "", 200, "", TEXT),
    ("bytes=a-b",   "", 200, "", TEXT),
    ("bytes=+1-2",  "", 200, "", TEXT),
    ("bytes=1--2",  "", 200, "", TEXT),
    ("bytes=0x0-2", "", 200, "", TEXT),
    ("bytes=1.5-2", "", 200, "", TEXT),
    ("bytes=\u{661}-2", "", 200, "", TEXT),
    ("lines=1-2",   "", 200, "", TEXT),
    ("=1-2",        "", 200, "", TEXT),
    ("",            "", 200, "", TEXT),
    // 13.1.5: the tag compared strongly, or the exact date.
    ("bytes=2-4", "TAG",   206, "bytes 2-4/10", "234"),
    ("bytes=2-4", AT,      206, "bytes 2-4/10", "234"),
    ("bytes=2-4", "W/TAG", 200, "", TEXT),
    ("bytes=2-4", "\"x\"", 200, "", TEXT),
    ("bytes=2-4", BEFORE,  200, "", TEXT),
    ("bytes=2-4", AFTER,   200, "", TEXT),
    ("bytes=2-4", "x",     200, "", TEXT),
    ("bytes=99-", "\"x\"", 200, "", TEXT),
];

pub(super) async fn run(_: Form) -> Outcome {
    let site = Site::start(&[("public/digits.txt", TEXT), ("public/empty.txt", "")]).await?;
    let file = File::options()
        .append(true)
        .open(site.path("public/digits.txt"));
    let changed = SystemTime::UNIX_EPOCH + Duration::from_secs(CHANGED);
    file.and_then(|file| file.set_modified(changed))
        .map_err(failed)?;

    let mut caller = Caller::new(&site);
    let plain = caller.ask("GET", PATH, "").await?.expect(200)?;
    let header = |name: &str| plain.head.header(name).unwrap_or_default().to_owned();
    let tag = header("etag");
    check!(
        tag.starts_with('"') && tag.len() > 8,
        "no strong tag: {tag}"
    );
    check!(header("last-modified") == AT, "{}", header("last-modified"));
    check!(
        header("accept-ranges") == "bytes",
        "{}",
        header("accept-ranges")
    );

    for (fields, status) in CONDITIONS {
        for method in ["GET", "HEAD"] {
            condition(&mut caller, method, &lines(fields, &tag), *status, &tag).await?;
        }
    }
    for (range, condition, status, content_range, text) in RANGES {
        let mut fields = vec![("range", *range)];
        fields.extend((!condition.is_empty()).then_some(("if-range", *condition)));
        let fields = lines(&fields, &tag);
        let reply = caller.ask("GET", PATH, &fields).await?;
        let found = (reply.status(), field(&reply, "content-range"), reply.text());
        let expected = (*status, *content_range, (*text).to_owned());
        check!(
            found == expected,
            "{fields}: {found:?} instead of {expected:?}"
        );
        // HEAD asks about the file, and a range is for GET.
        let head = caller.ask("HEAD", PATH, &fields).await?;
        let length = field(&head, "content-length");
        check!(
            (head.status(), length) == (200, "10"),
            "HEAD with {fields}: {length}"
        );
    }
    let empty = caller
        .ask("GET", "/empty.txt", "range: bytes=0-\r\n")
        .await?;
    check!(
        empty.status() == 416,
        "of an empty file: {}",
        empty.status()
    );
    Ok(format!(
        "{} conditions with GET and HEAD, {} ranges: status, bytes and fields as in RFC 9110",
        CONDITIONS.len(),
        RANGES.len()
    ))
}

async fn condition(
    caller: &mut Caller,
    method: &str,
    fields: &str,
    status: u16,
    tag: &str,
) -> Tried {
    let reply = caller.ask(method, PATH, fields).await?;
    let found = reply.status();
    check!(
        found == status,
        "{method} with {fields}: {found} instead of {status}"
    );
    let text = if (method, status) == ("GET", 200) {
        TEXT
    } else {
        ""
    };
    check!(
        reply.text() == text,
        "{method} with {fields}: {}",
        reply.text()
    );
    if status == 304 {
        // What a 304 says of the file, and what it must not: 15.4.5.
        for (name, value) in [("etag", tag), ("content-length", ""), ("content-type", "")] {
            let found = field(&reply, name);
            check!(
                found == value,
                "{method} with {fields}: {name} of a 304 is {found:?}"
            );
        }
        let kept = field(&reply, "cache-control");
        check!(
            kept.starts_with("public"),
            "{fields}: cache-control of a 304: {kept}"
        );
        check!(
            field(&reply, "vary").contains("accept-encoding"),
            "{fields}: vary of a 304"
        );
    }
    Ok(())
}

fn lines(fields: &[(&str, &str)], tag: &str) -> String {
    let line = |(name, value): &(&str, &str)| format!("{name}: {}\r\n", value.replace("TAG", tag));
    fields.iter().map(line).collect()
}

fn field<'r>(reply: &'r Reply, name: &str) -> &'r str {
    reply.head.header(name).unwrap_or_default()
}
