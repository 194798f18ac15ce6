/// Answers that do not belong together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MetricsError {
    #[error("There are {images} images and {found} answers.")]
    Lengths { images: usize, found: usize },
    #[error("An answer names class {class}; there are {classes}, counted from 0.")]
    Class { class: u16, classes: usize },
    #[error("The two models were not tested on the same images.")]
    OtherImages,
    #[error("A mistake cannot cost {0}: give a number from 0 up.")]
    Cost(String),
}

impl MetricsError {
    /// Stable, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            MetricsError::Lengths { .. } => "answers-lengths",
            MetricsError::Class { .. } => "answers-class",
            MetricsError::OtherImages => "answers-other-images",
            MetricsError::Cost(_) => "cost-range",
        }
    }
}
