//! What can be wrong with data, each with a stable code and a sentence to act on.

use std::fmt;

/// Data that cannot be used: what is wrong, and in which of several files if that is known.
#[derive(Debug, Clone, PartialEq)]
pub struct DataError {
    kind: DataErrorKind,
    part: Option<Part>,
}

impl DataError {
    pub fn kind(&self) -> &DataErrorKind {
        &self.kind
    }

    /// The file at fault, if the call had several.
    pub fn part(&self) -> Option<Part> {
        self.part
    }

    pub(super) fn within(self, part: Part) -> Self {
        DataError {
            part: Some(part),
            ..self
        }
    }
}

impl fmt::Display for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.part {
            Some(part) => write!(f, "In the {part}: {}", self.kind),
            None => self.kind.fmt(f),
        }
    }
}

impl std::error::Error for DataError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.kind)
    }
}

impl From<DataErrorKind> for DataError {
    fn from(kind: DataErrorKind) -> Self {
        DataError { kind, part: None }
    }
}

/// One of the four files that make a data set such as MNIST.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    TrainImages,
    TrainLabels,
    TestImages,
    TestLabels,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Part::TrainImages => "training images",
            Part::TrainLabels => "training labels",
            Part::TestImages => "test images",
            Part::TestLabels => "test labels",
        })
    }
}

/// Sizes and counts are what the file says and what it holds; bytes are counted over the whole file.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DataErrorKind {
    #[error("the file is still packed with gzip; unpack it first.")]
    IdxCompressed,
    #[error(
        "this is not an IDX file: it starts with the bytes {0:02x} {1:02x}, where an IDX file has two zero bytes.",
        found[0], found[1]
    )]
    IdxMagic { found: [u8; 2] },
    #[error(
        "the IDX file holds values of type 0x{found:02x}; only unsigned bytes (0x08) are read."
    )]
    IdxElement { found: u8 },
    #[error("the IDX file has {found} dimension(s) where {expected} are needed; {}", rank_hint(*.found))]
    IdxRank { found: u8, expected: u8 },
    #[error("the IDX file is cut short: it has {have} bytes and should have {}{need}.", if *.at_least { "at least " } else { "" })]
    IdxTruncated {
        have: u64,
        need: u64,
        /// True if the file ends before its sizes do, so that its full length cannot be known.
        at_least: bool,
    },
    #[error("the IDX file has {have} bytes where its sizes ask for {need}: {} too many follow the data.", .have - .need)]
    IdxTrailing { have: u64, need: u64 },
    #[error("dimension {dimension} of the IDX file has size 0, so it holds nothing.")]
    IdxEmpty { dimension: usize },
    #[error(
        "the IDX file claims sizes {sizes:?}, more than a computer can address; it is damaged."
    )]
    IdxTooLarge { sizes: Vec<u32> },
    #[error("there are {images} images and {labels} labels; each image needs exactly one label.")]
    CountMismatch { images: usize, labels: usize },
    #[error(
        "label {label} of sample {sample} names no class: there are {classes} classes, counted from 0."
    )]
    LabelOutOfRange {
        sample: usize,
        label: u32,
        classes: usize,
    },
    #[error(
        "the training images are {train:?} and the test images {test:?} (height, width); they must be alike."
    )]
    ShapesDiffer { train: [usize; 2], test: [usize; 2] },
    #[error(
        "a data set needs between 1 and {} classes; this one has {found}.",
        u16::MAX
    )]
    ClassCount { found: usize },
    #[error(
        "the images have shape {shape:?} (channels, height, width), which holds no pixels or too many to address."
    )]
    Shape { shape: [usize; 3] },
    #[error(
        "there are {have} pixel bytes where {need} are needed (samples × channels × height × width)."
    )]
    PixelCount { have: usize, need: usize },
    #[error("there are {splits} splits for {labels} labels; each sample needs exactly one.")]
    SplitCount { splits: usize, labels: usize },
    #[error("{found} is no split: 0 is training, 1 validation, 2 test, and 255 none yet.")]
    SplitCode { found: u8 },
    #[error(
        "Validation and test cannot have the shares {validation} and {test}: each is 0 or more, and together at most 1."
    )]
    Shares { validation: f32, test: f32 },
    #[error("there are {have} values where {need} are needed, one for each sample.")]
    PerSample { have: usize, need: usize },
    #[error("dataset.json cannot be read: {why}.")]
    ExportUnreadable { why: String },
    #[error("line {line} of the table cannot be read: {why}.")]
    TableUnreadable { line: u64, why: String },
    #[error("there are {have} probabilities where {need} are needed (samples × classes).")]
    Probabilities { have: usize, need: usize },
    #[error("a probability of sample {sample} is no number.")]
    NotFinite { sample: usize },
    #[error("a look has {need} bytes; this one has {have}.")]
    LookBytes { have: usize, need: usize },
}

impl DataErrorKind {
    /// A name that stays the same in every language and version.
    pub fn code(&self) -> &'static str {
        match self {
            DataErrorKind::IdxCompressed => "idx-compressed",
            DataErrorKind::IdxMagic { .. } => "idx-magic",
            DataErrorKind::IdxElement { .. } => "idx-element",
            DataErrorKind::IdxRank { .. } => "idx-rank",
            DataErrorKind::IdxTruncated { .. } => "idx-truncated",
            DataErrorKind::IdxTrailing { .. } => "idx-trailing",
            DataErrorKind::IdxEmpty { .. } => "idx-empty",
            DataErrorKind::IdxTooLarge { .. } => "idx-too-large",
            DataErrorKind::CountMismatch { .. } => "data-count-mismatch",
            DataErrorKind::LabelOutOfRange { .. } => "data-label-out-of-range",
            DataErrorKind::ShapesDiffer { .. } => "data-shapes-differ",
            DataErrorKind::ClassCount { .. } => "data-class-count",
            DataErrorKind::Shape { .. } => "data-shape",
            DataErrorKind::PixelCount { .. } => "data-pixel-count",
            DataErrorKind::SplitCount { .. } => "data-split-count",
            DataErrorKind::SplitCode { .. } => "data-split-code",
            DataErrorKind::Shares { .. } => "data-shares",
            DataErrorKind::PerSample { .. } => "data-per-sample",
            DataErrorKind::ExportUnreadable { .. } => "export-unreadable",
            DataErrorKind::TableUnreadable { .. } => "table-unreadable",
            DataErrorKind::Probabilities { .. } => "data-probabilities",
            DataErrorKind::NotFinite { .. } => "data-not-finite",
            DataErrorKind::LookBytes { .. } => "data-look-bytes",
        }
    }
}

/// The commonest slip: the two files of a pair taken for each other.
fn rank_hint(found: u8) -> &'static str {
    match found {
        1 => "it looks like a file of labels.",
        3 => "it looks like a file of images.",
        _ => "images have 3 (count, height, width) and labels 1.",
    }
}
