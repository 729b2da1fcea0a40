//! Wrong trees, and what is said of them, to the letter.

use anabranch_build::Level;

use crate::archive::Archive;

#[test]
fn every_mistake_is_told_with_its_mend() {
    let archives = Archive::all("mistakes");
    assert!(archives.len() >= 30, "only {} trees", archives.len());
    let mut different = Vec::new();
    for archive in archives {
        let (generated, code) = archive.run();
        let told = generated.diagnostics();
        assert!(!told.is_empty(), "{} is right", archive.file.display());
        let texts: Vec<_> = told.iter().map(|one| format!("{one}\n")).collect();
        different.extend(archive.compare(&texts.join("\n")));
        let failed = told.iter().any(|one| one.level() == Level::Error);
        let refused = code.contains("compile_error!");
        assert_eq!(failed, refused, "{}", archive.file.display());
    }
    assert!(different.is_empty(), "{}", different.join("\n\n"));
}

#[test]
fn warnings_fit_on_a_line() {
    for archive in Archive::all("mistakes") {
        let (generated, _) = archive.run();
        for diagnostic in generated.diagnostics() {
            assert_eq!(diagnostic.line().lines().count(), 1, "{diagnostic}");
        }
    }
}
