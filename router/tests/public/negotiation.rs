//! Variants, conditions and ranges: what RFC 9110 says.

use http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE,
    ETAG, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE, RANGE, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, Method};

use crate::support::{AFTER, BEFORE, CHANGED, CSS, body, etag, get, header, headers, sources};

#[tokio::test]
async fn the_best_variant_goes_out() {
    let (_guard, sources) = sources();
    for (public, _) in &sources {
        let mut etags = vec![etag(public, "/site.css", &[]).await];
        for (accept, coding, content) in [
            ("gzip", "gzip", &b"gzip"[..]),
            ("gzip, deflate, br, zstd", "br", b"brotli"),
            ("br;q=0.1, gzip", "gzip", b"gzip"),
            ("br;q=0, *", "gzip", b"gzip"),
            ("zstd", "", CSS),
            ("identity", "", CSS),
            ("gzip;q=0", "", CSS),
            ("nonsense;;q", "", CSS),
        ] {
            let list = [(ACCEPT_ENCODING, accept)];
            let response = get(public, "/site.css", &list).await.unwrap();
            assert_eq!(header(&response, &CONTENT_ENCODING), coding, "{accept}");
            assert_eq!(header(&response, &CONTENT_TYPE), "text/css; charset=utf-8");
            assert_eq!(
                header(&response, &CONTENT_LENGTH),
                content.len().to_string()
            );
            assert_eq!(header(&response, &VARY), "accept-encoding");
            etags.push(header(&response, &ETAG).to_owned());
            assert_eq!(body(response).await, content, "{accept}");
        }
        etags.sort();
        etags.dedup();
        assert_eq!(etags.len(), 3, "each variant is something else: {etags:?}");
        let list = [(ACCEPT_ENCODING, "br"), (RANGE, "bytes=1-2")];
        let response = get(public, "/site.css", &list).await.unwrap();
        assert_eq!(header(&response, &CONTENT_RANGE), "bytes 1-2/6");
        assert_eq!(body(response).await, b"ro");
        // A variant is a variant of something.
        assert!(get(public, "/none.css", &list).await.is_none());
    }
}

#[tokio::test]
async fn conditions_are_answered_as_rfc_9110_says() {
    let (_guard, sources) = sources();
    for (public, dated) in &sources {
        let dated = *dated;
        let etag = etag(public, "/site.css", &[]).await;
        let weak = format!("W/{etag}");
        let list = format!("\"a,b\" , {weak},\"c\"");
        let by_date = |status: u16| if dated { status } else { 200 };
        for (conditions, status) in [
            (&[(IF_NONE_MATCH, etag.as_str())][..], 304),
            (&[(IF_NONE_MATCH, &weak)], 304),
            (&[(IF_NONE_MATCH, &list)], 304),
            (&[(IF_NONE_MATCH, "*")], 304),
            (&[(IF_NONE_MATCH, "\"x\""), (IF_NONE_MATCH, &etag)], 304),
            (&[(IF_NONE_MATCH, "\"x\"")], 200),
            (&[(IF_NONE_MATCH, "")], 200),
            (&[(IF_NONE_MATCH, etag.trim_matches('"'))], 200),
            (&[(IF_MODIFIED_SINCE, CHANGED)], by_date(304)),
            (&[(IF_MODIFIED_SINCE, AFTER)], by_date(304)),
            (&[(IF_MODIFIED_SINCE, BEFORE)], 200),
            (
                &[(IF_MODIFIED_SINCE, "Sunday, 01-Nov-26 12:00:00 GMT")],
                by_date(304),
            ),
            (&[(IF_MODIFIED_SINCE, "yesterday")], 200),
            (&[(IF_NONE_MATCH, "\"x\""), (IF_MODIFIED_SINCE, AFTER)], 200),
            (&[(IF_NONE_MATCH, &etag), (IF_MODIFIED_SINCE, BEFORE)], 304),
            (&[(IF_MATCH, &etag)], 200),
            (&[(IF_MATCH, "*")], 200),
            (&[(IF_MATCH, "\"x\""), (IF_MATCH, &etag)], 200),
            (&[(IF_MATCH, &weak)], 412),
            (&[(IF_MATCH, "\"x\"")], 412),
            (&[(IF_MATCH, "\"x\""), (IF_NONE_MATCH, &etag)], 412),
            (&[(IF_MATCH, &etag), (IF_NONE_MATCH, &etag)], 304),
            (&[(IF_UNMODIFIED_SINCE, CHANGED)], 200),
            (&[(IF_UNMODIFIED_SINCE, AFTER)], 200),
            (&[(IF_UNMODIFIED_SINCE, BEFORE)], by_date(412)),
            (&[(IF_UNMODIFIED_SINCE, "x")], 200),
            (&[(IF_MATCH, &etag), (IF_UNMODIFIED_SINCE, BEFORE)], 200),
            (&[(RANGE, "bytes=0-1"), (IF_NONE_MATCH, &etag)], 304),
            (&[(RANGE, "bytes=99-"), (IF_NONE_MATCH, &etag)], 304),
            (&[(RANGE, "bytes=0-1"), (IF_MATCH, "\"x\"")], 412),
        ] {
            let mut headers = HeaderMap::new();
            for (name, value) in conditions {
                headers.append(name, value.parse().unwrap());
            }
            for method in [Method::GET, Method::HEAD] {
                let response = public.answer(&method, "/site.css", &headers).await.unwrap();
                assert_eq!(response.status(), status, "{conditions:?}, dated: {dated}");
                if status == 304 {
                    assert_eq!(header(&response, &ETAG), etag);
                    assert_eq!(header(&response, &VARY), "accept-encoding");
                    assert!(header(&response, &CACHE_CONTROL).starts_with("public"));
                    assert_eq!(header(&response, &CONTENT_LENGTH), "");
                }
                if status != 200 {
                    assert_eq!(body(response).await, b"");
                }
            }
        }
    }
}

#[tokio::test]
async fn ranges_are_answered_as_rfc_9110_says() {
    let (_guard, sources) = sources();
    for (public, dated) in &sources {
        let etag = etag(public, "/site.css", &[]).await;
        let weak = format!("W/{etag}");
        let by_date = if *dated { 206 } else { 200 };
        for (range, condition, status, content_range, content) in [
            ("bytes=0-0", "", 206, "bytes 0-0/10", "0"),
            ("bytes=2-4", "", 206, "bytes 2-4/10", "234"),
            ("bytes=7-", "", 206, "bytes 7-9/10", "789"),
            ("bytes=-3", "", 206, "bytes 7-9/10", "789"),
            ("bytes=0-", "", 206, "bytes 0-9/10", "0123456789"),
            ("bytes=5-999", "", 206, "bytes 5-9/10", "56789"),
            ("bytes=10-", "", 416, "bytes */10", ""),
            ("bytes=-0", "", 416, "bytes */10", ""),
            ("bytes=4-2", "", 200, "", "0123456789"),
            ("bytes=0-1,3-4", "", 200, "", "0123456789"),
            ("lines=1-2", "", 200, "", "0123456789"),
            ("x", "", 200, "", "0123456789"),
            ("bytes=2-4", &etag, 206, "bytes 2-4/10", "234"),
            ("bytes=2-4", &weak, 200, "", "0123456789"),
            ("bytes=2-4", "\"x\"", 200, "", "0123456789"),
            ("bytes=99-", "\"x\"", 200, "", "0123456789"),
            ("bytes=2-4", BEFORE, 200, "", "0123456789"),
            ("bytes=2-4", AFTER, 200, "", "0123456789"),
            ("bytes=2-4", "x", 200, "", "0123456789"),
        ] {
            let mut list = vec![(RANGE, range)];
            if !condition.is_empty() {
                list.push((IF_RANGE, condition));
            }
            let response = get(public, "/site.css", &list).await.unwrap();
            assert_eq!(response.status(), status, "{list:?}");
            assert_eq!(header(&response, &CONTENT_RANGE), content_range, "{list:?}");
            assert_eq!(header(&response, &X_CONTENT_TYPE_OPTIONS), "nosniff");
            if status != 416 {
                let length = content.len().to_string();
                assert_eq!(header(&response, &CONTENT_LENGTH), length, "{list:?}");
                assert_eq!(header(&response, &ETAG), etag);
            }
            assert_eq!(body(response).await, content.as_bytes(), "{list:?}");
        }
        let list = [(RANGE, "bytes=2-4"), (IF_RANGE, CHANGED)];
        let response = get(public, "/site.css", &list).await.unwrap();
        assert_eq!(response.status(), by_date);
        let head = public
            .answer(&Method::HEAD, "/site.css", &headers(&list[..1]))
            .await
            .unwrap();
        assert_eq!(
            (head.status().as_u16(), header(&head, &CONTENT_LENGTH)),
            (200, "10")
        );
        let empty = get(public, "/empty.txt", &[(RANGE, "bytes=0-")])
            .await
            .unwrap();
        assert_eq!(
            (empty.status().as_u16(), header(&empty, &CONTENT_RANGE)),
            (416, "bytes */0")
        );
    }
}
