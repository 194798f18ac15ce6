//! How a file itself takes images. Engines are given the file as [`super::converted`] makes it: floats of 32 bits,
//! `[batch, channels, height, width]`.

use serde::Serialize;

/// How a file itself takes images.
#[derive(Serialize, Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Source {
    pub layout: Layout,
    pub element: Element,
    /// Images that it takes at once, no more and no fewer; missing if any number will do.
    #[cfg_attr(target_family = "wasm", tsify(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch: Option<usize>,
    /// Whether height and width are for whoever uses it to choose.
    pub any_size: bool,
}

/// In which order the dimensions stand.
#[derive(Serialize, Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub enum Layout {
    /// `[batch, channels, height, width]`, as PyTorch has it.
    #[default]
    ChannelsFirst,
    /// `[batch, height, width, channels]`, as TensorFlow has it.
    ChannelsLast,
    /// `[batch, height, width]`, grey.
    Grey,
    /// `[batch, values]`: grey, or height, width and colours, a square.
    Flat,
}

/// The type of the values.
#[derive(Serialize, Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub enum Element {
    #[default]
    Float32,
    Float16,
    Float64,
    /// Bytes, 0–255.
    Uint8,
    Int8,
    Int32,
    Int64,
    Bool,
    Other,
}
