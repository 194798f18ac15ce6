use super::augment::Amount;

/// Pictures or settings that cannot be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error(transparent)]
pub struct PixelError {
    kind: PixelErrorKind,
}

impl PixelError {
    pub fn kind(&self) -> &PixelErrorKind {
        &self.kind
    }
}

impl From<PixelErrorKind> for PixelError {
    fn from(kind: PixelErrorKind) -> Self {
        PixelError { kind }
    }
}

#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PixelErrorKind {
    #[error("A picture of {width} × {height} pixels holds nothing or is too large to address.")]
    ImageSize { width: usize, height: usize },
    #[error(
        "A picture of {width} × {height} pixels has 4 bytes (RGBA) for each, {need} in all; {have} were given."
    )]
    ImageBytes {
        width: usize,
        height: usize,
        have: usize,
        need: usize,
    },
    #[error(
        "Images of the shape {shape:?} (channels, height, width) cannot be made: 1 channel (grey) or 3, and sides of 1 to {most} pixels, are possible."
    )]
    ImageShape { shape: [usize; 3], most: usize },
    #[error("A crop of {crop} is outside 0 to 1.")]
    Crop { crop: f32 },
    #[error("{} must be between 0 and {} {}; it is {value}.", amount.name, amount.most, amount.unit)]
    Augmentation { amount: Amount, value: f32 },
}

impl PixelErrorKind {
    /// A name that stays the same in every language and version.
    pub fn code(&self) -> &'static str {
        match self {
            PixelErrorKind::ImageSize { .. } => "image-size",
            PixelErrorKind::ImageBytes { .. } => "image-bytes",
            PixelErrorKind::ImageShape { .. } => "image-shape",
            PixelErrorKind::Crop { .. } => "crop-range",
            PixelErrorKind::Augmentation { .. } => "augmentation-range",
        }
    }
}
