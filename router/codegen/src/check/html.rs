//! HTML files: their encoding, and the slots of layouts.

use crate::diagnostic::Diagnostic;
use crate::role::Role;
use crate::template::{Slot, Template};
use crate::typo::resembles;

pub(super) fn check(role: Role, template: &Template, told: &mut Vec<Diagnostic>) {
    if template.text.is_none() {
        told.push(
            Diagnostic::error("this file is not UTF-8")
                .at(&template.path)
                .help("save it as UTF-8"),
        );
        return;
    }
    let slots = template.slots();
    let of = |name| slots.iter().filter(move |slot| slot.name == name);
    let children: Vec<_> = of("children").collect();
    if role != Role::Layout {
        if let Some(slot) = children.first() {
            told.push(
                Diagnostic::warning("only a layout has children, so this is shown as it is")
                    .at(template.place(&slot.range)),
            );
        }
        return;
    }
    match children.as_slice() {
        [] => told.push(childless(template, &slots)),
        [_] => {}
        more => told.push(repeated(
            template,
            more,
            "the page can be shown in one place only",
        )),
    }
    let heads: Vec<_> = of("head").collect();
    if heads.len() > 1 {
        told.push(repeated(template, &heads, "a document has one head"));
    }
}

fn childless(template: &Template, slots: &[Slot<'_>]) -> Diagnostic {
    let error = Diagnostic::error("the layout has no `{{ children }}`, so no page would show");
    let meant = slots.iter().find(|slot| resembles(slot.name, "children"));
    match meant {
        Some(slot) => error
            .at(template.place(&slot.range))
            .help("did you mean `{{ children }}`?"),
        None => error
            .at(&template.path)
            .help("write `{{ children }}` where the page belongs"),
    }
}

fn repeated(template: &Template, slots: &[&Slot<'_>], reason: &str) -> Diagnostic {
    let name = slots.first().map_or("", |slot| slot.name);
    let message = format!("the layout has more than one `{{{{ {name} }}}}`");
    let error = slots
        .iter()
        .fold(Diagnostic::error(message), |error, slot| {
            error.at(template.place(&slot.range))
        });
    error.help(format!("keep one: {reason}"))
}
