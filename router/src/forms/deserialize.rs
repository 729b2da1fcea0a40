//! Text of a form -> a value, or a message for every field that does not fit.
//!
//! Serde stops at the first error, and a person wants all of them at once. So a form is read in
//! passes: a field that failed is read again as a *stand-in*, a value that fits nearly any type,
//! until everything else has been looked at. A field that is missing is read again as *absent*,
//! which fits the types for which HTML sends nothing. In a query an empty field is a text until it
//! fails as one, and is then read again as nothing.

use std::collections::{BTreeMap, BTreeSet};

use serde::de::value::StrDeserializer;
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::field::{Field, Input};
use super::message::{Error, Message, REQUIRED};

/// What an empty field is for an `Option`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Empty {
    Nothing,
    /// A text where the type takes one, as it is for axum's `Query`; else nothing.
    TextOrNothing,
}

/// How many fields may fail, each for another pass: a type may have as many fields as the sender
/// likes.
const MAX_FAILED: usize = 64;

/// The value that these fields make, or what is wrong with them.
pub(super) fn deserialize<T: DeserializeOwned>(
    values: &[(String, String)],
    empty: Empty,
) -> Result<T, Vec<Message>> {
    let mut fields = Fields::group(values, empty);
    loop {
        let again = match T::deserialize(fields.reader()) {
            Ok(value) if fields.failed.is_empty() => return Ok(value),
            Ok(_) => false,
            Err(error) => fields.learn(error),
        };
        if !again {
            return Err(fields.into_messages());
        }
    }
}

/// What is known about the fields of a form so far.
struct Fields<'v> {
    given: BTreeMap<&'v str, Vec<&'v str>>,
    absent: BTreeSet<&'static str>,
    empty: Empty,
    /// Empty fields that are no text.
    nothing: BTreeSet<String>,
    /// Fields that do not fit, and why not.
    failed: BTreeMap<String, String>,
    /// What is wrong with the form as a whole.
    whole: Option<String>,
}

impl<'v> Fields<'v> {
    fn group(values: &'v [(String, String)], empty: Empty) -> Self {
        let mut given = BTreeMap::<_, Vec<_>>::new();
        for (name, value) in values {
            given.entry(name.as_str()).or_default().push(value.as_str());
        }
        Self {
            given,
            absent: BTreeSet::new(),
            empty,
            nothing: BTreeSet::new(),
            failed: BTreeMap::new(),
            whole: None,
        }
    }

    /// A deserializer of all fields; those that failed come last, behind what is still unseen.
    fn reader(&self) -> Reader<'_> {
        let fits = |name: &str| !self.failed.contains_key(name);
        let given = self
            .given
            .iter()
            .map(|(name, values)| (*name, self.input(name, values)));
        let absent = self.absent.iter().map(|name| (*name, Input::Absent));
        let failed = self
            .failed
            .keys()
            .map(|name| (name.as_str(), Input::StandIn));
        let mut fields: Vec<_> = given
            .chain(absent)
            .filter(|(name, _)| fits(name))
            .chain(failed)
            .collect();
        // Taken from the end.
        fields.reverse();
        Reader {
            fields,
            value: None,
        }
    }

    fn input<'f>(&self, name: &str, values: &'f [&'f str]) -> Input<'f> {
        match self.empty {
            Empty::TextOrNothing if !self.nothing.contains(name) => Input::Text(values),
            _ => Input::Given(values),
        }
    }

    /// Takes note of an error. True if another pass may find more.
    fn learn(&mut self, error: Error) -> bool {
        match error {
            Error::Missing(name) if self.absent.insert(name) => true,
            // A type that says so about a field which is there.
            Error::Missing(name) => self.fail(name.to_owned(), REQUIRED.to_owned()),
            Error::Field { name, text } => self.fail(name, text),
            Error::Text(text) => {
                // With stand-ins among the fields this may be about one of them.
                if self.failed.is_empty() {
                    self.whole = Some(text);
                }
                false
            }
        }
    }

    /// False if the field has failed before, now by its stand-in.
    fn fail(&mut self, name: String, text: String) -> bool {
        if self.may_be_nothing(&name) {
            return self.nothing.insert(name);
        }
        let new = !self.failed.contains_key(&name);
        if new {
            self.failed.insert(name, text);
        }
        new && self.failed.len() < MAX_FAILED
    }

    /// Whether a field failed as an empty text, and may be read again as nothing.
    fn may_be_nothing(&self, name: &str) -> bool {
        let values = self.given.get(name);
        let is_empty = values.is_some_and(|values| values.last().is_some_and(|one| one.is_empty()));
        self.empty == Empty::TextOrNothing
            && is_empty
            && self.nothing.len() < MAX_FAILED
            && !self.nothing.contains(name)
    }

    fn into_messages(self) -> Vec<Message> {
        let whole = self.whole.map(|text| Message { field: None, text });
        let failed = self.failed.into_iter().map(|(name, text)| Message {
            field: Some(name),
            text,
        });
        whole.into_iter().chain(failed).collect()
    }
}

/// A form as a map, for one pass.
struct Reader<'f> {
    fields: Vec<(&'f str, Input<'f>)>,
    /// The field whose name was read last.
    value: Option<(&'f str, Input<'f>)>,
}

impl<'de> Deserializer<'de> for Reader<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_map(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de> MapAccess<'de> for Reader<'_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        self.value = self.fields.pop();
        let name = self.value.map(|(name, _)| StrDeserializer::new(name));
        name.map(|name| seed.deserialize(name)).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let (name, input) = self
            .value
            .take()
            .ok_or_else(|| Error::text("a value was asked for before its name"))?;
        seed.deserialize(Field(input))
            .map_err(|error| error.at(name))
    }
}
