//! What a type in a `Path` makes of its parameters.
//!
//! [`Path`](anabranch_router::app::Path) has serde read them, and a type says what it wants before
//! it is given anything. So it is read once from a path that does not exist, and its wishes are
//! noted. Where it does not get on with what it is given, the rest stays text.

use std::cell::RefCell;

use serde::de::value::{Error, MapDeserializer, SeqDeserializer};
use serde::de::{DeserializeOwned, Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;
use utoipa::PartialSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};

/// The schemas of parameters of these names, the nearest last, if a `T` is read from them.
pub(crate) fn schemas<T: DeserializeOwned>(names: &[String]) -> Vec<RefOr<Schema>> {
    let schemas = names.iter().map(|_| RefCell::new(String::schema()));
    let schemas: Vec<_> = schemas.collect();
    // What it becomes is of no interest, nor is that it could not become anything.
    let _ = T::deserialize(Wishes {
        names,
        schemas: &schemas,
    });
    schemas.into_iter().map(RefCell::into_inner).collect()
}

/// Parameters without values. One value is the last of them.
#[derive(Clone, Copy)]
struct Wishes<'p> {
    names: &'p [String],
    schemas: &'p [RefCell<RefOr<Schema>>],
}

impl<'p> Wishes<'p> {
    fn note(self, schema: RefOr<Schema>) {
        if let Some(last) = self.schemas.last() {
            last.replace(schema);
        }
    }

    /// Each alone, from the nth on.
    fn each(self, first: usize) -> impl Iterator<Item = Self> {
        let one = move |nth: usize| Self {
            names: &self.names[nth..=nth],
            schemas: &self.schemas[nth..=nth],
        };
        (first..self.names.len()).map(one)
    }
}

impl IntoDeserializer<'_, Error> for Wishes<'_> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

macro_rules! values {
    ($($method:ident $visit:ident $type:ident $value:expr,)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            self.note($type::schema());
            visitor.$visit($value)
        })*
    };
}

impl<'de> Deserializer<'de> for Wishes<'_> {
    type Error = Error;

    values! {
        deserialize_bool visit_bool bool false,
        deserialize_i8 visit_i8 i8 1,
        deserialize_i16 visit_i16 i16 1,
        deserialize_i32 visit_i32 i32 1,
        deserialize_i64 visit_i64 i64 1,
        deserialize_i128 visit_i128 i128 1,
        deserialize_u8 visit_u8 u8 1,
        deserialize_u16 visit_u16 u16 1,
        deserialize_u32 visit_u32 u32 1,
        deserialize_u64 visit_u64 u64 1,
        deserialize_u128 visit_u128 u128 1,
        deserialize_f32 visit_f32 f32 1.0,
        deserialize_f64 visit_f64 f64 1.0,
        deserialize_char visit_char char 'a',
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_str("")
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let schema = ObjectBuilder::new().schema_type(Type::String);
        self.note(RefOr::T(
            schema
                .enum_values(Some(variants.iter().copied()))
                .build()
                .into(),
        ));
        let first = variants.first().copied().unwrap_or_default();
        visitor.visit_enum(IntoDeserializer::<Error>::into_deserializer(first))
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        count: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        let first = self.names.len().saturating_sub(count);
        visitor.visit_seq(SeqDeserializer::new(self.each(first)))
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        count: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_tuple(count, visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let names = self.names.iter().map(String::as_str);
        visitor.visit_map(MapDeserializer::new(names.zip(self.each(0))))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_map(visitor)
    }

    forward_to_deserialize_any! {
        str string bytes byte_buf unit unit_struct seq identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    fn read<T: DeserializeOwned>(names: &[&str]) -> Vec<RefOr<Schema>> {
        let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
        schemas::<T>(&names)
    }

    #[track_caller]
    fn assert_same(read: &[RefOr<Schema>], expected: &[RefOr<Schema>]) {
        let json = |schemas: &[RefOr<Schema>]| serde_json::to_string(schemas).unwrap();
        assert_eq!(json(read), json(expected));
    }

    #[test]
    fn one_value_is_the_nearest_parameter() {
        let expected = [String::schema(), u32::schema()];
        assert_same(&read::<u32>(&["name", "year"]), &expected);
        assert_same(&read::<Option<(u32,)>>(&["name", "year"]), &expected);
    }

    #[test]
    fn a_tuple_is_read_from_its_left_a_struct_by_name() {
        #[derive(Deserialize)]
        #[expect(dead_code, reason = "only read")]
        struct Day {
            day: u8,
            river: String,
        }
        let tuple = read::<(String, u16)>(&["a", "b", "c"]);
        assert_same(&tuple, &[String::schema(), String::schema(), u16::schema()]);
        let named = read::<Day>(&["river", "day"]);
        assert_same(&named, &[String::schema(), u8::schema()]);
    }

    #[test]
    fn an_enum_is_one_of_its_variants() {
        #[derive(Deserialize)]
        #[serde(rename_all = "lowercase")]
        enum Kind {
            Delta,
            Marsh,
        }
        let json = serde_json::to_string(&read::<Kind>(&["kind"])).unwrap();
        assert_eq!(json, r#"[{"type":"string","enum":["delta","marsh"]}]"#);
    }

    #[test]
    fn what_refuses_a_value_is_text() {
        struct Date;
        impl<'de> Deserialize<'de> for Date {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = String::deserialize(from)?;
                Err(serde::de::Error::custom(format!("{text:?} is no date")))
            }
        }
        let expected = [String::schema(), String::schema()];
        assert_same(&read::<(Date, u32)>(&["date", "n"]), &expected);
    }
}
