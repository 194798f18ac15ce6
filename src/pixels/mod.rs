//! From pictures to what a network takes in. Pure: no engine, no browser.

pub mod augment;
pub mod copies;
pub mod digit;
mod distance;
mod error;
mod fit;
mod ink;
pub mod look;
pub mod paper;
pub mod photo;
mod preprocess;
mod rgba;
pub mod whole;

pub use error::{PixelError, PixelErrorKind};
pub use fit::{Filter, Fit};
pub use ink::has_plain_ground;
pub use preprocess::{ChannelOrder, Ink, KnownPreprocessing, PerChannel, Preprocessing};
pub use rgba::Rgba;
