//! One page, in every order in which its boundaries may complete.

use super::{StreamRequest, StreamTest, dom};

/// How many orders are tried. A page with four boundaries side by side has 24, with five 120; of
/// a page with more a sample is taken, the same in every run.
const MOST: usize = 120;

/// What came of reading a page in many orders.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Orders {
    /// The orders that were tried: the names of the boundaries as they were released.
    pub tried: Vec<Vec<String>>,
    /// Whether these are all that there are.
    pub all: bool,
    /// The document at the end, in the notation of [`dom`](crate::dom).
    pub dom: String,
}

/// Reads a page once for every order in which its boundaries may complete, and asserts that the
/// document is the same at the end, and the same as the one that bots get in one piece.
///
/// Boundaries inside of others come after those. Late tags of the head stand in the order in which
/// they were sent, so a page may have those of one boundary only. Deadlines run on while a boundary
/// is held: where those before it take longer together than its deadline, it misses that. Of a page
/// with more than 120 orders it tries 120.
///
/// ```
/// # use anabranch::prelude::*;
/// # fn app() -> axum::Router { axum::Router::new().route("/", axum::routing::get(page(home))) }
/// # async fn home() -> Result {
/// #     let part = |text| async move { Ok(html! { p { (text) } }) };
/// #     Ok(html! { body { (boundary(part("one")).name("one")) (boundary(part("two")).name("two")) } })
/// # }
/// use anabranch_paint::stream::{StreamTest, in_every_order};
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() {
/// let orders = in_every_order(|| StreamTest::get(app(), "/")).await;
/// assert_eq!(orders.tried, [["one", "two"], ["two", "one"]]);
/// # }
/// ```
///
/// # Panics
/// When two documents differ, with both orders, when a response breaks a rule of the wire, and when
/// the page leads elsewhere by a redirect.
pub async fn in_every_order(mut ask: impl FnMut() -> StreamRequest) -> Orders {
    let mut choices = Choices::default();
    let mut tried = Vec::new();
    let whole = StreamTest::open_whole(ask()).await;
    let at = whole.request.call_site();
    let expected = whole.whole_document(at);
    let all = loop {
        let (order, mut page) = in_one_order(ask(), &mut choices).await;
        page.read_to_the_end(at).await;
        if let Some(difference) = dom::first_difference(&page.document(at), &expected) {
            let what = format_args!("in the order {order:?} the page ends up different: ");
            page.fail(at, format_args!("{what}{difference}"));
        }
        tried.push(order);
        if !choices.go_on() {
            break true;
        }
        if tried.len() == MOST {
            break false;
        }
    };
    Orders {
        tried,
        all,
        dom: expected,
    }
}

/// Releases one boundary after the other, each when the one before has arrived.
async fn in_one_order(ask: StreamRequest, choices: &mut Choices) -> (Vec<String>, StreamTest) {
    let mut page = ask.await;
    let mut order = Vec::new();
    loop {
        page.come_to_rest().await;
        let held = page.record.holds.held();
        if held.is_empty() {
            return (order, page);
        }
        let id = held[choices.choose(held.len())];
        page.record.holds.release_id(id);
        order.extend(page.record.get(id).map(|known| known.name().to_owned()));
        while page.record.is_under_way(id) && page.read().await {}
    }
}

/// Which boundary comes next, at every step of one order after the other.
#[derive(Debug, Default)]
struct Choices {
    /// What was chosen, of how many, at every step.
    made: Vec<(usize, usize)>,
    step: usize,
    /// Chosen at random, from this seed on, where there are too many orders to try them all.
    random: Option<u64>,
}

impl Choices {
    fn choose(&mut self, of: usize) -> usize {
        if let Some(seed) = &mut self.random {
            return next_random(seed) as usize % of;
        }
        if self.step == self.made.len() {
            self.made.push((0, of));
        }
        let (chosen, _) = self.made[self.step];
        self.step += 1;
        chosen.min(of - 1)
    }

    /// Turns to the next order, if there is one.
    fn go_on(&mut self) -> bool {
        if self.random.is_some() {
            return true;
        }
        let is_first = self.made.iter().all(|(chosen, _)| *chosen == 0);
        let orders = self.made.iter().map(|(_, of)| of);
        if is_first && orders.fold(1, |all: usize, of| all.saturating_mul(*of)) > MOST {
            self.random = Some(0);
            return true;
        }
        self.step = 0;
        while let Some((chosen, of)) = self.made.pop() {
            if chosen + 1 < of {
                self.made.push((chosen + 1, of));
                return true;
            }
        }
        false
    }
}

/// SplitMix64: even, and the same everywhere.
fn next_random(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut random = *seed;
    random = (random ^ (random >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    random = (random ^ (random >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    random ^ (random >> 31)
}
