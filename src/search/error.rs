/// Why vectors cannot be compared.
#[derive(thiserror::Error, Clone, Debug, PartialEq, Eq)]
pub enum SearchError {
    #[error("A vector has 1 to {most} values here, not {0}.", most = super::MOST_VALUES)]
    Dimension(usize),
    #[error("Vectors of {dimension} values were expected, and {given} values were given.")]
    Values { dimension: usize, given: usize },
    #[error(
        "Image {0} has features that are not finite numbers and cannot be compared with others."
    )]
    NotFinite(usize),
    #[error("There are {length} images, and image {place} was asked for.")]
    Place { place: usize, length: usize },
}

impl SearchError {
    /// Stable, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            SearchError::Dimension(_) => "search-dimension",
            SearchError::Values { .. } => "search-values",
            SearchError::NotFinite(_) => "search-not-finite",
            SearchError::Place { .. } => "search-place",
        }
    }
}
