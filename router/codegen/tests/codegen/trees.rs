//! Right trees, and the code that is generated of them, to the letter.

use crate::archive::Archive;

#[test]
fn trees_give_their_code() {
    let mut different = Vec::new();
    for archive in Archive::all("trees") {
        let (generated, code) = archive.run();
        let told = generated.diagnostics();
        assert!(told.is_empty(), "{}: {told:#?}", archive.file.display());
        different.extend(archive.compare(&code));
    }
    assert!(different.is_empty(), "{}", different.join("\n\n"));
}

#[test]
fn a_tree_gives_the_same_code_every_time() {
    for archive in Archive::all("trees") {
        assert_eq!(archive.run().1, archive.run().1);
    }
}
