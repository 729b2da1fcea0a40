//! A page in patches is the same document as the page in one piece.

use anabranch_html::marker::Name;
use anabranch_paint::dom;
use arbitrary::Unstructured;

use crate::page::Page;

/// A page, and a name.
///
/// # Panics
/// If the assembled patches are another document than the whole page, or a name does not read
/// back.
pub fn check(input: &[u8]) {
    let mut input = Unstructured::new(input);
    let Ok(page) = Page::arbitrary(&mut input) else {
        return;
    };
    let streamed = page.streamed();
    let assembled = match dom::assemble(streamed.as_bytes()) {
        Ok(assembled) => assembled,
        Err(violation) => panic!("{violation}\n{streamed}"),
    };
    let whole = dom::whole(page.whole().as_bytes()).expect("nothing of a stream is in it");
    if let Some(difference) = dom::first_difference(assembled.html(), &whole) {
        panic!("{difference}\n{streamed}");
    }
    check_name(input.arbitrary().unwrap_or_default());
}

fn check_name(number: u32) {
    let mut name = String::new();
    Name(number).write(&mut name);
    assert_eq!(u32::from_str_radix(&name, 36), Ok(number), "{name}");
    assert!(!name.starts_with('0') || number == 0, "{name}");
    assert_eq!(name, name.to_lowercase());
}
