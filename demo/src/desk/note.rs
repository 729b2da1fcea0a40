//! The form of a note, which two pages show: one adds a note, the other edits one.

use anabranch::prelude::*;
use serde::Deserialize;

use crate::queries::{Draft, Kind};

/// How many characters a note may have.
const LENGTH: usize = 500;

/// What the form sends.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct NoteForm {
    kind: String,
    text: String,
}

/// What the form says, where it can be a note.
///
/// # Errors
/// The form with a message for each field that cannot.
pub(crate) fn check(
    sent: &NoteForm,
    mut form: FormState<NoteForm>,
) -> Result<Draft, FormState<NoteForm>> {
    let kind = Kind::from_value(&sent.kind);
    if kind.is_none() {
        form.reject("kind", "Choose what the note is about.");
    }
    // Browsers send line ends as two characters.
    let text = sent.text.replace("\r\n", "\n").trim().to_owned();
    let length = text.chars().count();
    if length == 0 {
        form.reject("text", "Write something.");
    } else if length > LENGTH {
        let message = format!("That is {length} characters. A note has up to {LENGTH}.");
        form.reject("text", message);
    }
    if !text.chars().all(is_readable) {
        form.reject(
            "text",
            "Some characters cannot be shown. They are left out now.",
        );
    }
    form.check()?;
    let kind = kind.unwrap_or(Kind::Other);
    Ok(Draft { kind, text })
}

/// Whether a page may show the character: of those that control something, only tab and line end.
fn is_readable(character: char) -> bool {
    !character.is_control() || matches!(character, '\t' | '\n')
}

/// The fields: as they were sent, or else as in `draft`.
pub(crate) fn fields(form: &FormState<NoteForm>, draft: Option<&Draft>) -> Markup {
    let kind = draft.map_or("", |draft| draft.kind.value());
    let kind = form.value_or("kind", kind);
    let text = form.value_or("text", draft.map_or("", |draft| &draft.text));
    let text: String = text.chars().filter(|&one| is_readable(one)).collect();
    html! {
        (form.form_message())
        fieldset aria-describedby=[form.described_by("kind")] {
            legend { "About" }
            div.options {
                @for one in Kind::ALL {
                    label {
                        input type="radio" name="kind" value=(one.value()) required
                            checked[one.value() == kind] aria-invalid=[form.aria_invalid("kind")];
                        " " (one)
                    }
                }
            }
            (form.message("kind"))
        }
        div.field {
            label for="text" { "Note" }
            // No maxlength: it would cut what is pasted, without a word.
            textarea #text name="text" rows="4" required
                aria-invalid=[form.aria_invalid("text")]
                aria-describedby=[form.described_by("text")] { (text) }
            (form.message("text"))
        }
    }
}
