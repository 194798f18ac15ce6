use super::{PixelError, PixelErrorKind};

/// A picture: RGBA bytes, row-major, not premultiplied (as a canvas's `ImageData` has them). It has pixels.
#[derive(Debug, Clone, Copy)]
pub struct Rgba<'a> {
    data: &'a [u8],
    width: usize,
    height: usize,
}

impl<'a> Rgba<'a> {
    /// `data` has 4 × `width` × `height` bytes.
    pub fn new(data: &'a [u8], width: usize, height: usize) -> Result<Self, PixelError> {
        let bytes = width
            .checked_mul(height)
            .and_then(|pixels| pixels.checked_mul(4));
        let need = bytes
            .filter(|&bytes| bytes > 0)
            .ok_or(PixelErrorKind::ImageSize { width, height })?;
        if data.len() != need {
            return Err(PixelErrorKind::ImageBytes {
                width,
                height,
                have: data.len(),
                need,
            }
            .into());
        }
        Ok(Rgba {
            data,
            width,
            height,
        })
    }

    pub fn data(&self) -> &'a [u8] {
        self.data
    }

    pub fn width(&self) -> usize {
        self.width
    }

    pub fn height(&self) -> usize {
        self.height
    }
}
