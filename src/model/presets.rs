//! The networks that come with Hearth, each with the recipe that suits it.

use serde::Serialize;

use super::{ImageShape, LayerSpec, ModelSpec, OptimizerSpec, Preprocessing, Recipe, Schedule};
use crate::pixels::Fit;
use crate::pixels::augment::Augmentation;

/// A network and its recipe, by the name that the page and the command line use.
#[derive(Serialize, Clone, Debug, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Preset {
    pub id: &'static str,
    pub spec: ModelSpec,
    pub recipe: Recipe,
}

/// Every preset, the one to begin with first.
pub fn presets() -> Vec<Preset> {
    vec![classic(), digits(), fashion(), mlp(), depthwise(), photos()]
}

pub fn preset(id: &str) -> Option<Preset> {
    presets().into_iter().find(|preset| preset.id == id)
}

const GREY_28: ImageShape = ImageShape {
    channels: 1,
    height: 28,
    width: 28,
};

/// The network the field is taught with: 34,826 parameters, valid padding.
pub fn classic() -> Preset {
    Preset {
        id: "classic",
        spec: ModelSpec {
            name: "classic".into(),
            input: GREY_28,
            preprocessing: Preprocessing::DIGIT,
            layers: vec![
                conv(32, 3, 0),
                LayerSpec::Relu,
                pool(2),
                conv(64, 3, 0),
                LayerSpec::Relu,
                pool(2),
                LayerSpec::Flatten,
                LayerSpec::Dense { units: 10 },
            ],
        },
        recipe: Recipe::default(),
    }
}

/// The network behind the Draw page: batch normalisation, dropout and augmentation make it hold for digits that
/// people draw. It stays under 1 MB as a file.
pub fn digits() -> Preset {
    let mut layers = Vec::new();
    for (filters, kernel, padding, pooled) in
        [(24, 5, 0, true), (48, 3, 1, false), (64, 3, 0, true)]
    {
        layers.extend([
            conv(filters, kernel, padding),
            LayerSpec::BatchNorm,
            LayerSpec::Relu,
        ]);
        if pooled {
            layers.push(pool(2));
        }
    }
    layers.extend([
        LayerSpec::Flatten,
        LayerSpec::Dropout { rate: 0.3 },
        LayerSpec::Dense { units: 112 },
        LayerSpec::BatchNorm,
        LayerSpec::Relu,
        LayerSpec::Dropout { rate: 0.3 },
        LayerSpec::Dense { units: 10 },
    ]);
    Preset {
        id: "digits",
        spec: ModelSpec {
            name: "digits".into(),
            input: GREY_28,
            preprocessing: Preprocessing::DIGIT,
            layers,
        },
        recipe: Recipe {
            optimizer: OptimizerSpec::ADAM_W,
            learning_rate: 2e-3,
            schedule: Schedule::Cosine,
            batch_size: 64,
            epochs: 15,
            augmentation: Some(Augmentation::handwriting()),
            ..classic().recipe
        },
    }
}

/// For Fashion-MNIST: three stages of convolution and pooling. It stays under 1 MB as a file.
pub fn fashion() -> Preset {
    let mut layers = Vec::new();
    for filters in [32, 64, 96] {
        layers.extend([
            conv(filters, 3, 1),
            LayerSpec::BatchNorm,
            LayerSpec::Relu,
            pool(2),
        ]);
    }
    layers.extend([
        LayerSpec::Flatten,
        LayerSpec::Dropout { rate: 0.3 },
        LayerSpec::Dense { units: 128 },
        LayerSpec::BatchNorm,
        LayerSpec::Relu,
        LayerSpec::Dropout { rate: 0.3 },
        LayerSpec::Dense { units: 10 },
    ]);
    Preset {
        id: "fashion",
        spec: ModelSpec {
            name: "fashion".into(),
            input: GREY_28,
            preprocessing: Preprocessing::WHOLE,
            layers,
        },
        recipe: Recipe {
            learning_rate: 2e-3,
            schedule: Schedule::Cosine,
            batch_size: 64,
            epochs: 12,
            augmentation: Some(Augmentation::clothing()),
            ..classic().recipe
        },
    }
}

/// No convolution at all: what the classic network is compared with, at about three times its parameters.
pub fn mlp() -> Preset {
    Preset {
        id: "mlp",
        spec: ModelSpec {
            name: "mlp".into(),
            layers: vec![
                LayerSpec::Flatten,
                LayerSpec::Dense { units: 128 },
                LayerSpec::Relu,
                LayerSpec::Dense { units: 10 },
            ],
            ..classic().spec
        },
        recipe: classic().recipe,
    }
}

/// Depthwise convolutions with 1×1 ones between them, as in MobileNet (Howard et al. 2017): a fraction of the classic
/// network's parameters and multiplications.
pub fn depthwise() -> Preset {
    let mut layers = vec![conv(16, 3, 0), LayerSpec::BatchNorm, LayerSpec::Relu];
    for (filters, pooled) in [(32, true), (64, true), (64, false)] {
        layers.extend([
            LayerSpec::Depthwise {
                kernel: 3,
                stride: 1,
                padding: 1,
            },
            conv(filters, 1, 0),
            LayerSpec::BatchNorm,
            LayerSpec::Relu,
        ]);
        if pooled {
            layers.push(pool(2));
        }
    }
    layers.extend([
        LayerSpec::GlobalAvgPool,
        LayerSpec::Flatten,
        LayerSpec::Dense { units: 10 },
    ]);
    Preset {
        id: "depthwise",
        spec: ModelSpec {
            name: "depthwise".into(),
            layers,
            ..classic().spec
        },
        recipe: Recipe {
            learning_rate: 3e-3,
            ..classic().recipe
        },
    }
}

/// For a person's own photographs, of which there are few: a small network in colour that takes any side from 32 to 128
/// pixels, and seconds to train.
pub fn photos() -> Preset {
    let mut layers = vec![
        LayerSpec::Conv {
            filters: 16,
            kernel: 5,
            stride: 2,
            padding: 2,
        },
        LayerSpec::BatchNorm,
        LayerSpec::Relu,
        pool(2),
    ];
    for (filters, pooled) in [(32, true), (64, true), (96, false)] {
        layers.extend([conv(filters, 3, 1), LayerSpec::BatchNorm, LayerSpec::Relu]);
        if pooled {
            layers.push(pool(2));
        }
    }
    layers.extend([
        LayerSpec::GlobalAvgPool,
        LayerSpec::Flatten,
        LayerSpec::Dropout { rate: 0.2 },
        LayerSpec::Dense { units: 10 },
    ]);
    Preset {
        id: "photos",
        spec: ModelSpec {
            name: "photos".into(),
            input: ImageShape {
                channels: 3,
                height: 64,
                width: 64,
            },
            preprocessing: Preprocessing {
                fit: Fit::photo(1.0),
                ..Preprocessing::PHOTO
            },
            layers,
        },
        recipe: Recipe {
            optimizer: OptimizerSpec::ADAM_W,
            learning_rate: 3e-3,
            schedule: Schedule::Cosine,
            batch_size: 16,
            epochs: 40,
            augmentation: Some(Augmentation::photographs()),
            ..classic().recipe
        },
    }
}

fn conv(filters: usize, kernel: usize, padding: usize) -> LayerSpec {
    LayerSpec::Conv {
        filters,
        kernel,
        stride: 1,
        padding,
    }
}

fn pool(size: usize) -> LayerSpec {
    LayerSpec::MaxPool { size, stride: size }
}
