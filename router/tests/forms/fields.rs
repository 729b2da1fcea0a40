//! What a handler sees of the fields of a form.

use anabranch_boundaries::Result;
use anabranch_router::Form;
use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request};
use axum::routing::post;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde::{Deserialize, Deserializer};
use tower::ServiceExt;

use crate::support::{form, read, state, submit};

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct Optional {
    text: String,
    minutes: Option<u32>,
    weight: Option<f64>,
    tags: Vec<String>,
    numbers: Vec<i8>,
    public: bool,
    letter: Option<char>,
    kind: Option<Kind>,
    code: Option<Code>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Delay,
    Weather,
}

/// A type that reads itself from a string.
#[derive(Debug, PartialEq)]
struct Code(String);

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.len() == 3 {
            Ok(Self(text))
        } else {
            Err(serde::de::Error::custom("An airport has three letters."))
        }
    }
}

#[derive(Debug, PartialEq, Deserialize)]
struct Required {
    text: String,
    minutes: u8,
    rate: f32,
    letter: char,
    kind: Kind,
    code: Code,
    tags: Vec<String>,
    public: bool,
    remark: Option<String>,
}

#[tokio::test]
async fn fields_become_what_their_types_say() {
    for (body, expected) in [
        ("", Optional::default()),
        (
            "text=a+b%26c%C3%A9",
            Optional {
                text: "a b&cé".to_owned(),
                ..Optional::default()
            },
        ),
        ("minutes=&weight=&letter=&kind=&code=", Optional::default()),
        (
            "minutes=+7+&weight=1e3&letter=%C3%A9&kind=weather&code=JFK",
            Optional {
                minutes: Some(7),
                weight: Some(1000.0),
                letter: Some('é'),
                kind: Some(Kind::Weather),
                code: Some(Code("JFK".to_owned())),
                ..Optional::default()
            },
        ),
        (
            "tags=a&numbers=-1&tags=&numbers=127",
            Optional {
                tags: vec!["a".to_owned(), String::new()],
                numbers: vec![-1, 127],
                ..Optional::default()
            },
        ),
        (
            "text=first&text=last&public=off&public=on",
            Optional {
                text: "last".to_owned(),
                public: true,
                ..Optional::default()
            },
        ),
        ("unknown=1&public=0", Optional::default()),
    ] {
        assert_eq!(read::<Optional>(body).await, expected, "{body}");
    }
}

#[tokio::test]
async fn what_html_leaves_out_counts_as_given() {
    let body = "text=&minutes=1&rate=2&letter=x&kind=delay&code=JFK";
    let value = read::<Required>(body).await;
    assert!(!value.public);
    assert_eq!(value.tags, [""; 0]);
    assert_eq!(value.remark, None);
}

#[tokio::test]
async fn every_field_that_does_not_fit_has_a_message() {
    const FILL_IN: &str = "Please fill in this field.";
    const OPTION: &str = "Please choose one of the options.";
    let all_missing = [
        ("code", FILL_IN),
        ("kind", FILL_IN),
        ("letter", FILL_IN),
        ("minutes", FILL_IN),
        ("rate", FILL_IN),
        ("text", FILL_IN),
    ];
    for (body, expected) in [
        ("", &all_missing[..]),
        (
            "text=&minutes=abc&rate=x&letter=xy&kind=rain&code=JFKX&public=maybe",
            &[
                ("code", "An airport has three letters."),
                ("kind", OPTION),
                ("letter", "Please enter one character."),
                ("minutes", "Please enter a whole number."),
                ("public", "Please answer yes or no."),
                ("rate", "Please enter a number."),
            ],
        ),
        (
            "text=&minutes=256&rate=inf&letter=x&kind=&code=JFK",
            &[
                ("kind", OPTION),
                ("minutes", "Please enter a whole number from 0 to 255."),
                ("rate", "Please enter a number."),
            ],
        ),
        (
            "text=&minutes=-1&rate=NaN&letter=&kind=delay&code=JFK",
            &[
                ("letter", FILL_IN),
                ("minutes", "Please enter a whole number from 0 to 255."),
                ("rate", "Please enter a number."),
            ],
        ),
        (
            "text=&minutes=1&rate=1e39&letter=x&kind=delay&code=JFK",
            &[("rate", "Please enter a smaller number.")],
        ),
        (
            "minutes=1.5&rate=&letter=x&kind=delay&code=JFK",
            &[
                ("minutes", "Please enter a whole number."),
                ("rate", FILL_IN),
                ("text", FILL_IN),
            ],
        ),
    ] {
        let response = submit::<Required>(form(body)).await;
        assert_eq!(
            response.status(),
            StatusCode::UNPROCESSABLE_ENTITY,
            "{body}"
        );
        let state = state::<Required>(&response).await;
        let errors: Vec<_> = state.errors().collect();
        let expected: Vec<_> = expected
            .iter()
            .map(|(name, text)| (Some(*name), *text))
            .collect();
        assert_eq!(errors, expected, "{body}");
    }
}

#[tokio::test]
async fn any_number_of_boxes_may_be_left_unchecked() {
    macro_rules! boxes {
        ($($name:ident)*) => {
            #[derive(Deserialize)]
            struct Boxes { $($name: bool,)* }
            let boxes = read::<Boxes>("a1=on").await;
            assert_eq!([$(boxes.$name),*].iter().filter(|checked| **checked).count(), 1);
        };
    }
    boxes! {
        a0 a1 a2 a3 a4 a5 a6 a7 a8 a9 b0 b1 b2 b3 b4 b5 b6 b7 b8 b9 c0 c1 c2 c3 c4 c5 c6 c7 c8 c9
        d0 d1 d2 d3 d4 d5 d6 d7 d8 d9 e0 e1 e2 e3 e4 e5 e6 e7 e8 e9 f0 f1 f2 f3 f4 f5 f6 f7 f8 f9
        g0 g1 g2 g3 g4 g5 g6 g7 g8 g9
    }
}

#[tokio::test]
async fn one_bad_value_of_a_list_is_the_list_s_mistake() {
    let response = submit::<Optional>(form("numbers=1&numbers=x&minutes=-1")).await;
    let state = state::<Optional>(&response).await;
    assert_eq!(state.error("numbers"), Some("Please enter a whole number."));
    assert!(state.is_invalid("minutes"));
    assert_eq!(state.values("numbers").collect::<Vec<_>>(), ["1", "x"]);
}

#[tokio::test]
async fn a_type_may_reject_the_form_as_a_whole() {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Strict {
        #[expect(dead_code, reason = "only read")]
        a: Option<String>,
    }
    let response = submit::<Strict>(form("b=1")).await;
    let state = state::<Strict>(&response).await;
    let text = "The form has a field that does not belong to it.";
    assert_eq!(state.form_error(), Some(text));
    assert_eq!(state.errors().count(), 1);
}

#[tokio::test]
async fn maps_of_any_size_end() {
    use std::collections::BTreeMap;
    let body: String = (0..1000).map(|n| format!("f{n}=x&")).collect();
    let response = submit::<BTreeMap<String, u32>>(form(body)).await;
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let values = read::<BTreeMap<String, Vec<u32>>>("a=1&b=2&a=3").await;
    assert_eq!(values["a"], [1, 3]);
}

#[tokio::test]
async fn a_body_that_is_no_form_has_a_status_that_says_so() {
    let with_type = |content_type: &'static str| {
        let mut request = form("text=a");
        let value = http::HeaderValue::from_static(content_type);
        request.headers_mut().insert(CONTENT_TYPE, value);
        request
    };
    let mut without_type = form("text=a");
    without_type.headers_mut().remove(CONTENT_TYPE);
    let fields = |count: usize| form("a=1&".repeat(count));
    for (name, request, status) in [
        (
            "charset",
            with_type("application/x-www-form-urlencoded; charset=UTF-8"),
            200,
        ),
        ("json", with_type("application/json"), 415),
        (
            "multipart",
            with_type("multipart/form-data; boundary=x"),
            415,
        ),
        ("text", with_type("text/plain"), 415),
        ("no type", without_type, 415),
        ("not UTF-8", form(&b"text=\xff"[..]), 400),
        ("not UTF-8 when decoded", form("text=%C3%28"), 400),
        ("a surrogate", form("text=%ED%A0%80"), 400),
        ("loose percent signs", form("text=100%&x=%zz&=&&==&"), 200),
        ("as many fields as may be", fields(1000), 200),
        ("a field more", fields(1001), 413),
        ("far more", fields(100_000), 413),
        (
            "2 MB and a byte",
            form("a".repeat(2 * 1024 * 1024 + 1)),
            413,
        ),
        (
            "a query",
            Request::get("/?text=a&minutes=3")
                .body(Body::empty())
                .unwrap(),
            200,
        ),
        (
            "a bad query",
            Request::get("/?minutes=x").body(Body::empty()).unwrap(),
            422,
        ),
        (
            "no query",
            Request::head("/").body(Body::empty()).unwrap(),
            200,
        ),
    ] {
        let response = submit::<Optional>(request).await;
        assert_eq!(response.status(), status, "{name}");
    }
}

#[tokio::test]
async fn the_app_s_limit_holds() {
    let handler = |form: Form<Optional>| async move { drop(form) };
    let app = Router::new()
        .route("/", post(handler))
        .layer(DefaultBodyLimit::max(10));
    for (body, status) in [("text=12345", 200), ("text=123456", 413)] {
        let response = app.clone().oneshot(form(body)).await.unwrap();
        assert_eq!(response.status(), status);
    }
}
