//! How a picture becomes the image that a network is given: the one path, on which training and answering see the same.

use serde::{Deserialize, Serialize};

use super::{PixelError, PixelErrorKind, Rgba, digit, paper, photo, whole};

/// The longest side of an image for a network.
const LONGEST: usize = 4096;

/// How a picture of any size is brought to the input's size.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub enum Fit {
    /// The ink is found, scaled to fit 20×20 and put with its centre of mass in the middle of 28×28.
    Digit,
    /// The whole picture as it stands, nothing cropped or centred, scaled until the longer side fits, in the middle of
    /// the input. Grey images show how much each pixel differs from the ground; those in colour have the picture's own,
    /// and around it its ground.
    Whole,
    /// The middle of a photograph, in its own colours on white: as much as has the input's proportions, and of that
    /// `crop` (0–1) of each side, scaled to the input by an antialiased bicubic filter.
    Photo {
        crop: f32,
        #[cfg_attr(target_family = "wasm", tsify(optional))]
        #[serde(default, skip_serializing_if = "Filter::is_usual")]
        filter: Filter,
    },
    /// The whole photograph at the input's size, its proportions changed if they are others.
    Stretch {
        #[cfg_attr(target_family = "wasm", tsify(optional))]
        #[serde(default, skip_serializing_if = "Filter::is_usual")]
        filter: Filter,
    },
    /// The whole photograph in its proportions, in the middle of the input, and grey (114) around it.
    Letterbox {
        #[cfg_attr(target_family = "wasm", tsify(optional))]
        #[serde(default, skip_serializing_if = "Filter::is_usual")]
        filter: Filter,
    },
}

/// What a pixel of the smaller (or larger) image is made of.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub enum Filter {
    /// Cubic, antialiased, as Pillow has it.
    #[default]
    Bicubic,
    /// Linear, antialiased, as Pillow has it.
    Bilinear,
    /// The nearest pixel.
    Nearest,
}

impl Filter {
    fn is_usual(&self) -> bool {
        *self == Filter::Bicubic
    }
}

impl Fit {
    /// The middle of a photograph by the usual filter.
    pub const fn photo(crop: f32) -> Self {
        Fit::Photo {
            crop,
            filter: Filter::Bicubic,
        }
    }

    /// Whether its numbers are ones that can be calculated with.
    pub fn is_sound(self) -> bool {
        match self {
            Fit::Photo { crop, .. } => crop > 0.0 && crop <= 1.0,
            _ => true,
        }
    }

    /// Whether images of this `shape` (channels, height, width) show what is drawn, and not a photo's colours.
    pub fn takes_ink(self, shape: [usize; 3]) -> bool {
        matches!(
            (self, shape),
            (Fit::Digit, [1, digit::SIDE, digit::SIDE]) | (Fit::Whole, [1, _, _])
        )
    }

    /// The image that a network of this input `shape` (channels, height, width) is given of a photo, bytes
    /// `[channels, height, width]`; `None` if it is one for what is drawn, and nothing is.
    pub fn of_photo(self, picture: Rgba<'_>, shape: [usize; 3]) -> Option<Vec<u8>> {
        let [channels, height, width] = shape;
        match self {
            Fit::Digit if self.takes_ink(shape) => {
                paper::digit(picture).map(|image| image.to_vec())
            }
            Fit::Whole if channels == 1 => whole::scale(picture, width, height),
            Fit::Whole => Some(whole::in_colour(picture, width, height)),
            Fit::Photo { crop, filter } => Some(photo::fit(picture, shape, crop, filter)),
            Fit::Stretch { filter } => Some(photo::stretch(picture, shape, filter)),
            Fit::Letterbox { filter } => Some(photo::letterbox(picture, shape, filter)),
            Fit::Digit => Some(photo::fit(picture, shape, 1.0, Filter::Bicubic)),
        }
    }

    /// The same for a training: what has nothing drawn on it is an image of zeros.
    ///
    /// # Errors
    /// If there are no images of such a shape, or the crop is no share.
    pub fn image(self, picture: Rgba<'_>, shape: [usize; 3]) -> Result<Vec<u8>, PixelError> {
        let [channels, height, width] = shape;
        let sides = 1..=LONGEST;
        if !matches!(channels, 1 | 3) || !sides.contains(&height) || !sides.contains(&width) {
            let most = LONGEST;
            return Err(PixelErrorKind::ImageShape { shape, most }.into());
        }
        match self {
            Fit::Photo { crop, .. } if !(crop > 0.0 && crop <= 1.0) => {
                Err(PixelErrorKind::Crop { crop }.into())
            }
            _ => Ok(self
                .of_photo(picture, shape)
                .unwrap_or_else(|| vec![0; channels * height * width])),
        }
    }

    /// The same of a drawing: ink on a plain or transparent ground. `None` if there is no ink, or if images of this
    /// shape show none ([`Fit::takes_ink`]).
    pub fn of_drawing(self, picture: Rgba<'_>, shape: [usize; 3]) -> Option<Vec<u8>> {
        let [_, height, width] = shape;
        match self {
            _ if !self.takes_ink(shape) => None,
            Fit::Digit => digit::center(picture).map(|image| image.to_vec()),
            _ => whole::scale(picture, width, height),
        }
    }
}
