//! IDX, the format MNIST is published in: two zero bytes, an element type, the number of dimensions, their sizes as
//! big-endian 32-bit numbers, then the elements (<http://yann.lecun.com/exdb/mnist/>, "The IDX file format").
//!
//! Read and written here: unsigned bytes, as images `[count, height, width]` and as labels `[count]`.

use crate::data::{DataError, DataErrorKind};

const UNSIGNED_BYTE: u8 = 0x08;
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];
const IMAGE_RANK: u8 = 3;
const LABEL_RANK: u8 = 1;

/// Grey images of one size, row-major `[count, height, width]`; there is at least one, and it has pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Images<'a> {
    pixels: &'a [u8],
    height: usize,
    width: usize,
}

impl<'a> Images<'a> {
    /// `pixels` is `[count, height, width]`; the count follows from its length.
    pub fn new(pixels: &'a [u8], height: usize, width: usize) -> Result<Self, DataError> {
        let shape = [1, height, width];
        let size = height
            .checked_mul(width)
            .filter(|&size| size > 0)
            .ok_or(DataErrorKind::Shape { shape })?;
        let count = pixels.len() / size;
        if count * size != pixels.len() {
            return Err(DataErrorKind::PixelCount {
                have: pixels.len(),
                need: (count + 1) * size,
            }
            .into());
        }
        let sizes = [count, height, width];
        if let Some(dimension) = sizes.iter().position(|&size| size == 0) {
            return Err(DataErrorKind::IdxEmpty { dimension }.into());
        }
        Ok(Images {
            pixels,
            height,
            width,
        })
    }

    pub fn count(&self) -> usize {
        self.pixels.len() / (self.height * self.width)
    }

    pub fn height(&self) -> usize {
        self.height
    }

    pub fn width(&self) -> usize {
        self.width
    }

    /// All pixels, 0–255, `[count, height, width]`.
    pub fn pixels(&self) -> &'a [u8] {
        self.pixels
    }
}

/// Reads a file of images without copying it.
pub fn read_images(file: &[u8]) -> Result<Images<'_>, DataError> {
    let (sizes, pixels) = read(file, IMAGE_RANK)?;
    // `read` has found these many bytes in memory, so the sizes fit a usize.
    Ok(Images {
        pixels,
        height: sizes[1] as usize,
        width: sizes[2] as usize,
    })
}

/// Reads a file of labels. What the labels mean is not in the file, so any byte is accepted.
pub fn read_labels(file: &[u8]) -> Result<Vec<u8>, DataError> {
    read(file, LABEL_RANK).map(|(_, labels)| labels.to_vec())
}

pub fn write_images(images: &Images<'_>) -> Result<Vec<u8>, DataError> {
    write(
        &[images.count(), images.height, images.width],
        images.pixels,
    )
}

pub fn write_labels(labels: &[u8]) -> Result<Vec<u8>, DataError> {
    write(&[labels.len()], labels)
}

fn write(sizes: &[usize], elements: &[u8]) -> Result<Vec<u8>, DataError> {
    if let Some(dimension) = sizes.iter().position(|&size| size == 0) {
        return Err(DataErrorKind::IdxEmpty { dimension }.into());
    }
    let mut file = Vec::with_capacity(4 + 4 * sizes.len() + elements.len());
    file.extend([0, 0, UNSIGNED_BYTE, sizes.len() as u8]);
    for &size in sizes {
        let size = u32::try_from(size).map_err(|_| DataErrorKind::IdxTooLarge {
            sizes: vec![u32::MAX],
        })?;
        file.extend(size.to_be_bytes());
    }
    file.extend(elements);
    Ok(file)
}

/// The sizes and the elements of a file that has `rank` dimensions and exactly the bytes they ask for.
fn read(file: &[u8], rank: u8) -> Result<(Vec<u32>, &[u8]), DataError> {
    check_magic(file, rank)?;
    let header = 4 + 4 * usize::from(rank);
    let Some((head, elements)) = file.split_at_checked(header) else {
        return Err(truncated(file, header as u64, true));
    };
    let sizes: Vec<u32> = head[4..]
        .chunks_exact(4)
        .map(|b| u32::from_be_bytes([b[0], b[1], b[2], b[3]]))
        .collect();
    if let Some(dimension) = sizes.iter().position(|&size| size == 0) {
        return Err(DataErrorKind::IdxEmpty { dimension }.into());
    }
    let need = sizes
        .iter()
        .try_fold(1u64, |product, &size| product.checked_mul(u64::from(size)));
    let Some(need) = need.and_then(|elements| elements.checked_add(header as u64)) else {
        return Err(DataErrorKind::IdxTooLarge { sizes }.into());
    };
    let have = file.len() as u64;
    match have.cmp(&need) {
        std::cmp::Ordering::Less => Err(truncated(file, need, false)),
        std::cmp::Ordering::Greater => Err(DataErrorKind::IdxTrailing { have, need }.into()),
        std::cmp::Ordering::Equal => Ok((sizes, elements)),
    }
}

fn check_magic(file: &[u8], rank: u8) -> Result<(), DataError> {
    let &[zero, also_zero, element, found, ..] = file else {
        return Err(match file {
            [a, b, ..] if [*a, *b] == GZIP_MAGIC => DataErrorKind::IdxCompressed.into(),
            _ => truncated(file, 4 + 4 * u64::from(rank), true),
        });
    };
    match [zero, also_zero] {
        [0, 0] => {}
        GZIP_MAGIC => return Err(DataErrorKind::IdxCompressed.into()),
        found => return Err(DataErrorKind::IdxMagic { found }.into()),
    }
    if element != UNSIGNED_BYTE {
        return Err(DataErrorKind::IdxElement { found: element }.into());
    }
    if found != rank {
        return Err(DataErrorKind::IdxRank {
            found,
            expected: rank,
        }
        .into());
    }
    Ok(())
}

fn truncated(file: &[u8], need: u64, at_least: bool) -> DataError {
    DataErrorKind::IdxTruncated {
        have: file.len() as u64,
        need,
        at_least,
    }
    .into()
}
