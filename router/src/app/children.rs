//! What a layout wraps, and the layout around it.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use anabranch_boundaries::scope;
use anabranch_boundaries::{Error, Result};
use maud::Markup;
use pin_project::pin_project;

use super::content::{Content, Segment};
use super::failure;
use super::slot::Slot;

/// What stands below a layout: await it where it shows.
///
/// The layout and what is below it run side by side, so awaiting something else before or after
/// it adds no wait. It is an error only if what is below failed and has no view for that; with
/// `?` the layout then fails the same way.
///
/// ```
/// use anabranch_boundaries::Result;
/// use anabranch_router::app::Children;
/// use maud::html;
///
/// pub async fn render(children: Children) -> Result {
///     Ok(html! {
///         header { "Anabranch" }
///         main { (children.await?) }
///     })
/// }
/// ```
///
/// # Cancel safety
/// Dropping it cancels what is below. It belongs to the layout: in a boundary it is an error.
#[must_use = "a layout that does not await its children cancels them"]
pub struct Children {
    slot: Slot<Delivery>,
}

/// What is below, and the component it was rendered in.
struct Delivery {
    component: u32,
    outcome: Result,
}

impl Children {
    /// Tells whether they are waited for.
    pub(super) fn are_awaited(&self) -> impl Fn() -> bool + Send + Unpin + use<> {
        self.slot.is_awaited()
    }
}

impl Future for Children {
    type Output = Result;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result> {
        self.slot.poll_take(cx).map(|delivery| match delivery {
            Some(delivery) if delivery.component == scope::component().id => delivery.outcome,
            _ => Err(Error::msg(
                "the children of a layout are awaited once, in the layout itself: await them \
                 before they go into a boundary, a task or a shared future",
            )),
        })
    }
}

impl fmt::Debug for Children {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Children").finish_non_exhaustive()
    }
}

/// What logs call a layout.
#[derive(Clone, Copy)]
pub(super) struct Names {
    pub(super) route: &'static str,
    pub(super) layout: &'static str,
}

/// A layout and what is below it, in one step: what is below first.
#[pin_project]
pub(super) struct Under<L, C> {
    #[pin]
    layout: L,
    /// `None` when it is complete, or the layout has dropped its children.
    #[pin]
    content: Option<C>,
    slot: Slot<Delivery>,
    /// What failed below and shows as a view.
    failure: Option<Error>,
    names: Names,
}

impl<L, C> Under<L, C> {
    pub(super) fn new(names: Names, layout: impl FnOnce(Children) -> L, content: C) -> Self {
        let slot = Slot::new();
        let children = Children { slot: slot.clone() };
        Self {
            layout: layout(children),
            content: Some(content),
            slot,
            failure: None,
            names,
        }
    }
}

impl<L: Future<Output = Result>, C: Content> Future for Under<L, C> {
    type Output = Result<Segment>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<Segment>> {
        let mut this = self.project();
        if this.slot.is_abandoned() {
            this.content.set(None);
        }
        let below = this.content.as_mut().as_pin_mut();
        if let Some(Poll::Ready(outcome)) = below.map(|content| content.poll(cx)) {
            this.content.set(None);
            let outcome = match outcome {
                Ok(segment) => {
                    *this.failure = segment.failure;
                    Ok(segment.markup)
                }
                // A layout has no say in where its visitor is sent.
                Err(error) if error.is_redirect() => return Poll::Ready(Err(error)),
                // Should the layout make do without it, the status still tells of it.
                Err(error) => {
                    *this.failure = Some(error.clone());
                    Err(error)
                }
            };
            let component = scope::component().id;
            this.slot.fill(Delivery { component, outcome }, cx);
        }
        match this.layout.poll(cx) {
            Poll::Ready(Ok(markup)) => {
                // A matter of the code, so whoever writes it is told.
                if cfg!(debug_assertions) && !this.slot.was_asked() {
                    let Names { route, layout } = *this.names;
                    tracing::warn!(
                        route,
                        layout,
                        "a layout never awaited its children, so nothing below it shows: put \
                         (children.await?) where they belong"
                    );
                }
                let taken = this.slot.close();
                this.content.set(None);
                let failure = this.failure.take().filter(|_| taken);
                Poll::Ready(Ok(Segment { markup, failure }))
            }
            Poll::Ready(Err(error)) => {
                // The status is this error's; the log has both.
                if let Some(below) = this.failure.take().filter(|below| below.id() != error.id()) {
                    failure::log("below a layout that failed", &below);
                }
                Poll::Ready(Err(error))
            }
            Poll::Pending => {
                if this.slot.is_abandoned() {
                    this.content.set(None);
                }
                Poll::Pending
            }
        }
    }
}

/// A part of a layout that is a file.
#[derive(Clone, Copy, Debug)]
pub enum Piece {
    /// Stands as it is.
    Text(&'static str),
    /// The heads of the page and of the layouts.
    Head,
    /// What is below the layout.
    Children,
}

/// Renders a layout that is a file.
pub(super) async fn render_pieces(
    pieces: &'static [Piece],
    children: Children,
    head: super::PageHead,
) -> Result {
    let (mut children, mut head) = (Some(children), Some(head));
    let mut page = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) => page.push_str(text),
            Piece::Head => {
                if let Some(head) = head.take() {
                    maud::Render::render_to(&head.await?, &mut page);
                }
            }
            Piece::Children => {
                if let Some(children) = children.take() {
                    page.push_str(&children.await?.into_string());
                }
            }
        }
    }
    Ok(maud::PreEscaped(page) as Markup)
}
