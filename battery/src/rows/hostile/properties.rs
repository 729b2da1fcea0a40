//! S3: the properties of `fuzz/`, with its inputs and with random ones made of them.
//!
//! A property that does not hold panics, and the row fails with what it says. The fuzzer looks for
//! inputs for hours; this looks at what it has found, and around it.

use std::fs;
use std::path::Path;

use anabranch_properties::{bridge, patch, path, range, routes};

use crate::random::Random;
use crate::row::failed;
use crate::{Form, Outcome, Tried, check};

/// A property, and the folder of its inputs.
type Property = (&'static str, fn(&[u8]));

const PROPERTIES: [Property; 5] = [
    ("path", path::check),
    ("routes", routes::check),
    ("range", range::check),
    ("patch", patch::check),
    ("bridge", bridge::check),
];

pub(super) async fn run(form: Form) -> Outcome {
    let random_inputs = form.pick(100, 50_000);
    let looked = tokio::task::spawn_blocking(move || look(random_inputs));
    let seeds = looked.await.map_err(failed)??;
    Ok(format!(
        "{} properties hold for {seeds} inputs and {random_inputs} random ones each",
        PROPERTIES.len()
    ))
}

fn look(random_inputs: usize) -> Tried<usize> {
    let mut random = Random::of_row("S3");
    let mut looked = 0;
    for (name, property) in PROPERTIES {
        let inputs = inputs(name)?;
        for input in &inputs {
            property(input);
        }
        for _ in 0..random_inputs {
            property(&mutated(&inputs, &mut random));
        }
        looked += inputs.len();
    }
    Ok(looked)
}

fn inputs(name: &str) -> Tried<Vec<Vec<u8>>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../fuzz/seeds")
        .join(name);
    let files = fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let inputs: Result<Vec<_>, _> = files.map(|file| fs::read(file?.path())).collect();
    let inputs = inputs.map_err(failed)?;
    check!(!inputs.is_empty(), "no inputs in {}", folder.display());
    Ok(inputs)
}

/// Pieces of inputs in a row, with some bytes changed.
fn mutated(inputs: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut mutated = Vec::new();
    for _ in 0..=random.below(3) {
        let input = random.pick(inputs);
        let start = random.below(input.len() + 1);
        let end = start + random.below(input.len() - start + 1);
        mutated.extend_from_slice(&input[start..end]);
    }
    for _ in 0..random.below(4) {
        let at = random.below(mutated.len() + 1);
        let byte = random.number().to_le_bytes()[0];
        match random.below(3) {
            0 => mutated.insert(at, byte),
            1 if at < mutated.len() => mutated[at] = byte,
            _ => mutated.truncate(at),
        }
    }
    mutated
}
