//! The names of types in a document.
//!
//! Its generators make a type of each name, so two types must not have one, and what is referred
//! to must be there. utoipa tells the names of types in the fields of a type, and that of a type
//! which is asked for it; but in a list it has the type without its name. So handlers are described
//! twice: from the first time it is known which names are taken, and by what.

use std::any::type_name;
use std::collections::BTreeMap;

use utoipa::ToSchema;
use utoipa::openapi::schema::{ArrayItems, Schema};
use utoipa::openapi::{Ref, RefOr};

pub(crate) type Schemas = BTreeMap<String, RefOr<Schema>>;

/// The names, and what they stand for.
#[derive(Default)]
pub(crate) struct Names {
    schemas: Schemas,
    /// What types that were asked are called, by what the compiler calls them.
    asked: BTreeMap<&'static str, String>,
    /// Whether all that can be asked have been.
    complete: bool,
}

impl Names {
    /// With names that are there before.
    pub(crate) fn new(schemas: Schemas) -> Self {
        Self {
            schemas,
            ..Self::default()
        }
    }

    /// From here on lists get names, too.
    pub(crate) fn complete(&mut self) {
        self.complete = true;
    }

    pub(crate) fn into_schemas(self) -> Schemas {
        self.schemas
    }

    /// The schema of a type: by its name, if it is a type of its own.
    ///
    /// # Panics
    /// If another type has its name.
    pub(crate) fn schema<T: ToSchema>(&mut self) -> RefOr<Schema> {
        self.nested::<T>();
        let of = type_name::<T>();
        let schema = T::schema();
        if is_own(of) {
            let name = T::name();
            self.asked.insert(of, name.to_string());
            return self.name(&name, schema);
        }
        match (item_of(of), schema) {
            (Some(item), RefOr::T(Schema::Array(mut list))) if self.complete => {
                if let ArrayItems::RefOrSchema(items) = list.items {
                    let items = self.item(item, *items);
                    list.items = ArrayItems::RefOrSchema(Box::new(items));
                }
                RefOr::T(Schema::Array(list))
            }
            (_, schema) => schema,
        }
    }

    /// Explains the types that are in a type.
    pub(crate) fn nested<T: ToSchema>(&mut self) {
        let mut used = Vec::new();
        T::schemas(&mut used);
        for (name, schema) in used {
            self.name(&name, schema);
        }
    }

    /// What a reference stands for.
    pub(crate) fn resolve(&self, schema: &RefOr<Schema>) -> Option<Schema> {
        match schema {
            RefOr::T(schema) => Some(schema.clone()),
            RefOr::Ref(to) => {
                let name = to.ref_location.rsplit('/').next()?;
                self.resolve(self.schemas.get(name)?)
            }
        }
    }

    fn name(&mut self, name: &str, schema: RefOr<Schema>) -> RefOr<Schema> {
        let reference = RefOr::Ref(Ref::from_schema_name(name));
        if schema == reference {
            return schema;
        }
        assert!(
            self.takes(name, &schema),
            "two types of the API have the name {name}: give one another, by `#[schema(as = …)]`"
        );
        reference
    }

    /// The schema of what is in a list. Where its name can only be guessed, and something else has
    /// that, it has none.
    fn item(&mut self, item: &str, schema: RefOr<Schema>) -> RefOr<Schema> {
        let asked = self.asked.get(item).cloned();
        let name = asked.or_else(|| item.rsplit("::").next().map(str::to_owned));
        match name {
            Some(name) if self.takes(&name, &schema) => RefOr::Ref(Ref::from_schema_name(name)),
            _ => schema,
        }
    }

    /// Whether a name stands for this, as it does from now on if it was free.
    fn takes(&mut self, name: &str, schema: &RefOr<Schema>) -> bool {
        let known = self.schemas.entry(name.to_owned());
        *known.or_insert_with(|| schema.clone()) == *schema
    }
}

/// Whether a type is one that somebody has declared and not a primitive or one of std, by the name
/// that the compiler gives it. One with parameters has no name that would tell it from its
/// siblings.
fn is_own(name: &str) -> bool {
    let (package, _) = name.split_once("::").unwrap_or_default();
    let declared = package.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    declared && !["alloc", "core", "std"].contains(&package) && !name.contains('<')
}

/// The type in a `Vec`, if it is one of its own.
fn item_of(name: &str) -> Option<&str> {
    let item = name.strip_prefix("alloc::vec::Vec<")?.strip_suffix('>')?;
    is_own(item).then_some(item)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_of_the_app_have_names_and_those_of_std_have_none() {
        assert!(is_own("site::rivers::River"));
        for name in [
            "u32",
            "alloc::string::String",
            "(a::B, c::D)",
            "a::Page<a::B>",
            "&a::B",
        ] {
            assert!(!is_own(name), "{name}");
        }
        let list = "alloc::vec::Vec<site::River>";
        assert_eq!(item_of(list), Some("site::River"));
        assert_eq!(item_of("alloc::vec::Vec<u8>"), None);
        // What this relies on.
        assert_eq!(
            type_name::<Vec<Names>>(),
            format!("alloc::vec::Vec<{}>", type_name::<Names>())
        );
    }
}
