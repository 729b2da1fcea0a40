//! Every row in its short form, as a test that is named by its id.

use anabranch_battery::{Form, child, random, rows, run};

/// Makes the tests, and a list of them.
macro_rules! tests {
    ($($id:ident)*) => {
        $(
            #[test]
            fn $id() {
                holds(stringify!($id));
            }
        )*

        const TESTED: &[&str] = &[$(stringify!($id)),*];
    };
}

tests! {
    l1 l4 l5 l6 l7
    b1 b3 b4 b5 b6 b7 b8 b9
    f1 f2 f4 f5 f6 f7 f8 f9
    n1 n2 n3 n4 n5 n6 n8 n9 n11
    g1 g2 g3
    x1 x3 x5 x6
    s1 s3 s5 s6 s7 s8 s9 s10 s11 s12 s13 s14 s17 s18 s19 s20 s21
}

fn holds(id: &str) {
    child::use_program(env!("CARGO_BIN_EXE_battery"));
    let row = rows::find(id).expect("a row of that name");
    eprintln!("{row:?}, seed {:#x}", random::seed());
    match run::one(row, Form::Short).expect("a runtime") {
        Ok(figure) => eprintln!("{figure}"),
        Err(failure) => panic!("{id}: {failure}"),
    }
}

#[test]
fn every_row_is_a_test() {
    let untested: Vec<_> = rows::all()
        .map(|row| row.id.to_ascii_lowercase())
        .filter(|id| !TESTED.contains(&id.as_str()))
        .collect();
    assert!(untested.is_empty(), "add to tests/rows.rs: {untested:?}");
}
