//! Values as TypeScript writes them, laid out as Biome does.

use serde::Serialize;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use super::Failure;

/// Where Biome breaks lines.
const WIDTH: usize = 120;

/// A value as it is written, its fields in the order in which Rust declares them.
pub enum Literal {
    Plain(String),
    List(Vec<Literal>),
    Map(Vec<(String, Literal)>),
}

impl Literal {
    pub fn of(value: &impl Serialize) -> Result<Self, Failure> {
        Ok(serde_json::from_str(&serde_json::to_string(value)?)?)
    }

    pub fn map<const N: usize>(fields: [(&str, impl Serialize); N]) -> Result<Self, Failure> {
        let fields = fields.into_iter();
        let fields: Result<_, Failure> = fields
            .map(|(key, value)| Ok((key.to_owned(), Literal::of(&value)?)))
            .collect();
        Ok(Literal::Map(fields?))
    }

    /// A tagged value as its tag and the rest.
    pub fn without_kind(self) -> Result<(String, Literal), Failure> {
        match self {
            Literal::Map(mut fields) if fields.first().is_some_and(|(key, _)| key == "kind") => {
                let (_, kind) = fields.remove(0);
                Ok((kind.inline().replace('"', ""), Literal::Map(fields)))
            }
            other => Err(format!("{} has no kind.", other.inline()).into()),
        }
    }

    /// What ends the declaration.
    pub fn after(&self) -> &'static str {
        match self {
            Literal::Plain(_) => ";",
            _ => " as const;",
        }
    }

    fn inline(&self) -> String {
        let joined = |parts: Vec<String>| parts.join(", ");
        match self {
            Literal::Plain(text) => text.clone(),
            Literal::List(items) => {
                format!("[{}]", joined(items.iter().map(Self::inline).collect()))
            }
            Literal::Map(fields) if fields.is_empty() => "{}".into(),
            Literal::Map(fields) => {
                let fields = fields
                    .iter()
                    .map(|(key, value)| format!("{}: {}", quoted(key), value.inline()));
                format!("{{ {} }}", joined(fields.collect()))
            }
        }
    }

    /// `used`: the columns that its line has taken.
    pub fn typescript(&self, used: usize) -> String {
        let mut text = String::new();
        self.write(&mut text, 0, used);
        text
    }

    /// On one line if it fits and no map in it holds maps.
    fn write(&self, to: &mut String, indent: usize, used: usize) {
        let inline = self.inline();
        if used + inline.len() <= WIDTH && !self.is_deep() {
            to.push_str(&inline);
            return;
        }
        let (open, close) = match self {
            Literal::List(_) => ('[', ']'),
            _ => ('{', '}'),
        };
        to.push(open);
        let mut line = |key: String, value: &Literal| {
            to.push('\n');
            to.push_str(&" ".repeat(indent + 2));
            to.push_str(&key);
            value.write(to, indent + 2, indent + 2 + key.len() + 1);
            to.push(',');
        };
        match self {
            Literal::Plain(_) => {}
            Literal::List(items) => items.iter().for_each(|item| line(String::new(), item)),
            Literal::Map(fields) => fields
                .iter()
                .for_each(|(key, value)| line(format!("{}: ", quoted(key)), value)),
        }
        to.push('\n');
        to.push_str(&" ".repeat(indent));
        to.push(close);
    }

    /// A map of nothing but maps: one a line.
    fn is_deep(&self) -> bool {
        matches!(self, Literal::Map(fields)
            if !fields.is_empty() && fields.iter().all(|(_, value)| matches!(value, Literal::Map(_))))
    }
}

/// A key in quotes only if it needs them.
fn quoted(key: &str) -> String {
    if key.chars().all(|sign| sign.is_ascii_alphanumeric()) {
        key.into()
    } else {
        format!("{key:?}")
    }
}

impl<'de> Deserialize<'de> for Literal {
    fn deserialize<D: Deserializer<'de>>(given: D) -> Result<Self, D::Error> {
        struct Any;

        impl<'de> Visitor<'de> for Any {
            type Value = Literal;

            fn expecting(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                to.write_str("any value")
            }

            fn visit_u64<E>(self, value: u64) -> Result<Literal, E> {
                Ok(Literal::Plain(value.to_string()))
            }

            fn visit_f64<E>(self, value: f64) -> Result<Literal, E> {
                let small = value != 0.0 && value.abs() < 1e-4;
                Ok(Literal::Plain(match small {
                    true => format!("{value:e}"),
                    false => value.to_string(),
                }))
            }

            fn visit_str<E>(self, value: &str) -> Result<Literal, E> {
                Ok(Literal::Plain(format!("{value:?}")))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut given: A) -> Result<Literal, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = given.next_element()? {
                    items.push(item);
                }
                Ok(Literal::List(items))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut given: A) -> Result<Literal, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = given.next_entry()? {
                    fields.push(field);
                }
                Ok(Literal::Map(fields))
            }
        }

        given.deserialize_any(Any)
    }
}
