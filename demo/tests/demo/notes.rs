//! Notes: written, edited, deleted, and refused.

use crate::small::Small;
use crate::stores::{on_every_store, small};
use crate::visitor::Visitor;

async fn desk() -> (Small, Visitor) {
    let small = Small::new().await;
    let visitor = Visitor::logged_in(demo::site(small.db().await)).await;
    (small, visitor)
}

on_every_store!(
    small;
    a_note_is_added_edited_and_deleted,
    a_note_that_is_gone_is_deleted,
    two_notes_at_once_are_both_written,
);

async fn a_note_is_added_edited_and_deleted(small: &Small) {
    let mut desk = Visitor::logged_in(demo::site(small.db().await)).await;
    let form = "kind=weather&text=Thunder+over+%3CHouston%3E%0D%0Afor+an+hour";
    desk.post("/desk/flights/1", form)
        .await
        .leads_to("/desk/flights/1");
    let page = desk.get("/desk/flights/1").await;
    let text = "Thunder over &lt;Houston&gt;\nfor an hour";
    assert!(page.is(200).contains(text));
    assert!(page.text.contains("Weather, by dispatcher"));
    assert!(page.text.contains("href=\"/desk/notes/1\""));

    // It shows at the desk, and for everybody on the page of the day.
    assert!(desk.get("/desk").await.is(200).contains(text));
    let day = desk.get("/flights/2013-07-04").await;
    assert!(day.is(200).contains(text) && day.text.contains("1 note"));

    let page = desk.get("/desk/notes/1").await;
    assert!(page.is(200).contains(&format!(">{text}</textarea>")));
    assert!(page.text.contains("value=\"weather\" required checked"));
    desk.post("/desk/notes/1", "kind=delay&text=Late+crew")
        .await
        .leads_to("/desk/flights/1");
    let page = desk.get("/desk/flights/1").await;
    assert!(page.is(200).contains("Late crew") && page.text.contains("Delay, by dispatcher"));

    desk.post("/desk/notes/1/delete", "")
        .await
        .leads_to("/desk/flights/1");
    assert!(
        desk.get("/desk/flights/1")
            .await
            .is(200)
            .contains("There are none yet.")
    );
    assert_eq!(small.number("SELECT count(*) FROM notes").await, 0);
}

#[tokio::test]
async fn a_note_that_cannot_be_comes_back_with_what_is_wrong() {
    let (small, mut desk) = desk().await;
    let answer = desk.post("/desk/flights/1", "kind=gossip&text=++").await;
    let page = answer.is(422);
    assert!(page.contains("Choose what the note is about."));
    assert!(page.contains("Write something."));
    assert!(page.contains("aria-invalid=\"true\"") && page.contains("aria-describedby="));
    // It is the same page, not another one.
    assert!(page.contains("Add a note") && page.contains("<h1>UA 1106"));

    let long = "x".repeat(501);
    let answer = desk
        .post("/desk/flights/1", &format!("kind=other&text={long}"))
        .await;
    let page = answer.is(422);
    assert!(page.contains("That is 501 characters. A note has up to 500."));
    assert!(page.contains(&format!(">{long}</textarea>")));
    assert!(page.contains("value=\"other\" required checked"));
    // Characters are counted, not bytes, and a line end as one.
    let longest = "%C3%A9".repeat(498) + "%0D%0A.";
    let answer = desk
        .post("/desk/flights/1", &format!("kind=other&text={longest}"))
        .await;
    answer.leads_to("/desk/flights/1");

    let answer = desk.post("/desk/notes/1", "kind=other&text=").await;
    let page = answer.is(422);
    assert!(page.contains("Edit a note") && page.contains("Write something."));
    assert!(page.contains("></textarea>"));
    desk.post("/desk/flights/1", "").await.is(422);
    assert_eq!(small.number("SELECT count(*) FROM notes").await, 1);
}

#[tokio::test]
async fn a_note_holds_no_control_characters() {
    let (small, mut desk) = desk().await;
    for control in ["%00", "%07", "%1B%5B31m", "%7F", "%C2%85"] {
        let note = format!("kind=other&text=Late{control}+crew");
        let answer = desk.post("/desk/flights/1", &note).await;
        let page = answer.is(422);
        assert!(page.contains("Some characters cannot be shown."));
        // What is left can be sent as it is.
        assert!(page.contains(" crew</textarea>"), "{control}");
        let stays = |one: char| !one.is_control() || one == '\n';
        assert!(page.chars().all(stays), "{control}");
    }
    assert_eq!(small.number("SELECT count(*) FROM notes").await, 0);
    desk.post("/desk/flights/1", "kind=other&text=Late%09crew%0D%0A.")
        .await
        .leads_to("/desk/flights/1");
    let page = desk.get("/desk/flights/1").await;
    assert!(page.is(200).contains("Late\tcrew\n."));
}

async fn a_note_that_is_gone_is_deleted(small: &Small) {
    let mut desk = Visitor::logged_in(demo::site(small.db().await)).await;
    desk.post("/desk/flights/1", "kind=other&text=x").await;
    let delete = "/desk/notes/1/delete";
    desk.post(delete, "").await.leads_to("/desk/flights/1");
    // Sent twice, or from a page that somebody else has still open.
    desk.post(delete, "").await.leads_to("/desk");
    assert_eq!(small.number("SELECT count(*) FROM notes").await, 0);
}

#[tokio::test]
async fn what_does_not_exist_has_no_notes() {
    let (small, mut desk) = desk().await;
    let note = "kind=other&text=x";
    for path in [
        "/desk/flights/4",
        "/desk/flights/x",
        "/desk/notes/1",
        "/desk/notes/1/x",
    ] {
        assert!(
            desk.get(path)
                .await
                .is(404)
                .contains("The desk has no such page"),
            "{path}"
        );
    }
    for path in [
        "/desk/flights/4",
        "/desk/flights/-1",
        "/desk/notes/1",
        "/desk/notes/x/delete",
    ] {
        desk.post(path, note).await.is(404);
    }
    assert_eq!(small.number("SELECT count(*) FROM notes").await, 0);
}

#[tokio::test]
async fn another_site_cannot_write() {
    let (small, mut desk) = desk().await;
    let note = "kind=other&text=x";
    for site in ["cross-site", "same-site"] {
        desk.post_from("/desk/flights/1", note, site).await.is(403);
        desk.post_from("/desk/logout", "", site).await.is(403);
        desk.post_from("/desk/login", "name=a&password=b", site)
            .await
            .is(403);
    }
    assert_eq!(small.number("SELECT count(*) FROM notes").await, 0);
    assert_eq!(small.number("SELECT count(*) FROM sessions").await, 1);
    desk.get("/desk").await.is(200);
}

#[tokio::test]
async fn the_desk_finds_flights() {
    let (_small, mut desk) = desk().await;
    let found = desk.get("/desk?date=2013-07-04&flight=ua1106").await;
    assert!(
        found
            .is(200)
            .contains("<a href=\"/desk/flights/1\">UA 1106</a>")
    );
    let none = desk.get("/desk?date=2013-07-05&flight=UA+1106").await;
    assert!(
        none.is(200)
            .contains("No flight UA 1106 on Friday, 5 July 2013.")
    );
    let no_day = desk.get("/desk?date=2013-02-30&flight=UA+1106").await;
    assert!(no_day.is(200).contains("Choose a day of 2013."));
    let no_flight = desk.get("/desk?date=2013-07-04&flight=%3Cb%3E").await;
    assert!(
        no_flight
            .is(200)
            .contains("A flight is two letters or digits and a number")
    );
    assert!(no_flight.text.contains("value=\"&lt;b&gt;\""));
}

/// From two instances of the site.
async fn two_notes_at_once_are_both_written(small: &Small) {
    let mut one = Visitor::logged_in(demo::site(small.db().await)).await;
    let mut two = Visitor::logged_in(demo::site(small.db().await)).await;
    let note = "kind=other&text=x";
    let (first, second) = tokio::join!(
        one.post("/desk/flights/1", note),
        two.post("/desk/flights/2", note),
    );
    first.leads_to("/desk/flights/1");
    second.leads_to("/desk/flights/2");
    assert_eq!(small.number("SELECT count(*) FROM notes").await, 2);
}
