//! Images alike, by the vectors that a network makes of them: an exact search by cosine, and the plane in which vectors
//! lie furthest apart.

mod dot;
mod error;
mod index;
mod plane;

pub use dot::{portable_products, products};
pub use error::SearchError;
pub use index::{Likeness, LikenessIndex, MOST_VALUES};
