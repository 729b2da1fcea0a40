//! What shows in the place of what failed, and what the log says about it.
//!
//! The page shows an error's id, never its text; the log has both.

use anabranch_boundaries::{Error, FallbackView, Head, Result, panic, scope};
use anabranch_html::document::escape;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::settings::Values;
use crate::tree::Label;

/// What stands in for a boundary's content.
pub(crate) struct Substitute {
    pub(crate) view: String,
    /// Late head that goes with it.
    pub(crate) head: Option<Head>,
}

/// The view for `error`, by the nearest of `views`, else by the settings, and the head for it.
///
/// A view that panics, or that `check` refuses, is passed over, for the next one out.
pub(crate) fn substitute(
    views: &[FallbackView],
    settings: &Values,
    error: &Error,
    check: impl Fn(&str) -> Result<()>,
) -> Substitute {
    let of_settings = if error.is_not_found() {
        &settings.not_found_view
    } else {
        &settings.error_view
    };
    let of_settings = || Some(of_settings.as_ref()?(error));
    let view = views
        .iter()
        .find_map(|view| shielded(error, || view(error), &check))
        .or_else(|| shielded(error, of_settings, &check))
        .unwrap_or_else(|| default_view(error));
    Substitute {
        view: view.into_string(),
        head: late_head(error),
    }
}

/// The document for a page that failed before its commit point.
pub(crate) fn page(settings: &Values, error: &Error) -> String {
    // Nobody looks at the page of a redirect, so it is a short one.
    let page = settings
        .error_page
        .as_ref()
        .filter(|_| !error.is_redirect());
    page.and_then(|page| shielded(error, || Some(page(error)), |_| Ok(())))
        .unwrap_or_else(|| default_page(error))
        .into_string()
}

/// Logs that the boundary called `label` failed after the commit point.
pub(crate) fn log_boundary(label: &Label, error: &Error) {
    if error.is_not_found() || error.is_redirect() {
        tracing::warn!(
            boundary = %label,
            "{error} inside a boundary comes after the response's status: decide it in the page, \
             before its first boundary"
        );
    } else if error.first_log() {
        tracing::error!(boundary = %label, error.id = %error.id(), cause = error.chain(), "a boundary failed");
    }
}

/// Calls a view in a place without boundaries, catches its panic and checks what it made.
fn shielded(
    error: &Error,
    view: impl FnOnce() -> Option<Markup>,
    check: impl Fn(&str) -> Result<()>,
) -> Option<Markup> {
    let made = panic::catch(|| scope::mask("an error view", view)).and_then(|view| {
        view.as_ref().map_or(Ok(()), |view| check(&view.0))?;
        Ok(view)
    });
    made.unwrap_or_else(|failure| {
        let (id, cause) = (error.id(), failure.chain());
        tracing::error!(error.id = %id, cause, "an error view failed; using the next one out");
        None
    })
}

/// What shows for an error where nobody has a view for it.
fn default_view(error: &Error) -> Markup {
    if error.is_not_found() {
        return html! { p role="alert" { "There is nothing here." } };
    }
    if let Some(location) = error.location() {
        return html! { p { a href=(location) { "Continue to " (location) } } };
    }
    html! {
        p role="alert" data-error=(error.id()) {
            @if error.is_timeout() { "This part of the page took too long." }
            @else { "This part of the page could not be loaded." }
            " (error " (error.id()) ")"
        }
    }
}

fn late_head(error: &Error) -> Option<Head> {
    if error.is_not_found() {
        return Some(Head::title("Not found").meta("robots", "noindex"));
    }
    let location = error.location()?;
    let mut refresh = String::from("<meta http-equiv=\"refresh\" content=\"0;url=");
    escape(&mut refresh, location);
    refresh.push_str("\">");
    Some(Head::new().tags(PreEscaped(refresh)))
}

fn default_page(error: &Error) -> Markup {
    let status = error.status();
    let title = if error.is_not_found() {
        "Page not found"
    } else {
        status.canonical_reason().unwrap_or("Something went wrong")
    };
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width";
                title { (title) }
            }
            body {
                h1 { (title) }
                @if let Some(location) = error.location() {
                    p { a href=(location) { "Continue to " (location) } }
                } @else if status.is_server_error() {
                    p data-error=(error.id()) { "Error " (error.id()) }
                }
            }
        }
    }
}
