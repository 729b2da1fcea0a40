//! Without a session, nothing of the desk is reached: however its path is spelt.

use axum::body::Body;
use axum::http::{Method, Request};

use crate::small::Small;
use crate::visitor::Visitor;

async fn nobody() -> (Small, Visitor) {
    let small = Small::new().await;
    let visitor = Visitor::new(demo::site(small.db().await));
    (small, visitor)
}

#[tokio::test]
async fn every_path_of_the_desk_leads_to_the_login() {
    let (_small, mut nobody) = nobody().await;
    let paths = [
        ("/desk", "%2Fdesk"),
        (
            "/desk?date=2013-07-04&flight=UA+1106",
            "%2Fdesk%3Fdate%3D2013-07-04%26flight%3DUA%2B1106",
        ),
        ("/desk/flights/1", "%2Fdesk%2Fflights%2F1"),
        ("/desk/flights/99", "%2Fdesk%2Fflights%2F99"),
        ("/desk/flights/x", "%2Fdesk%2Fflights%2Fx"),
        ("/desk/notes/1", "%2Fdesk%2Fnotes%2F1"),
        ("/desk/notes/1/delete", "%2Fdesk%2Fnotes%2F1%2Fdelete"),
        ("/desk/logout", "%2Fdesk%2Flogout"),
        ("/desk/nowhere", "%2Fdesk%2Fnowhere"),
        ("/desk/no/where/at/all", "%2Fdesk%2Fno%2Fwhere%2Fat%2Fall"),
        ("/desk/login/more", "%2Fdesk%2Flogin%2Fmore"),
        ("/desk/Login", "%2Fdesk%2FLogin"),
        ("/desk/icon.svg", "%2Fdesk%2Ficon.svg"),
    ];
    for (path, next) in paths {
        nobody
            .get(path)
            .await
            .leads_to(&format!("/desk/login?next={next}"));
    }
}

#[tokio::test]
async fn other_methods_are_guarded_too() {
    let (_small, mut nobody) = nobody().await;
    for method in ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"] {
        for (path, next) in [
            ("/desk", "%2Fdesk"),
            ("/desk/flights/1", "%2Fdesk%2Fflights%2F1"),
            ("/desk/notes/1/delete", "%2Fdesk%2Fnotes%2F1%2Fdelete"),
            ("/desk/nowhere", "%2Fdesk%2Fnowhere"),
        ] {
            let request = Request::builder()
                .method(Method::from_bytes(method.as_bytes()).unwrap())
                .uri(path)
                .header("sec-fetch-site", "same-origin")
                .body(Body::empty())
                .unwrap();
            let login = format!("/desk/login?next={next}");
            nobody.send(request).await.leads_to(&login);
        }
    }
}

/// Each way to write a path of the desk is answered by the guard, leads to a way that is, or
/// leads nowhere: none shows a page of the desk.
#[tokio::test]
async fn no_spelling_leads_past_the_guard() {
    let (_small, mut nobody) = nobody().await;
    let names = [
        "desk",
        "%64esk",
        "d%65sk",
        "%64%65%73%6b",
        "%64%65%73%6B",
        "Desk",
        "DESK",
        "desk%00",
        "desk%20",
        "desk;a=b",
        "desk%2f",
        "desk%2F",
        "desk%5c",
        ".%2fdesk",
        "desk.",
        "desk..",
    ];
    let before = [
        "/",
        "//",
        "/./",
        "/x/../",
        "/%2e/",
        "/x/%2e%2e/",
        "/.%2e/",
        "///",
        "/%2f",
    ];
    let after = [
        "/flights/1",
        "/flights/1/",
        "//flights/1",
        "/./flights/1",
        "/flights//1",
        "/login/../flights/1",
        "/login/%2e%2e/flights/1",
        "/login%2f..%2fflights/1",
        "/login/..;/flights/1",
        "/flights/%31",
        "/%66lights/1",
        "/flights/1?next=/desk/login",
        "/flights/1%3f",
        "",
        "/",
        "?x",
    ];
    let mut asked = 0;
    for name in names {
        for before in before {
            for after in after {
                let path = format!("{before}{name}{after}");
                let answer = nobody.get(&path).await;
                let text = &answer.text;
                assert!(
                    !text.contains("Add a note") && !text.contains("Newest notes"),
                    "{path}"
                );
                match answer.status.as_u16() {
                    303 => assert!(
                        answer.location.unwrap().starts_with("/desk/login"),
                        "{path}"
                    ),
                    308 => {
                        let location = answer.location.unwrap();
                        assert!(
                            location.starts_with('/') && !location.starts_with("//"),
                            "{path}"
                        );
                        let text = nobody.get(&location).await.text;
                        assert!(!text.contains("Add a note"), "{path} by way of {location}");
                    }
                    400 | 404 => {}
                    status => panic!("{path} is answered {status}"),
                }
                asked += 1;
            }
        }
    }
    assert!(asked > 2_000);
}

#[tokio::test]
async fn the_login_and_only_the_login_is_open() {
    let (_small, mut nobody) = nobody().await;
    let page = nobody.get("/desk/login?next=/desk/flights/1").await;
    assert!(page.is(200).contains("cleared-for-takeoff"));
    assert!(
        page.text
            .contains("<meta name=\"robots\" content=\"noindex\">")
    );
    assert!(!page.text.contains("Log out"));
}
