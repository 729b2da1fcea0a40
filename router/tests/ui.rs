//! What the compiler says of functions that are none of a page, a layout, a head or a middleware.

#[test]
fn the_compiler_says_what_to_write() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
