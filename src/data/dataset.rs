//! Images of one shape with their labels and splits.

use std::sync::Arc;

use super::idx::{self, Images};
use super::order::{self, Stream};
use super::{Builtin, DataError, DataErrorKind, Part};
use rand::seq::SliceRandom;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::Xxh3Default;

/// Labels that are brought into bytes together.
const HASHED_AT_ONCE: usize = 4096;

/// What a sample is for. Test samples are never trained on, nor looked at to choose anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
pub enum Split {
    Train,
    Validation,
    Test,
}

impl Split {
    /// As arrays of splits have it: 0 train, 1 validation, 2 test; 255, a sample that has none yet, is `None`.
    ///
    /// # Errors
    /// If it is another number.
    pub fn of_code(code: u8) -> Result<Option<Self>, DataError> {
        match code {
            0 => Ok(Some(Split::Train)),
            1 => Ok(Some(Split::Validation)),
            2 => Ok(Some(Split::Test)),
            NO_SPLIT => Ok(None),
            found => Err(DataErrorKind::SplitCode { found }.into()),
        }
    }

    pub fn code(self) -> u8 {
        self as u8
    }
}

/// The code of a sample that has no split yet.
const NO_SPLIT: u8 = u8::MAX;

/// The two IDX files, as bytes, that give images and their labels.
#[derive(Debug, Clone, Copy)]
pub struct IdxPair<'a> {
    pub images: &'a [u8],
    pub labels: &'a [u8],
}

/// Labelled images of one shape. Every label names a class; there may be no samples yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dataset {
    name: String,
    classes: Vec<String>,
    /// Channels, height, width.
    shape: [usize; 3],
    /// `[sample, channel, height, width]`, 0–255.
    /// Shared, so that a copy of the dataset with other splits costs little.
    pixels: Arc<Vec<u8>>,
    labels: Arc<Vec<u16>>,
    splits: Vec<Split>,
    /// The splits as the data came with them, before any hold-out.
    given: Vec<Split>,
    content_id: String,
}

impl Dataset {
    /// `shape` is channels, height, width; `pixels` is `[sample, channel, height, width]`, 0–255.
    pub fn new(
        name: impl Into<String>,
        classes: Vec<String>,
        shape: [usize; 3],
        pixels: Vec<u8>,
        labels: Vec<u16>,
        splits: Vec<Split>,
    ) -> Result<Self, DataError> {
        let mut dataset = Self::unnamed(name.into(), classes, shape, pixels, labels, splits)?;
        dataset.content_id = dataset.hash();
        Ok(dataset)
    }

    /// Without its content's id.
    fn unnamed(
        name: String,
        classes: Vec<String>,
        shape: [usize; 3],
        pixels: Vec<u8>,
        labels: Vec<u16>,
        splits: Vec<Split>,
    ) -> Result<Self, DataError> {
        if classes.is_empty() || classes.len() > usize::from(u16::MAX) {
            return Err(DataErrorKind::ClassCount {
                found: classes.len(),
            }
            .into());
        }
        let size = shape
            .iter()
            .try_fold(1usize, |product, &side| product.checked_mul(side));
        let need = size
            .filter(|&size| size > 0)
            .and_then(|size| size.checked_mul(labels.len()));
        let need = need.ok_or(DataErrorKind::Shape { shape })?;
        if pixels.len() != need {
            return Err(DataErrorKind::PixelCount {
                have: pixels.len(),
                need,
            }
            .into());
        }
        if splits.len() != labels.len() {
            return Err(DataErrorKind::SplitCount {
                splits: splits.len(),
                labels: labels.len(),
            }
            .into());
        }
        check_labels(&labels, classes.len())?;
        Ok(Dataset {
            name,
            classes,
            shape,
            pixels: Arc::new(pixels),
            labels: Arc::new(labels),
            given: splits.clone(),
            splits,
            content_id: String::new(),
        })
    }

    /// The four files of a dataset that comes with Hearth; its content's id is its own.
    pub fn builtin(
        known: Builtin,
        train: IdxPair<'_>,
        test: IdxPair<'_>,
    ) -> Result<Self, DataError> {
        let name = known.id().to_owned();
        let mut dataset = Self::of_pairs(name, known.classes(), train, test)?;
        dataset.content_id = known.id().to_owned();
        Ok(dataset)
    }

    /// A data set published as four IDX files: grey images, all of them training or test.
    pub fn from_idx(
        name: &str,
        classes: Vec<String>,
        train: IdxPair<'_>,
        test: IdxPair<'_>,
    ) -> Result<Self, DataError> {
        let mut dataset = Self::of_pairs(name.to_owned(), classes, train, test)?;
        dataset.content_id = dataset.hash();
        Ok(dataset)
    }

    fn of_pairs(
        name: String,
        classes: Vec<String>,
        train: IdxPair<'_>,
        test: IdxPair<'_>,
    ) -> Result<Self, DataError> {
        let (train, mut labels) =
            read_pair(train, classes.len(), Part::TrainImages, Part::TrainLabels)?;
        let (test, test_labels) =
            read_pair(test, classes.len(), Part::TestImages, Part::TestLabels)?;
        let sides = |images: &Images<'_>| [images.height(), images.width()];
        if sides(&train) != sides(&test) {
            return Err(DataErrorKind::ShapesDiffer {
                train: sides(&train),
                test: sides(&test),
            }
            .into());
        }
        labels.extend(test_labels);
        let mut splits = vec![Split::Train; train.count()];
        splits.resize(labels.len(), Split::Test);
        let pixels = [train.pixels(), test.pixels()].concat();
        Self::unnamed(
            name,
            classes,
            [1, train.height(), train.width()],
            pixels,
            labels,
            splits,
        )
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn classes(&self) -> &[String] {
        &self.classes
    }

    /// Channels, height, width.
    pub fn shape(&self) -> [usize; 3] {
        self.shape
    }

    /// What the dataset holds, whatever it is called: 32 hexadecimal digits of shape, classes, pixels, labels and the
    /// splits that the data came with (XXH3, 128 bits); of a dataset that comes with Hearth its own id.
    pub fn content_id(&self) -> &str {
        &self.content_id
    }

    fn hash(&self) -> String {
        let mut hasher = Xxh3Default::new();
        // Lengths come first, so that no two datasets are one sequence of bytes.
        let number = |hasher: &mut Xxh3Default, n: usize| hasher.update(&(n as u64).to_le_bytes());
        for side in self.shape {
            number(&mut hasher, side);
        }
        number(&mut hasher, self.classes.len());
        for class in &self.classes {
            number(&mut hasher, class.len());
            hasher.update(class.as_bytes());
        }
        number(&mut hasher, self.labels.len());
        hasher.update(&self.pixels);
        for part in self.labels.chunks(HASHED_AT_ONCE) {
            let bytes: Vec<u8> = part.iter().flat_map(|label| label.to_le_bytes()).collect();
            hasher.update(&bytes);
        }
        let splits: Vec<u8> = self.given.iter().map(|split| split.code()).collect();
        hasher.update(&splits);
        format!("{:032x}", hasher.digest128())
    }

    /// Samples in all splits together.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The pixels of sample `i`, `[channel, height, width]`, 0–255.
    pub fn pixels(&self, i: usize) -> &[u8] {
        let size = self.shape.iter().product::<usize>();
        &self.pixels[i * size..(i + 1) * size]
    }

    /// The class of sample `i`, an index into `classes()`.
    pub fn label(&self, i: usize) -> usize {
        usize::from(self.labels[i])
    }

    pub fn split(&self, i: usize) -> Split {
        self.splits[i]
    }

    /// The samples of a split, in ascending order.
    pub fn indices(&self, split: Split) -> Vec<u32> {
        (0u32..)
            .zip(&self.splits)
            .filter(|&(_, &s)| s == split)
            .map(|(i, _)| i)
            .collect()
    }

    pub fn count(&self, split: Split) -> usize {
        self.splits.iter().filter(|&&s| s == split).count()
    }

    /// Sets `share` (0–1) of the training samples aside as validation, of each class alike; 0 sets none aside. If the
    /// data came with a validation split, that one stands, and none are taken from training.
    ///
    /// It starts from the splits that the data came with, so a second call replaces the first. The number set aside
    /// is `share` × training samples, rounded, and of each class within one of its own share; but every class keeps
    /// at least one sample to learn from. The choice depends on nothing but the labels, `share` and `seed`.
    pub fn hold_out_validation(&mut self, share: f32, seed: u64) {
        self.splits.clone_from(&self.given);
        if self.given.contains(&Split::Validation) {
            return;
        }
        let share = f64::from(share.clamp(0.0, 1.0));
        let mut rng = order::generator(seed, Stream::HoldOut, 0);
        let mut seen = 0;
        for mut members in self.training_by_class() {
            // A share that is not a number becomes 0 in the cast.
            let due = |samples: usize| (share * samples as f64).round() as usize;
            // Rounding the running total, not each class, makes the total right.
            let held = due(seen + members.len()) - due(seen);
            seen += members.len();
            members.shuffle(&mut rng);
            let held = held.min(members.len().saturating_sub(1));
            for &i in &members[..held] {
                self.splits[i as usize] = Split::Validation;
            }
        }
    }

    /// The same samples in other splits, one for each. The content's id stays that of the data as they came.
    ///
    /// # Errors
    /// If there are not as many splits as samples.
    pub fn with_splits(&self, splits: Vec<Split>) -> Result<Self, DataError> {
        if splits.len() != self.len() {
            return Err(DataErrorKind::SplitCount {
                splits: splits.len(),
                labels: self.len(),
            }
            .into());
        }
        Ok(Dataset {
            given: splits.clone(),
            splits,
            ..self.clone()
        })
    }

    /// Makes every sample one to test on.
    pub fn test_all(&mut self) {
        self.splits.fill(Split::Test);
    }

    fn training_by_class(&self) -> Vec<Vec<u32>> {
        let mut members = vec![Vec::new(); self.classes.len()];
        for i in self.indices(Split::Train) {
            members[self.label(i as usize)].push(i);
        }
        members
    }
}

/// The classes of MNIST: "0" to "9".
pub fn mnist_classes() -> Vec<String> {
    Builtin::Mnist.classes()
}

/// The images and labels of one split; every label is under `classes`.
///
/// # Errors
/// If the files are broken or do not belong together.
pub fn read_split(pair: IdxPair<'_>, classes: usize) -> Result<(Images<'_>, Vec<u16>), DataError> {
    read_pair(pair, classes, Part::TestImages, Part::TestLabels)
}

fn read_pair(
    pair: IdxPair<'_>,
    classes: usize,
    images_part: Part,
    labels_part: Part,
) -> Result<(Images<'_>, Vec<u16>), DataError> {
    let images = idx::read_images(pair.images).map_err(|e| e.within(images_part))?;
    let labels = idx::read_labels(pair.labels).map_err(|e| e.within(labels_part))?;
    if images.count() != labels.len() {
        let mismatch = DataErrorKind::CountMismatch {
            images: images.count(),
            labels: labels.len(),
        };
        return Err(DataError::from(mismatch).within(labels_part));
    }
    let labels: Vec<u16> = labels.into_iter().map(u16::from).collect();
    check_labels(&labels, classes).map_err(|e| e.within(labels_part))?;
    Ok((images, labels))
}

fn check_labels(labels: &[u16], classes: usize) -> Result<(), DataError> {
    match labels
        .iter()
        .position(|&label| usize::from(label) >= classes)
    {
        Some(sample) => {
            let label = u32::from(labels[sample]);
            Err(DataErrorKind::LabelOutOfRange {
                sample,
                label,
                classes,
            }
            .into())
        }
        None => Ok(()),
    }
}
