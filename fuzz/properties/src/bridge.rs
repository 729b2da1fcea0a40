//! A page in patches is the same document when the bridge's JavaScript applies them.
//!
//! The bridge that is sent runs here, in an engine without a browser, on a DOM that `dom.js`
//! builds from what an HTML parser makes of the response. It has what the bridge uses and no more.
//! As in a browser, what stands behind the bridge arrives node by node, and each script runs when
//! it arrives.

mod parse;

use anabranch_html::script::BRIDGE;
use anabranch_paint::dom;
use arbitrary::{Arbitrary, Result, Unstructured};
use rquickjs::context::EvalOptions;
use rquickjs::{CatchResultExt, Context, Ctx, Function, Runtime};

use crate::page::Page;

const DOM: &str = include_str!("bridge/dom.js");

thread_local! {
    // An engine belongs to its thread, and starting one costs more than a page.
    static ENGINE: Context = {
        let runtime = Runtime::new().expect("memory for an engine");
        let context = Context::full(&runtime).expect("memory for a context");
        context.with(|js| eval(&js, DOM));
        context
    };
}

/// A page, and when the bridge arrives.
///
/// # Panics
/// If the bridge leaves another document than the whole page, or throws.
pub fn check(input: &[u8]) {
    // Too few bytes are no page.
    let _ = check_page(&mut Unstructured::new(input));
}

fn check_page(input: &mut Unstructured<'_>) -> Result<()> {
    let instructions = bool::arbitrary(input)?;
    // How many nodes have come before an external bridge does.
    let late = match bool::arbitrary(input)? {
        true => Some(u32::from(u8::arbitrary(input)?)),
        false => None,
    };
    let page = Page::arbitrary(input)?;
    let streamed = page.streamed();
    let played = play(&parse::to_json(&streamed), late, instructions);
    let whole = dom::whole(page.whole().as_bytes()).expect("nothing of a stream is in it");
    if let Some(difference) = dom::first_difference(&played, &whole) {
        panic!("late: {late:?}, instructions: {instructions}\n{difference}\n{streamed}");
    }
    Ok(())
}

/// Runs the bridge on a document. Returns what it becomes, in the notation of [`dom`].
fn play(document: &str, late: Option<u32>, instructions: bool) -> String {
    ENGINE.with(|engine| {
        engine.with(|js| {
            let play: Function<'_> = js.globals().get("play").expect("dom.js defines it");
            let played = play.call((document, BRIDGE, late, instructions)).catch(&js);
            played.unwrap_or_else(|error| panic!("the bridge throws: {error}"))
        })
    })
}

fn eval(js: &Ctx<'_>, script: &str) {
    let mut options = EvalOptions::default();
    options.strict = false;
    let done: std::result::Result<(), _> = js.eval_with_options(script, options).catch(js);
    done.unwrap_or_else(|error| panic!("dom.js throws: {error}"));
}
