//! One field of a form, as whatever its type asks for.

use std::fmt::Display;
use std::str::FromStr;

use serde::de::value::{SeqDeserializer, StrDeserializer};
use serde::de::{Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::message::{Error, REQUIRED};

/// What there is to read for a field.
#[derive(Clone, Copy)]
pub(super) enum Input<'f> {
    /// The values that were sent under its name.
    Given(&'f [&'f str]),
    /// The same, of which an `Option` takes an empty one for a text and not for nothing.
    Text(&'f [&'f str]),
    /// Nothing was sent: unchecked, nothing chosen, or left out.
    Absent,
    /// It failed already: a value of any type, to get past it.
    StandIn,
}

/// The deserializer of one field.
pub(super) struct Field<'f>(pub(super) Input<'f>);

impl<'f> Field<'f> {
    /// The last value, as the type's text.
    fn last(&self) -> Result<&'f str, Error> {
        match self.0 {
            Input::Given(values) | Input::Text(values) => {
                Ok(values.last().copied().unwrap_or_default())
            }
            Input::Absent => Err(Error::text(REQUIRED)),
            Input::StandIn => Ok(""),
        }
    }

    fn number<N: FromStr + Default>(&self, advice: impl FnOnce() -> String) -> Result<N, Error> {
        if let Input::StandIn = self.0 {
            return Ok(N::default());
        }
        match self.last()?.trim() {
            "" => Err(Error::text(REQUIRED)),
            text => text.parse().map_err(|_| Error::text(advice())),
        }
    }

    fn integer<N: FromStr + Default>(
        &self,
        min: impl Display,
        max: impl Display,
    ) -> Result<N, Error> {
        self.number(
            || match self.last().map(|text| text.trim().parse::<i128>()) {
                Ok(Ok(_)) => format!("Please enter a whole number from {min} to {max}."),
                _ => "Please enter a whole number.".to_owned(),
            },
        )
    }

    /// A number of real life: Rust would also read `inf` and `NaN`.
    fn float(&self) -> Result<f64, Error> {
        let advice = "Please enter a number.";
        let number: f64 = self.number(|| advice.to_owned())?;
        if number.is_finite() {
            Ok(number)
        } else {
            Err(Error::text(advice))
        }
    }

    fn boolean(&self) -> Result<bool, Error> {
        if let Input::Absent | Input::StandIn = self.0 {
            return Ok(false);
        }
        match self.last()?.trim() {
            "" if matches!(self.0, Input::Text(_)) => Err(Error::text(REQUIRED)),
            "on" | "true" | "yes" | "1" => Ok(true),
            "off" | "false" | "no" | "0" | "" => Ok(false),
            _ => Err(Error::text("Please answer yes or no.")),
        }
    }

    /// Whether there is nothing here, as far as an `Option` is concerned.
    fn is_empty(&self) -> bool {
        match self.0 {
            Input::Given(values) => values.last().is_none_or(|value| value.is_empty()),
            Input::Text(_) => false,
            Input::Absent | Input::StandIn => true,
        }
    }

    /// Every value, for a list.
    fn all(&self) -> impl Iterator<Item = Value<'f>> + use<'f> {
        let values = match self.0 {
            Input::Given(values) | Input::Text(values) => values,
            Input::Absent | Input::StandIn => &[],
        };
        values.chunks(1).map(Value)
    }
}

/// One value of a list, as a field of its own.
struct Value<'f>(&'f [&'f str]);

impl<'de, 'f> IntoDeserializer<'de, Error> for Value<'f> {
    type Deserializer = Field<'f>;

    fn into_deserializer(self) -> Field<'f> {
        Field(Input::Given(self.0))
    }
}

macro_rules! integers {
    ($($method:ident $visit:ident $type:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            visitor.$visit(self.integer($type::MIN, $type::MAX)?)
        })*
    };
}

impl<'de> Deserializer<'de> for Field<'_> {
    type Error = Error;

    integers! {
        deserialize_i8 visit_i8 i8
        deserialize_i16 visit_i16 i16
        deserialize_i32 visit_i32 i32
        deserialize_i64 visit_i64 i64
        deserialize_i128 visit_i128 i128
        deserialize_u8 visit_u8 u8
        deserialize_u16 visit_u16 u16
        deserialize_u32 visit_u32 u32
        deserialize_u64 visit_u64 u64
        deserialize_u128 visit_u128 u128
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let number = self.float()?;
        // What is too large for the type would be read as infinite.
        if number.abs() > f32::MAX.into() {
            return Err(Error::text("Please enter a smaller number."));
        }
        visitor.visit_f64(number)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_f64(self.float()?)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_bool(self.boolean()?)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if let Input::StandIn = self.0 {
            return visitor.visit_char(' ');
        }
        let mut text = self.last()?.chars();
        match (text.next(), text.next()) {
            (Some(character), None) => visitor.visit_char(character),
            (None, _) => Err(Error::text(REQUIRED)),
            _ => Err(Error::text("Please enter one character.")),
        }
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_str(self.last()?)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_bytes(self.last()?.as_bytes())
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.is_empty() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
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

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(SeqDeserializer::new(self.all()))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let variant = match self.0 {
            Input::StandIn => variants.first().copied().unwrap_or_default(),
            Input::Given(_) | Input::Text(_) | Input::Absent => self.last()?,
        };
        visitor.visit_enum(StrDeserializer::new(variant))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! { str string map struct identifier }
}
