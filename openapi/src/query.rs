//! The fields of a type, as the parameters of a query.

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{OneOfBuilder, Schema};

use crate::names::Names;

/// One parameter.
#[derive(Clone)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) required: bool,
    pub(crate) schema: RefOr<Schema>,
}

/// The fields of a type with this schema.
pub(crate) fn fields(names: &Names, schema: &RefOr<Schema>) -> Vec<Field> {
    let of = |item: &RefOr<Schema>| fields(names, item);
    match names.resolve(schema) {
        Some(Schema::Object(object)) => {
            let field = |(name, schema): (String, _)| Field {
                required: object.required.contains(&name),
                name,
                schema,
            };
            object.properties.into_iter().map(field).collect()
        }
        // A struct with flattened ones in it.
        Some(Schema::AllOf(all)) => all.items.iter().flat_map(of).collect(),
        // An enum, or what may be missing.
        Some(Schema::OneOf(one)) => either(&one.items.iter().map(of).collect::<Vec<_>>()),
        _ => Vec::new(),
    }
}

/// The fields of what is one or the other: there must be those that each must have.
fn either(all: &[Vec<Field>]) -> Vec<Field> {
    let mut found: Vec<Field> = Vec::new();
    for field in all.iter().flatten() {
        if found.iter().any(|other| other.name == field.name) {
            continue;
        }
        let same = |other: &&Field| other.name == field.name;
        let same = all.iter().filter_map(|fields| fields.iter().find(same));
        let same: Vec<_> = same.collect();
        found.push(Field {
            name: field.name.clone(),
            required: same.len() == all.len() && same.iter().all(|field| field.required),
            schema: one_of(same.iter().map(|field| &field.schema)),
        });
    }
    found
}

fn one_of<'s>(schemas: impl Iterator<Item = &'s RefOr<Schema>>) -> RefOr<Schema> {
    let mut different: Vec<&RefOr<Schema>> = Vec::new();
    for schema in schemas {
        if !different.contains(&schema) {
            different.push(schema);
        }
    }
    if let [only] = *different {
        return only.clone();
    }
    let all = different.into_iter().cloned();
    let all = all.fold(OneOfBuilder::new(), OneOfBuilder::item);
    RefOr::T(Schema::OneOf(all.build()))
}
