//! Stored types read what older versions have written.

/// `Deserialize` for a struct that files or the page keep: a field that is missing has the value of `Default`, which is
/// what its absence meant, and one that is not known is passed over. As `#[serde(default)]`, but the page's types still
/// promise every field: what Rust gives is complete. A field that the list lacks does not compile.
macro_rules! reads_older {
    ($name:ident { $($field:ident: $key:literal),+ $(,)? }) => {
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(given: D) -> Result<Self, D::Error> {
                struct Fields;

                impl<'de> serde::de::Visitor<'de> for Fields {
                    type Value = $name;

                    fn expecting(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        to.write_str(stringify!($name))
                    }

                    fn visit_map<A: serde::de::MapAccess<'de>>(
                        self,
                        mut given: A,
                    ) -> Result<$name, A::Error> {
                        let $name { $(mut $field),+ } = $name::default();
                        while let Some(key) = given.next_key::<String>()? {
                            match key.as_str() {
                                $($key => $field = given.next_value()?,)+
                                _ => {
                                    given.next_value::<serde::de::IgnoredAny>()?;
                                }
                            }
                        }
                        Ok($name { $($field),+ })
                    }
                }

                given.deserialize_struct(stringify!($name), &[$($key),+], Fields)
            }
        }
    };
}

pub(crate) use reads_older;
