//! The boundary: where a component's content will show, and what shows until then.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;
use std::panic::{AssertUnwindSafe, Location, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use maud::{Markup, Render};
use pin_project::pin_project;

use crate::scope::{self, Closed};
use crate::token::Token;
use crate::{Error, Result};

/// Makes a boundary around `future`: place it in the page with maud's `(…)`.
///
/// The future starts when the component that rendered it has been polled, and its content shows
/// where the boundary stands: at once if it is ready at its first poll, else as a patch later in
/// the same response. Until then the [loading view](Boundary::loading) stands there.
///
/// # Cancel safety
/// When the client goes, when a deadline passes, or when the component that rendered the
/// boundary does not place it or fails, the future is dropped.
///
/// ```
/// use anabranch_boundaries::{Result, boundary};
/// use maud::html;
///
/// async fn revenue() -> Result {
///     Ok(html! { p { "1,024" } })
/// }
///
/// async fn page() -> Result {
///     Ok(html! {
///         h1 { "Today" }
///         (boundary(revenue()).loading(html! { p { "Counting…" } }))
///     })
/// }
/// ```
#[track_caller]
pub fn boundary(future: impl Future<Output = Result> + Send + 'static) -> Boundary {
    Boundary {
        registration: Cell::new(Some(Box::new(Registration::new(
            future,
            Location::caller(),
        )))),
        token: Cell::new(None),
    }
}

/// A place in the page whose content comes later. Made by [`boundary`].
#[must_use = "a boundary does nothing until it is placed in the page: `html! { (boundary(…)) }`"]
pub struct Boundary {
    /// Taken by the first render, which is given `&self` by maud; hence the cell.
    registration: Cell<Option<Box<Registration>>>,
    /// What the first render wrote; a second one writes it again, for the page to refuse.
    token: Cell<Option<Token>>,
}

impl Boundary {
    /// What shows until the content is ready: markup, or a closure that is only called when the
    /// view is needed. Without one, nothing shows.
    ///
    /// It holds no boundaries of its own.
    pub fn loading(self, view: impl IntoLoading) -> Self {
        self.with(|details| details.loading = view.into_loading())
    }

    /// What shows in this place if the content fails: an error, a panic, a missed deadline.
    ///
    /// Boundaries inside this one that have no error view use this one too. The view holds no
    /// boundaries of its own.
    pub fn error(self, view: impl Fn(&Error) -> Markup + Send + Sync + 'static) -> Self {
        self.with(|details| details.options().error = Some(Arc::new(view)))
    }

    /// How long the content may take, from the moment this boundary is rendered.
    ///
    /// The default is the page's: 30 seconds unless its settings say otherwise.
    pub fn deadline(self, deadline: Duration) -> Self {
        self.with(|details| details.options().deadline = Some(deadline))
    }

    /// What logs, metrics and tests call this boundary. The default is its call site. It is
    /// never sent to the client.
    pub fn name(self, name: impl Into<Cow<'static, str>>) -> Self {
        self.with(|details| details.options().name = Some(name.into()))
    }

    /// Runs the content in a task of its own, for work that would hold up its neighbours.
    ///
    /// The task ends when the response does.
    pub fn spawn(self) -> Self {
        self.with(|details| details.spawn = true)
    }

    fn with(mut self, change: impl FnOnce(&mut Details)) -> Self {
        if let Some(registration) = self.registration.get_mut() {
            change(&mut registration.details);
        }
        self
    }
}

impl Render for Boundary {
    /// Registers the boundary with the open scope.
    ///
    /// # Panics
    /// If no page is being rendered here, with a message that says what to do.
    fn render_to(&self, buffer: &mut String) {
        if let Some(mut registration) = self.registration.take() {
            if let Some(view) = scope::fallback() {
                registration.details.options().fallback = Some(view);
            }
            let call_site = registration.details.call_site;
            match scope::with(|scope| scope.register(registration)) {
                Ok(token) => self.token.set(Some(token)),
                Err(closed) => panic!("{}", refusal(call_site, closed)),
            }
        }
        if let Some(token) = self.token.get() {
            token.write(buffer);
        }
    }
}

fn refusal(call_site: &Location<'_>, closed: Closed) -> String {
    match closed {
        Closed::NoPage => format!(
            "the boundary made at {call_site} was rendered where no page is open: render it \
             inside the async function that page(…), PageRequest::render(…) or another \
             boundary runs, not in a task or thread of your own"
        ),
        Closed::Masked(place) => format!(
            "the boundary made at {call_site} was rendered inside {place}, which cannot hold \
             boundaries: place it in a component"
        ),
    }
}

impl fmt::Debug for Boundary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Boundary")
            .field("token", &self.token.get())
            .finish_non_exhaustive()
    }
}

/// View of an error, in the place of the content that failed.
pub type ErrorView = Arc<dyn Fn(&Error) -> Markup + Send + Sync>;

/// View of an error for boundaries that have none of their own; `None` passes it on to the next
/// one out.
pub type FallbackView = Arc<dyn Fn(&Error) -> Option<Markup> + Send + Sync>;

/// A component's future, and what it was registered with: all in one allocation, since a page
/// may have thousands.
///
/// As a future it is the component.
#[pin_project]
pub struct Registration<F: ?Sized = dyn Future<Output = Result> + Send> {
    /// What it was registered with.
    pub details: Details,
    #[pin]
    future: F,
}

/// What a [`Boundary`] says about its content.
#[derive(Debug)]
pub struct Details {
    /// What shows until it is complete.
    pub loading: Loading,
    /// Where [`boundary`] was called.
    pub call_site: &'static Location<'static>,
    /// Whether it runs in a task of its own.
    pub spawn: bool,
    /// What few boundaries say, out of the way of the many.
    pub options: Option<Box<Options>>,
}

/// What few boundaries say about their content.
#[derive(Default)]
pub struct Options {
    /// What shows if it fails.
    pub error: Option<ErrorView>,
    /// What shows if it fails and nothing nearer does.
    pub fallback: Option<FallbackView>,
    /// How long it may take.
    pub deadline: Option<Duration>,
    /// What logs call it.
    pub name: Option<Cow<'static, str>>,
}

impl Details {
    fn new(call_site: &'static Location<'static>) -> Self {
        Self {
            loading: Loading::default(),
            call_site,
            spawn: false,
            options: None,
        }
    }

    fn options(&mut self) -> &mut Options {
        self.options.get_or_insert_default()
    }
}

impl<F> Registration<F> {
    /// A component without a name, a loading view or any other detail.
    pub fn new(future: F, call_site: &'static Location<'static>) -> Self {
        Self {
            details: Details::new(call_site),
            future,
        }
    }
}

impl<F: ?Sized> Registration<F> {
    /// Takes the details and leaves empty ones.
    pub fn take_details(&mut self) -> Details {
        let empty = Details::new(self.details.call_site);
        std::mem::replace(&mut self.details, empty)
    }
}

impl<F: Future + ?Sized> Future for Registration<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        self.project().future.poll(cx)
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("name", &self.name)
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
}

impl<F: ?Sized> fmt::Debug for Registration<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registration")
            .field("details", &self.details)
            .finish_non_exhaustive()
    }
}

/// A loading view, made already or not.
#[derive(Default)]
pub enum Loading {
    /// Nothing shows.
    #[default]
    Nothing,
    /// Made when the boundary was.
    Made(Markup),
    /// Made when it is needed.
    Lazy(Box<dyn FnOnce() -> Markup + Send>),
}

impl Loading {
    /// Makes the view, with no boundary allowed inside.
    #[must_use]
    pub fn render(self) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::Made(view) => view.into_string(),
            Self::Lazy(make) => scope::mask("a loading view", make).into_string(),
        }
    }

    /// Drops a view that is not needed. What it holds is the user's, and a panic in its
    /// destructor goes no further.
    pub fn discard(self) {
        if let Self::Lazy(make) = self {
            let dropped = catch_unwind(AssertUnwindSafe(|| drop(make)));
            // A payload's own destructor may panic too.
            std::mem::forget(dropped);
        }
    }
}

impl fmt::Debug for Loading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nothing => "Nothing",
            Self::Made(_) => "Made",
            Self::Lazy(_) => "Lazy",
        })
    }
}

/// What [`Boundary::loading`] takes: markup, or a closure that makes it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no loading view",
    note = "pass markup, `html! {{ … }}`, or a closure that makes it, `|| html! {{ … }}`"
)]
pub trait IntoLoading {
    /// The loading view.
    fn into_loading(self) -> Loading;
}

impl IntoLoading for Markup {
    fn into_loading(self) -> Loading {
        Loading::Made(self)
    }
}

impl<F: FnOnce() -> Markup + Send + 'static> IntoLoading for F {
    fn into_loading(self) -> Loading {
        Loading::Lazy(Box::new(self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use maud::html;

    async fn nothing() -> Result {
        Ok(html! {})
    }

    fn panic_text(work: impl FnOnce() + std::panic::UnwindSafe) -> String {
        let payload = std::panic::catch_unwind(work).unwrap_err();
        payload.downcast_ref::<String>().unwrap().clone()
    }

    #[test]
    fn rendering_outside_a_page_says_where_and_what_to_do() {
        let text = panic_text(|| drop(html! { (boundary(nothing())) }));
        assert!(text.contains("boundaries/src/boundary.rs:"), "{text}");
        assert!(
            text.contains("where no page is open: render it inside"),
            "{text}"
        );
    }

    #[test]
    fn a_loading_view_holds_no_boundary() {
        let text = panic_text(|| {
            drop((|| html! { (boundary(nothing())) }).into_loading().render());
        });
        assert!(text.contains("inside a loading view"), "{text}");
    }

    #[test]
    fn a_boundary_may_be_held_across_an_await() {
        fn is_send<T: Send>(_: &T) {}
        is_send(
            &boundary(nothing())
                .loading(html! { "…" })
                .loading(|| html! { "…" }),
        );
    }
}
