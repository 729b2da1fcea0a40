//! What becomes of arguments and results, as a client generator reads it.

#![expect(clippy::unwrap_used, reason = "in a test, a panic is the failure")]
#![expect(dead_code, reason = "types are described, and not made")]

use anabranch_openapi::{Document, Input, Operation, Output};
use anabranch_router::app::{Path, Query};
use anabranch_router::{Form, FormState, RouteResult, SeeOther, see_other};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use http::{HeaderMap, StatusCode};
use http_body_util::BodyExt;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

#[derive(Serialize, Deserialize, ToSchema)]
struct River {
    name: String,
    /// Kilometres.
    #[serde(rename = "km")]
    length: u32,
    mouth: Option<Mouth>,
}

#[derive(Serialize, Deserialize, ToSchema)]
enum Mouth {
    Delta,
    Estuary,
}

#[derive(Deserialize, ToSchema)]
struct Search {
    /// A part of the name.
    text: Option<String>,
    mouth: Mouth,
    #[serde(flatten)]
    page: Page,
}

#[derive(Deserialize, ToSchema)]
struct Page {
    #[serde(default)]
    page: u8,
}

fn json_of(document: &Document) -> Value {
    serde_json::from_str(&document.to_json()).unwrap()
}

/// The operation of a handler of GET at a pattern, and the types that the document explains.
fn described(document: &Document, path: &str) -> (Value, Value) {
    let document = json_of(document);
    let operation = document["paths"][path]["get"].clone();
    assert!(operation.is_object(), "no {path} in {document:#}");
    (operation, document["components"]["schemas"].clone())
}

fn empty() -> Document {
    Document::new("rivers", "1.2.3")
}

const RIVER: &str = "#/components/schemas/River";

#[test]
fn a_result_is_the_answer_and_its_types_have_names() {
    async fn get() -> Json<Vec<River>> {
        Json(Vec::new())
    }
    let (operation, schemas) = described(&empty().get("/rivers", "", &get), "/rivers");
    let answer = &operation["responses"]["200"]["content"]["application/json"]["schema"];
    assert_eq!(
        *answer,
        json!({ "type": "array", "items": { "$ref": RIVER } })
    );
    let river = &schemas["River"];
    assert_eq!(river["required"], json!(["name", "km"]));
    assert_eq!(river["properties"]["km"]["description"], "Kilometres.");
    assert_eq!(schemas["Mouth"]["enum"], json!(["Delta", "Estuary"]));
    assert!(operation["requestBody"].is_null() && operation["parameters"].is_null());
}

#[test]
fn failures_are_the_default() {
    async fn get() -> RouteResult<(StatusCode, Json<River>)> {
        Err(failure().into())
    }
    let (operation, _) = described(&empty().get("/river", "", &get), "/river");
    let answers = operation["responses"].as_object().unwrap();
    assert_eq!(answers.keys().collect::<Vec<_>>(), ["2XX", "default"]);
    let river = &answers["2XX"]["content"]["application/json"]["schema"];
    assert_eq!(river["$ref"], RIVER);
    let failure = &answers["default"]["content"]["text/plain"]["schema"];
    assert_eq!(failure["type"], "string");
}

fn failure() -> std::io::Error {
    std::io::Error::other("none")
}

#[test]
fn an_error_of_its_own_is_the_default_too() {
    struct Problem;
    impl Output for Problem {
        fn describe(operation: &mut Operation<'_>) {
            <(StatusCode, Json<River>)>::describe(operation);
        }
    }
    async fn get() -> Result<String, Problem> {
        Err(Problem)
    }
    let (operation, _) = described(&empty().get("/river", "", &get), "/river");
    let failure = &operation["responses"]["default"]["content"]["application/json"];
    assert_eq!(failure["schema"]["$ref"], RIVER);
    assert!(operation["responses"]["200"]["content"]["text/plain"].is_object());
}

#[test]
fn parameters_of_the_path_have_the_types_that_they_are_read_as() {
    async fn get(Path((year, name)): Path<(u16, String)>) -> String {
        format!("{year} {name}")
    }
    let document = empty().get("/[continent]/[year]/rivers/[name]", "", &get);
    let (operation, _) = described(&document, "/{continent}/{year}/rivers/{name}");
    let parameters = operation["parameters"].as_array().unwrap();
    let parameters = parameters.iter().map(|one| {
        assert_eq!(
            (&one["in"], &one["required"]),
            (&json!("path"), &json!(true))
        );
        (
            one["name"].as_str().unwrap(),
            one["schema"]["type"].as_str().unwrap(),
        )
    });
    let expected = [
        ("continent", "string"),
        ("year", "integer"),
        ("name", "string"),
    ];
    assert_eq!(parameters.collect::<Vec<_>>(), expected);
}

#[test]
fn fields_of_a_query_are_parameters() {
    async fn get(_: Query<Search>) -> StatusCode {
        StatusCode::OK
    }
    let (operation, schemas) = described(&empty().get("/rivers", "", &get), "/rivers");
    let parameters = operation["parameters"].as_array().unwrap();
    let named = |name: &str| parameters.iter().find(|one| one["name"] == name).unwrap();
    assert_eq!(parameters.len(), 3);
    assert_eq!(named("text")["description"], "A part of the name.");
    assert_eq!(named("text")["required"], false);
    assert_eq!(named("mouth")["required"], true);
    assert_eq!(
        named("mouth")["schema"]["$ref"],
        "#/components/schemas/Mouth"
    );
    assert_eq!(named("page")["required"], false);
    assert!(schemas["Mouth"].is_object());
}

#[test]
fn fields_of_an_enum_in_a_query_are_parameters() {
    #[derive(Deserialize, ToSchema)]
    struct Search {
        #[serde(flatten)]
        by: By,
        #[serde(flatten)]
        page: Option<Page>,
    }
    #[derive(Deserialize, ToSchema)]
    #[serde(tag = "by", rename_all = "lowercase")]
    enum By {
        Name { text: String },
        Mouth { mouth: Mouth },
    }
    async fn get(_: Query<Search>) {}
    let (operation, _) = described(&empty().get("/rivers", "", &get), "/rivers");
    let parameters = operation["parameters"].as_array().unwrap();
    let named = |name: &str| parameters.iter().find(|one| one["name"] == name).unwrap();
    let required = ["by", "mouth", "page", "text"].map(|name| named(name)["required"] == true);
    assert_eq!(required, [true, false, false, false]);
    let one_of = &named("by")["schema"]["oneOf"];
    assert_eq!(one_of[0]["enum"], json!(["name"]));
    assert_eq!(one_of[1]["enum"], json!(["mouth"]));
    assert_eq!(parameters.len(), 4);
}

#[test]
fn bodies_say_how_they_are_sent() {
    async fn put(_: State<u8>, _: HeaderMap, _: Json<River>) {}
    async fn post(_: Form<River>) -> Result<SeeOther, FormState<River>> {
        Ok(see_other("/"))
    }
    async fn patch(_: Option<Json<River>>) {}
    let document = empty()
        .put("/a", "", &put)
        .post("/a", "", &post)
        .patch("/a", "", &patch);
    let item = &json_of(&document)["paths"]["/a"];
    for (method, media_type, required) in [
        ("put", "application/json", true),
        ("post", "application/x-www-form-urlencoded", true),
        ("patch", "application/json", false),
    ] {
        let body = &item[method]["requestBody"];
        assert_eq!(
            body["content"][media_type]["schema"]["$ref"], RIVER,
            "{method}"
        );
        assert_eq!(body["required"], required, "{method}");
    }
    assert!(item["post"]["responses"]["303"].is_object());
}

#[test]
fn an_extractor_of_the_app_says_what_it_takes() {
    struct Token;
    impl Input for Token {}
    async fn get(_: Token, _: Extension<u8>) -> Response {
        ().into_response()
    }
    let (operation, _) = described(&empty().get("/", "", &get), "/");
    assert!(operation["parameters"].is_null() && operation["requestBody"].is_null());
}

#[test]
fn comments_are_summary_and_description() {
    async fn get() {}
    let docs = "All rivers,\nin no order.\n\nThose without\na name are missing.";
    let (operation, _) = described(&empty().get("/rivers/[id]", docs, &get), "/rivers/{id}");
    assert_eq!(operation["summary"], "All rivers, in no order.");
    assert_eq!(
        operation["description"],
        "Those without\na name are missing."
    );
    assert_eq!(operation["operationId"], "get_rivers_id");
}

#[test]
#[should_panic(expected = "two types of the API have the name River")]
fn two_types_of_one_name_are_a_mistake() {
    mod other {
        #[derive(serde::Serialize, utoipa::ToSchema)]
        pub(crate) struct River {
            pub(crate) width: f64,
        }
    }
    async fn get() -> Json<River> {
        unreachable!()
    }
    async fn post() -> Json<other::River> {
        unreachable!()
    }
    let _ = empty().get("/a", "", &get).post("/a", "", &post).to_json();
}

mod lakes {
    #[derive(serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
    #[schema(as = lakes::River)]
    pub(crate) struct River {
        pub(crate) lake: String,
    }
}

#[test]
fn a_type_has_the_name_that_it_was_given_in_lists_too() {
    async fn all() -> Json<Vec<lakes::River>> {
        unreachable!()
    }
    async fn one() -> Json<lakes::River> {
        unreachable!()
    }
    async fn other() -> Json<River> {
        unreachable!()
    }
    let document = empty().get("/lakes", "", &all).get("/lake", "", &one);
    let document = document.get("/river", "", &other);
    let (all, schemas) = described(&document, "/lakes");
    let item = &all["responses"]["200"]["content"]["application/json"]["schema"]["items"];
    assert_eq!(item["$ref"], "#/components/schemas/lakes.River");
    assert!(schemas["River"]["properties"]["km"].is_object());
}

#[test]
fn a_list_whose_type_has_no_name_of_its_own_holds_it() {
    async fn lakes() -> Json<Vec<lakes::River>> {
        unreachable!()
    }
    async fn river() -> Json<River> {
        unreachable!()
    }
    let document = empty().get("/lakes", "", &lakes).get("/river", "", &river);
    let (lakes, _) = described(&document, "/lakes");
    let item = &lakes["responses"]["200"]["content"]["application/json"]["schema"]["items"];
    assert!(item["properties"]["lake"].is_object(), "{item}");
}

#[derive(Serialize, ToSchema)]
struct Part<T> {
    items: Vec<T>,
}

#[test]
#[should_panic(expected = "refers to the type River, which nothing explains")]
fn a_reference_to_nothing_is_a_mistake() {
    async fn get() -> Json<Part<River>> {
        unreachable!()
    }
    let _ = empty().get("/rivers", "", &get).to_json();
}

#[test]
fn the_parameter_of_a_type_may_be_known_or_stand_in_the_field() {
    #[derive(Serialize, ToSchema)]
    struct Inline<T> {
        #[schema(inline)]
        items: Vec<T>,
    }
    async fn all() -> Json<Part<River>> {
        unreachable!()
    }
    async fn one() -> Json<River> {
        unreachable!()
    }
    async fn inline() -> Json<Inline<River>> {
        unreachable!()
    }
    let known = empty().get("/rivers", "", &all).get("/river", "", &one);
    let (rivers, _) = described(&known, "/rivers");
    let items = |operation: &Value| {
        let schema = &operation["responses"]["200"]["content"]["application/json"]["schema"];
        schema["properties"]["items"]["items"].clone()
    };
    assert_eq!(items(&rivers)["$ref"], RIVER);
    let (rivers, _) = described(&empty().get("/rivers", "", &inline), "/rivers");
    assert!(items(&rivers)["properties"]["km"].is_object(), "{rivers}");
}

#[test]
fn each_operation_has_an_id_of_its_own() {
    async fn get() {}
    let paths = ["/a-b", "/a/b", "/a/[b]", "/a/b/2"];
    let document = paths
        .iter()
        .fold(empty(), |document, path| document.get(path, "", &get));
    let document = json_of(&document);
    let items = document["paths"].as_object().unwrap();
    let mut ids: Vec<_> = items
        .values()
        .map(|it| it["get"]["operationId"].clone())
        .collect();
    ids.sort_by_key(Value::to_string);
    assert_eq!(ids, ["get_a_b", "get_a_b_2", "get_a_b_2_2", "get_a_b_3"]);
}

#[tokio::test]
async fn the_document_is_a_response() {
    let response = empty().into_response();
    assert_eq!(response.headers()["content-type"], "application/json");
    let body = response.into_body().collect().await.unwrap().to_bytes();
    let document: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(
        document["info"],
        json!({ "title": "rivers", "version": "1.2.3" })
    );
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
}
