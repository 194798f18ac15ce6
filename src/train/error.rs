use crate::data::DataError;
use crate::model::network::NetworkError;
use crate::model::{RecipeError, SpecError};

/// Why a training cannot start or go on.
#[derive(thiserror::Error, Clone, Debug)]
pub enum TrainError {
    #[error(transparent)]
    Network(#[from] NetworkError),
    #[error(transparent)]
    Recipe(#[from] RecipeError),
    #[error(transparent)]
    Data(#[from] DataError),
    #[error(
        "The network takes {network:?} (channels, height, width), the images of this dataset are {dataset:?}."
    )]
    ImageShape {
        network: [usize; 3],
        dataset: [usize; 3],
    },
    #[error(
        "The last layer tells {network} classes apart, the dataset has {dataset}: set its units to {dataset}."
    )]
    Classes { network: usize, dataset: usize },
    #[error("There is no image to train on: add some, or hold out fewer for validation.")]
    NoSamples,
    #[error(
        "A batch of {batch} images needs more memory than there is for this network: choose at most {most}."
    )]
    BatchTooLarge { batch: usize, most: usize },
    #[error(
        "Batch normalisation takes the variance over a batch, and here a single image would have none: train on at least {least} images at once."
    )]
    BatchTooSmall { least: usize },
    #[error(
        "The loss is no longer a number at step {step}: the learning rate is too high. Try a tenth of it."
    )]
    NotFinite { step: usize },
    #[error(
        "This file has no training's state to go on from: its weights can be the start of a new training."
    )]
    NoState,
    #[error(
        "This training saw {then} images and there are {now}: go on with the same data and validation share, or begin a new training from its weights."
    )]
    OtherData { then: usize, now: usize },
    #[error(
        "This training saw the dataset {then}, and this is {now}: go on with the same data, or begin a new training from its weights."
    )]
    OtherDataset { then: String, now: String },
    #[error(
        "The dataset {name} is no longer what this training saw: images, labels, classes or splits have changed. Begin a new training from its weights."
    )]
    ChangedData { name: String },
    #[error(
        "{samples} labelled images cannot be parted into {folds} folds: 2 to 20 are possible, of an image or more each."
    )]
    Folds { folds: usize, samples: usize },
    #[error("There is nothing to tell apart: at least two classes need labelled images.")]
    OneClass,
    #[error("The class {0} has no labelled image: add some, or remove the class.")]
    EmptyClass(String),
    #[error("These features cannot be learned from: {0}.")]
    Features(String),
    #[error(
        "A file cannot answer by its nearest neighbours, as it would hold every image: choose another kind."
    )]
    NoFile,
    #[error("This kind of head has not been fitted yet.")]
    NotFitted,
    #[error(
        "There are too few images for a learning curve: {least} or more are needed, and there are {found}."
    )]
    TooFewForCurve { least: usize, found: usize },
    #[error("The device failed: {0}")]
    Device(String),
}

impl From<SpecError> for TrainError {
    fn from(error: SpecError) -> Self {
        TrainError::Network(NetworkError::Spec(error))
    }
}

impl TrainError {
    /// Stable, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            TrainError::Network(error) => error.code(),
            TrainError::Recipe(error) => error.code(),
            TrainError::Data(error) => error.kind().code(),
            TrainError::ImageShape { .. } => "image-shape",
            TrainError::Classes { .. } => "class-count",
            TrainError::NoSamples => "no-samples",
            TrainError::BatchTooLarge { .. } => "batch-too-large",
            TrainError::BatchTooSmall { .. } => "batch-too-small",
            TrainError::NotFinite { .. } => "loss-not-finite",
            TrainError::NoState => "no-training-state",
            TrainError::OtherData { .. } => "other-data",
            TrainError::OtherDataset { .. } => "other-dataset",
            TrainError::ChangedData { .. } => "changed-data",
            TrainError::Folds { .. } => "folds",
            TrainError::OneClass => "one-class",
            TrainError::EmptyClass(_) => "class-empty",
            TrainError::Features(_) => "features",
            TrainError::NoFile => "head-without-file",
            TrainError::NotFitted => "head-not-fitted",
            TrainError::TooFewForCurve { .. } => "curve-samples",
            TrainError::Device(_) => "device-failed",
        }
    }
}
