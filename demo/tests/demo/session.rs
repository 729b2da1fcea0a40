//! Login, logout, and what a cookie is worth.

use demo::desk::{PASSWORD, USER};

use crate::small::Small;
use crate::stores::{on_every_store, small};
use crate::visitor::Visitor;

#[tokio::test]
async fn the_login_leads_where_one_wanted_to_go() {
    let small = Small::new().await;
    let site = demo::site(small.db().await);
    let mut visitor = Visitor::new(site.clone());
    let login = "/desk/login?next=%2Fdesk%2Fflights%2F1";
    visitor.get("/desk/flights/1").await.leads_to(login);

    let answer = visitor.log_in(login, USER, PASSWORD).await;
    answer.leads_to("/desk/flights/1");
    let cookie = answer.set_cookie.unwrap();
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/desk", "Max-Age=28800"] {
        assert!(cookie.contains(attribute), "{attribute} in {cookie}");
    }
    let page = visitor.get("/desk/flights/1").await;
    assert!(page.is(200).contains("Logged in as"));
    assert!(page.text.contains("UA 1106"));
    assert_eq!(page.cache_control.as_deref(), Some("no-store"));
    // Whoever is logged in needs no login.
    visitor.get(login).await.leads_to("/desk/flights/1");
    visitor.get("/desk/nowhere").await.is(404);

    // The rest of the site does not know the cookie.
    let mut other = Visitor::new(site);
    other
        .get("/desk")
        .await
        .leads_to("/desk/login?next=%2Fdesk");
}

#[tokio::test]
async fn a_link_cannot_make_the_login_lead_elsewhere() {
    let small = Small::new().await;
    let mut visitor = Visitor::new(demo::site(small.db().await));
    let login = "/desk/login?next=https%3A%2F%2Fexample.com%2Fdesk";
    visitor
        .log_in(login, USER, PASSWORD)
        .await
        .leads_to("/desk");
}

#[tokio::test]
async fn the_login_leads_only_to_pages() {
    let small = Small::new().await;
    let mut visitor = Visitor::new(demo::site(small.db().await));
    for path in ["/desk/logout", "/desk/notes/1/delete", "/desk/nowhere"] {
        let answer = visitor.get(path).await;
        let login = answer.location.unwrap();
        assert!(login.ends_with(&path.replace('/', "%2F")), "{login}");
        visitor
            .log_in(&login, USER, PASSWORD)
            .await
            .leads_to("/desk");
        // Whoever is logged in is sent on by the page of the login, by the same rule.
        visitor.get(&login).await.leads_to("/desk");
        visitor.cookie = None;
    }
}

#[tokio::test]
async fn a_form_without_a_session_leads_back_to_its_page() {
    let small = Small::new().await;
    let mut visitor = Visitor::logged_in(demo::site(small.db().await)).await;
    let note = "kind=other&text=x";
    visitor.post("/desk/flights/1", note).await;
    small
        .execute("UPDATE sessions SET expires = unixepoch()")
        .await;
    for page in ["/desk/flights/1", "/desk/notes/1"] {
        visitor.cookie = None;
        let login = format!("/desk/login?next={}", page.replace('/', "%2F"));
        visitor.post(page, note).await.leads_to(&login);
        visitor.log_in(&login, USER, PASSWORD).await.leads_to(page);
        visitor.get(page).await.is(200);
    }
    assert_eq!(small.number("SELECT count(*) FROM notes").await, 1);
}

#[tokio::test]
async fn a_wrong_password_is_a_422_with_the_name_kept() {
    let small = Small::new().await;
    let mut visitor = Visitor::new(demo::site(small.db().await));
    for (name, password) in [(USER, "wrong"), ("nobody", PASSWORD), ("nobody", "wrong")] {
        let answer = visitor.log_in("/desk/login", name, password).await;
        let page = answer.is(422);
        assert!(page.contains("No account has this name and this password."));
        assert!(page.contains(&format!("value=\"{name}\"")));
        assert!(!page.contains("value=\"wrong\"") && !page.contains("role=\"alert\">wrong"));
        assert!(answer.set_cookie.is_none());
    }
    let answer = visitor.log_in("/desk/login", "", "").await;
    let page = answer.is(422);
    assert!(page.contains("Enter the name.") && page.contains("Enter the password."));
    assert_eq!(small.number("SELECT count(*) FROM sessions").await, 0);
}

async fn a_login_replaces_the_session_before_it(small: &Small) {
    let mut visitor = Visitor::logged_in(demo::site(small.db().await)).await;
    let before = visitor.cookie.clone();
    visitor
        .log_in("/desk/login", USER, PASSWORD)
        .await
        .leads_to("/desk");
    assert_ne!(visitor.cookie, before);
    assert_eq!(small.number("SELECT count(*) FROM sessions").await, 1);
    visitor.cookie = before;
    visitor
        .get("/desk")
        .await
        .leads_to("/desk/login?next=%2Fdesk");
}

#[tokio::test]
async fn the_logout_deletes_the_session() {
    let small = Small::new().await;
    let mut visitor = Visitor::logged_in(demo::site(small.db().await)).await;
    let cookie = visitor.cookie.clone();
    let answer = visitor.post("/desk/logout", "").await;
    answer.leads_to("/desk/login");
    assert!(answer.set_cookie.unwrap().contains("Max-Age=0"));
    assert_eq!(visitor.cookie, None);
    assert_eq!(small.number("SELECT count(*) FROM sessions").await, 0);
    // Whoever has kept the cookie has nothing.
    visitor.cookie = cookie;
    visitor
        .get("/desk")
        .await
        .leads_to("/desk/login?next=%2Fdesk");
}

on_every_store!(
    small;
    a_login_replaces_the_session_before_it,
    a_session_ends,
    two_instances_share_a_session,
    a_password_is_checked,
);

async fn a_password_is_checked(small: &Small) {
    let mut visitor = Visitor::new(demo::site(small.db().await));
    for (name, password) in [(USER, "wrong"), ("%00", PASSWORD)] {
        let answer = visitor.log_in("/desk/login", name, password).await;
        answer.is(422);
    }
    assert_eq!(small.number("SELECT count(*) FROM sessions").await, 0);
}

async fn two_instances_share_a_session(small: &Small) {
    let one = demo::site(small.db().await);
    let other = demo::site(small.db().await);
    let mut visitor = Visitor::logged_in(one).await;
    visitor.moves_to(other.clone());
    let note = "kind=other&text=x";
    let page = "/desk/flights/1";
    visitor.post(page, note).await.leads_to(page);
    visitor
        .post("/desk/logout", "")
        .await
        .leads_to("/desk/login");
    assert_eq!(small.number("SELECT count(*) FROM sessions").await, 0);
    assert_eq!(small.number("SELECT count(*) FROM notes").await, 1);
}

async fn a_session_ends(small: &Small) {
    let site = demo::site(small.db().await);
    let mut visitor = Visitor::logged_in(site.clone()).await;
    visitor.get("/desk").await.is(200);
    let lifetime = small
        .number("SELECT expires - unixepoch() FROM sessions")
        .await;
    assert!((28_700..=28_800).contains(&lifetime), "{lifetime}");

    small
        .execute("UPDATE sessions SET expires = unixepoch()")
        .await;
    visitor
        .get("/desk")
        .await
        .leads_to("/desk/login?next=%2Fdesk");
    // The next login clears away what has ended.
    Visitor::logged_in(site).await;
    assert_eq!(small.number("SELECT count(*) FROM sessions").await, 1);
}

#[tokio::test]
async fn a_cookie_that_was_not_signed_here_is_worth_nothing() {
    let small = Small::new().await;
    let site = demo::site(small.db().await);
    let mut visitor = Visitor::logged_in(site).await;
    let cookie = visitor.cookie.clone().unwrap();
    let (name, value) = cookie.split_once('=').unwrap();

    let other = Small::new().await;
    other.execute("DELETE FROM keys").await;
    let stranger = Visitor::logged_in(demo::site(other.db().await)).await;

    let mut swapped = value.to_owned();
    let last = swapped.pop().unwrap();
    swapped.push(if last == 'A' { 'B' } else { 'A' });
    // A signature has 44 characters, before the value.
    let unsigned = value
        .replace("%3D", "=")
        .chars()
        .skip(44)
        .collect::<String>();
    let forged = [
        format!("{name}={swapped}"),
        format!("{name}={unsigned}"),
        format!("{name}="),
        format!("{name}=%00%ff"),
        format!("other={value}"),
        stranger.cookie.unwrap(),
    ];
    for cookie in forged {
        visitor.cookie = Some(cookie.clone());
        let answer = visitor.get("/desk").await;
        assert_eq!(answer.status, 303, "{cookie}");
    }
    visitor.cookie = Some(format!("a=1; junk; {cookie}; b=%ff"));
    visitor.get("/desk").await.is(200);
}

#[tokio::test]
async fn the_database_holds_neither_password_nor_token() {
    let small = Small::new().await;
    let visitor = Visitor::logged_in(demo::site(small.db().await)).await;
    let hashed = "SELECT count(*) FROM users WHERE password LIKE '$argon2id$%'";
    assert_eq!(small.number(hashed).await, 1);
    assert_eq!(small.number("SELECT length(token) FROM sessions").await, 32);
    drop(visitor);
}
