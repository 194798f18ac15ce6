//! Why a layer does not fit, as data: whoever shows it may say it in another language and offer the repair.

use serde::Serialize;

use super::layer::{USUAL_RATE, USUAL_SLOPE};

/// What is wrong with one layer; displayed, it says what would fit.
#[derive(thiserror::Error, Serialize, Clone, Debug, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum Misfit {
    #[error("an image has 1 channel or 3, not {found}")]
    Channels { found: usize },
    #[error("an image of {height}×{width} is outside {least} to {most} pixels a side")]
    InputSize {
        height: usize,
        width: usize,
        least: usize,
        most: usize,
    },
    #[error("there is no layer yet: add Flatten and Dense with one unit for each class")]
    NoLayers,
    #[error("the last layer must be Dense with one unit for each class (at least 2)")]
    LastLayer,
    #[error("a dense layer takes a vector: put Flatten before it")]
    NeedsFlatten,
    #[error("this is a vector already: leave this Flatten out")]
    FlattenTwice,
    #[error("convolution and pooling need an image, not a vector: put them before Flatten")]
    NeedsMap,
    #[error(
        "a {size}×{size} window does not fit into {height}×{width}: choose at most {most}, or pool less before it"
    )]
    WindowTooLarge {
        size: usize,
        height: usize,
        width: usize,
        most: usize,
    },
    #[error(
        "a padding of {padding} is as wide as the {kernel}×{kernel} kernel: choose less than {kernel}"
    )]
    PaddingTooWide { padding: usize, kernel: usize },
    #[error("there must be at least {least} of {what}")]
    TooSmall { what: Setting, least: usize },
    #[error("{found} for {what} is more than {most}")]
    TooLarge {
        what: Setting,
        found: usize,
        most: usize,
    },
    #[error("a dropout rate of {rate} is outside 0 to below 1: try {USUAL_RATE}")]
    DropoutRate { rate: f64 },
    #[error("a slope of {slope} is outside 0 to below 1: try {USUAL_SLOPE}")]
    Slope { slope: f64 },
    #[error(
        "with this layer the network has more than {most} parameters: pool more before it or choose fewer units"
    )]
    Parameters { most: usize },
    #[error(
        "this layer outputs more than {most} values for one image: choose fewer filters or a larger stride"
    )]
    Activations { most: usize },
    #[error(
        "this layer needs {megabytes} MB for one image, more than {most}: choose a smaller kernel or fewer filters, or pool more before it"
    )]
    LayerMemory { megabytes: usize, most: usize },
    #[error(
        "with this layer the network needs more than {most} MB to learn from one image: pool more before it, or leave layers out"
    )]
    NetworkMemory { most: usize },
}

/// A number that a layer is set by.
#[derive(Serialize, Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub enum Setting {
    Filters,
    Units,
    Kernel,
    Stride,
    Size,
    Padding,
    Layers,
}

impl std::fmt::Display for Setting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Setting::Filters => "filters",
            Setting::Units => "units",
            Setting::Kernel => "kernel size",
            Setting::Stride => "stride",
            Setting::Size => "window size",
            Setting::Padding => "padding",
            Setting::Layers => "layers",
        })
    }
}
