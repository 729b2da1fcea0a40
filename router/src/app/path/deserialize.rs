//! Parameters of a URL as serde's data.

use std::any::type_name;
use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{
    self, DeserializeSeed, Deserializer, EnumAccess, Error as _, IntoDeserializer, Unexpected,
    VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use smallvec::SmallVec;

use crate::app::captures::Captured;

/// The visible parameters of a request.
pub(super) struct Parameters<'c>(SmallVec<[Captured<'c>; 4]>);

impl<'c> Parameters<'c> {
    pub(super) fn new(captured: SmallVec<[Captured<'c>; 4]>) -> Self {
        Self(captured)
    }

    /// The parameter of the nearest segment.
    fn nearest(&self) -> Result<Value<'c>, Invalid> {
        let nearest = self.0.last().copied();
        nearest.map(Value).ok_or_else(|| {
            Invalid::Use(
                "no [parameter] is visible here; a file sees those of its own folder and above"
                    .to_owned(),
            )
        })
    }

    /// The parameters of the nearest segments.
    fn nearest_of(&self, count: usize) -> Result<impl Iterator<Item = Value<'c>>, Invalid> {
        let visible = self.0.len();
        let skipped = visible.checked_sub(count).ok_or_else(|| {
            Invalid::Use(format!(
                "it wants {count} parameters, and {visible} are visible here{}",
                self.names()
            ))
        })?;
        Ok(self.0.iter().skip(skipped).copied().map(Value))
    }

    fn by_name(&self) -> impl Iterator<Item = (&'static str, Value<'c>)> {
        self.0
            .iter()
            .map(|captured| (captured.name(), Value(*captured)))
    }

    fn names(&self) -> String {
        let names: Vec<_> = self.0.iter().map(|captured| captured.name()).collect();
        if names.is_empty() {
            String::new()
        } else {
            format!(": {}", names.join(", "))
        }
    }

    /// Adds what there is to an error about what is missing.
    fn explain(&self, error: Invalid) -> Invalid {
        match error {
            Invalid::Use(mistake) => Invalid::Use(format!(
                "{mistake}; {} visible here{}",
                self.0.len(),
                self.names()
            )),
            value => value,
        }
    }
}

macro_rules! of_nearest {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Invalid> {
            self.nearest()?.$method(visitor)
        })*
    };
}

impl<'de> Deserializer<'de> for &Parameters<'_> {
    type Error = Invalid;

    of_nearest! {
        deserialize_any deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32
        deserialize_i64 deserialize_i128 deserialize_u8 deserialize_u16 deserialize_u32
        deserialize_u64 deserialize_u128 deserialize_f32 deserialize_f64 deserialize_char
        deserialize_str deserialize_string deserialize_bytes deserialize_byte_buf
        deserialize_option deserialize_seq deserialize_identifier
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Invalid> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Invalid> {
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Invalid> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        count: usize,
        visitor: V,
    ) -> Result<V::Value, Invalid> {
        visitor.visit_seq(SeqDeserializer::new(self.nearest_of(count)?))
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        count: usize,
        visitor: V,
    ) -> Result<V::Value, Invalid> {
        self.deserialize_tuple(count, visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Invalid> {
        let map = visitor.visit_map(MapDeserializer::new(self.by_name()));
        map.map_err(|error| self.explain(error))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Invalid> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Invalid> {
        self.nearest()?.deserialize_enum(name, variants, visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Invalid> {
        visitor.visit_unit()
    }
}

/// One parameter's value.
struct Value<'c>(Captured<'c>);

impl Value<'_> {
    /// The value as one text. That of a rest has no slash but those between its segments, so
    /// that a path that is made of it stays below its folder.
    fn text(&self) -> Result<Cow<'_, str>, Invalid> {
        let slash = |segment: Captured<'_>| segment.text().contains(['/', '\\']);
        if self.0.is_rest() && self.0.segments().any(slash) {
            return Err(Invalid::Value("a segment holds a slash".to_owned()));
        }
        Ok(self.0.text())
    }

    /// The value as a type that is written in one way only, so that it has one URL.
    fn parse<T: FromStr + ToString>(&self) -> Result<T, Invalid> {
        let text = self.text()?;
        let value = text
            .parse()
            .ok()
            .filter(|value: &T| value.to_string() == text);
        value.ok_or_else(|| Invalid::invalid_value(Unexpected::Str(&text), &type_name::<T>()))
    }

    fn parse_float(&self) -> Result<f64, Invalid> {
        let text = self.text()?;
        let value = text.parse().ok().filter(|value: &f64| value.is_finite());
        value.ok_or_else(|| Invalid::invalid_value(Unexpected::Str(&text), &"a number"))
    }
}

macro_rules! parsed {
    ($($method:ident $visit:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Invalid> {
            visitor.$visit(self.parse()?)
        })*
    };
}

impl<'de> Deserializer<'de> for Value<'_> {
    type Error = Invalid;

    parsed! {
        deserialize_bool visit_bool deserialize_char visit_char
        deserialize_i8 visit_i8 deserialize_i16 visit_i16 deserialize_i32 visit_i32
        deserialize_i64 visit_i64 deserialize_i128 visit_i128
        deserialize_u8 visit_u8 deserialize_u16 visit_u16 deserialize_u32 visit_u32
        deserialize_u64 visit_u64 deserialize_u128 visit_u128
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Invalid> {
        // What is too large for the type would be read as infinite.
        let number = self.parse_float()?;
        if number.abs() > f32::MAX.into() {
            return Err(Invalid::Value("too large a number".to_owned()));
        }
        visitor.visit_f64(number)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Invalid> {
        visitor.visit_f64(self.parse_float()?)
    }

    forward_to_deserialize_any! { str string bytes byte_buf identifier }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Invalid> {
        match self.text()? {
            Cow::Borrowed(text) => visitor.visit_str(text),
            Cow::Owned(text) => visitor.visit_string(text),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Invalid> {
        if self.0.is_empty() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Invalid> {
        if !self.0.is_rest() {
            return Err(Invalid::Use(format!(
                "it wants a list, and [{}] is one segment; a list is for [...{}]",
                self.0.name(),
                self.0.name()
            )));
        }
        visitor.visit_seq(SeqDeserializer::new(self.0.segments().map(Value)))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Invalid> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Invalid> {
        visitor.visit_enum(self)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Invalid> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Invalid> {
        visitor.visit_unit()
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Invalid> {
        visitor.visit_unit()
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Invalid> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Invalid> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Invalid> {
        Err(Invalid::nested())
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Invalid> {
        Err(Invalid::nested())
    }
}

impl IntoDeserializer<'_, Invalid> for Value<'_> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// A value that names the variant of an enum.
impl<'de> EnumAccess<'de> for Value<'_> {
    type Error = Invalid;
    type Variant = UnitOnly;

    fn variant_seed<V: DeserializeSeed<'de>>(
        self,
        seed: V,
    ) -> Result<(V::Value, UnitOnly), Invalid> {
        Ok((seed.deserialize(self)?, UnitOnly))
    }
}

struct UnitOnly;

impl<'de> VariantAccess<'de> for UnitOnly {
    type Error = Invalid;

    fn unit_variant(self) -> Result<(), Invalid> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, _: T) -> Result<T::Value, Invalid> {
        Err(Invalid::nested())
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Invalid> {
        Err(Invalid::nested())
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Invalid> {
        Err(Invalid::nested())
    }
}

/// Why parameters do not make a value.
#[derive(Debug)]
pub(super) enum Invalid {
    /// The URL has a value that is none of the type.
    Value(String),
    /// The type fits no URL of the route.
    Use(String),
}

impl Invalid {
    fn nested() -> Self {
        Self::Use("one parameter is one value, and no structure".to_owned())
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(text) | Self::Use(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for Invalid {}

impl de::Error for Invalid {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::Value(message.to_string())
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::Use(format!(
            "it wants {expected}, and a parameter is {unexpected}"
        ))
    }

    fn unknown_field(field: &str, _: &'static [&'static str]) -> Self {
        Self::Use(format!("it has no field for [{field}]"))
    }

    fn missing_field(field: &'static str) -> Self {
        Self::Use(format!("there is no parameter [{field}]"))
    }
}
