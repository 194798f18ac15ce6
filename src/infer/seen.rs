//! What a network is given of a picture.

use super::InferError;
use crate::onnx::Facts;
use crate::pixels::{Preprocessing, Rgba};

/// The bytes that a network is given of a drawing under a preprocessing: of a network that takes photos, as a photo.
pub(super) fn drawn_under(
    preprocessing: &Preprocessing,
    facts: &Facts,
    picture: Rgba,
) -> Option<Vec<u8>> {
    let (fit, shape) = (preprocessing.fit, facts.input.dims());
    match fit.takes_ink(shape) {
        true => fit.of_drawing(picture, shape),
        false => fit.of_photo(picture, shape),
    }
}

/// The same of a photo.
pub(super) fn photographed_under(
    preprocessing: &Preprocessing,
    facts: &Facts,
    picture: Rgba,
) -> Option<Vec<u8>> {
    preprocessing.fit.of_photo(picture, facts.input.dims())
}

/// The bytes that a network is given of a photo, `[channels, height, width]`; `None` if it is one for what is drawn,
/// and nothing is.
pub(super) fn seen_of_photo(facts: &Facts, picture: Rgba) -> Option<Vec<u8>> {
    let fit = facts.preprocessing().fit;
    fit.of_photo(picture, facts.input.dims())
}

/// The bytes that a network is given of a drawing; `None` if there is no ink.
pub(super) fn seen(facts: &Facts, picture: Rgba) -> Result<Option<Vec<u8>>, InferError> {
    if takes_drawings(facts) {
        let fit = facts.preprocessing().fit;
        return Ok(fit.of_drawing(picture, facts.input.dims()));
    }
    let [channels, height, width] = facts.input.dims();
    Err(InferError::NoDrawings {
        channels,
        height,
        width,
    })
}

/// Whether the network is one for what is drawn by hand.
pub(super) fn takes_drawings(facts: &Facts) -> bool {
    facts.preprocessing().fit.takes_ink(facts.input.dims())
}
