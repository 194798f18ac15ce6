//! Files that earlier versions have written are read as they were meant, whatever is added later. The files in
//! `fixtures/kept` are not to be written anew.
//!
//! `network.onnx` was trained by version 0.1.0 on the 256 digits beside it: `hearth train --data … --preset digits
//! --spec spec.json --epochs 3 --batch 8 --validation 0.25 --seed 1764077938123456789 --steps 30 --state`, which at that
//! time took 44 steps.

use burn::tensor::Device;
use hearth::model::{
    EpochRecord, Fit, ImageShape, LayerSpec, Loss, ModelSpec, OptimizerSpec, Preprocessing, Recipe,
    RollingValidation, Schedule,
};
use hearth::onnx::{self, Position, TestFacts};
use hearth::pixels::PerChannel;
use hearth::pixels::augment::Augmentation;
use hearth::train::Trainer;
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use super::fixture::{self, conv, depthwise};

const NETWORK: &[u8] = include_bytes!("../fixtures/kept/network.onnx");
const SPEC: &str = include_str!("../fixtures/kept/spec.json");
const RECIPES: &str = include_str!("../fixtures/kept/recipes.json");

/// What `spec.json` says.
fn spec() -> ModelSpec {
    ModelSpec {
        name: "every-layer".into(),
        input: ImageShape {
            channels: 1,
            height: 28,
            width: 28,
        },
        preprocessing: Preprocessing {
            fit: Fit::photo(0.9),
            offset: PerChannel::all(0.5),
            scale: PerChannel::all(0.004),
            ..Preprocessing::DIGIT
        },
        layers: vec![
            conv(4, 3, 2, 1),
            LayerSpec::BatchNorm,
            LayerSpec::Relu,
            depthwise(2, 1, 1),
            LayerSpec::LeakyRelu { slope: 0.02 },
            LayerSpec::MaxPool { size: 2, stride: 1 },
            LayerSpec::Tanh,
            LayerSpec::AvgPool { size: 3, stride: 2 },
            LayerSpec::Gelu,
            LayerSpec::Dropout { rate: 0.25 },
            conv(6, 2, 1, 0),
            LayerSpec::Sigmoid,
            LayerSpec::GlobalAvgPool,
            LayerSpec::Flatten,
            LayerSpec::Dense { units: 10 },
        ],
    }
}

/// What the network was trained by. A field that is added later has its default: what was done before there was one.
fn recipe() -> Recipe {
    Recipe {
        optimizer: OptimizerSpec::AdamW {
            beta1: 0.9,
            beta2: 0.999,
            epsilon: 1e-7,
            weight_decay: 0.01,
        },
        learning_rate: 0.002,
        schedule: Schedule::Cosine,
        batch_size: 8,
        epochs: 3,
        loss: Loss::CrossEntropy,
        // Larger than a recipe may have today.
        seed: 1_764_077_938_123_456_789,
        validation_share: 0.25,
        augmentation: Some(Augmentation {
            rotation_degrees: 12.0,
            shift_pixels: 1.5,
            scale: 0.12,
            aspect: 0.15,
            shear: 0.2,
            elastic_pixels: 1.6,
            thickness: 0.6,
            mirror: false,
        }),
        ..Recipe::default()
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn a_network_with_its_training_is_read_as_it_was_written() {
    let file = onnx::network(NETWORK).expect("a file of our own");
    let metadata = &file.facts.metadata;
    assert_eq!(file.spec, spec());
    assert_eq!(metadata.recipe, Some(recipe()));
    assert_eq!(metadata.dataset.as_deref(), Some("mnist"));
    assert_eq!(metadata.labels.len(), 10);
    let test = metadata.test.as_ref();
    assert_eq!(
        test,
        Some(&TestFacts {
            dataset: "mnist".into(),
            n: 64,
            accuracy: 0.109375,
        })
    );
    let [epoch] = metadata.history[..] else {
        panic!("one epoch: {:?}", metadata.history);
    };
    // Decimal numbers are read to the last digit but one.
    assert!((epoch.train_accuracy - 19.0 / 192.0).abs() < 1e-15);
    assert_eq!(
        epoch,
        EpochRecord {
            epoch: 1,
            train_loss: 2.367_026_368_776_957,
            train_accuracy: epoch.train_accuracy,
            val_loss: Some(2.343_851_566_314_697_3),
            val_accuracy: Some(0.109_375),
        }
    );
    let checkpoint = file.checkpoint.expect("its training's state");
    assert_eq!(
        checkpoint.position,
        Position {
            step: 44,
            samples: 192,
            loss: 375.522_336_959_838_87,
            correct: 16,
            images: 160,
        }
    );
    // Two moments for each of the learned weights.
    assert_eq!(checkpoint.state.len(), 2 * 10);
}

#[wasm_bindgen_test(unsupported = test)]
fn such_a_training_goes_on_with_its_own_seed() {
    let file = onnx::network(NETWORK).expect("a file of our own");
    let data = fixture::digits();
    let mut trainer = Trainer::resume(file, None, data, &Device::flex()).expect("it goes on");
    assert_eq!(trainer.recipe().seed, recipe().seed);
    while trainer.history().len() < 3 {
        pollster::block_on(trainer.advance(100)).expect("it learns");
    }
    let written = pollster::block_on(trainer.onnx()).expect("a file");
    let again = onnx::read(&written).expect("sound").metadata.recipe;
    assert_eq!(again, Some(recipe()));
}

/// As the page has kept and copied them, for each optimiser.
fn recipes() -> Vec<(Value, Recipe)> {
    let kept: Vec<Value> = serde_json::from_str(RECIPES).expect("our own");
    let plain = Recipe {
        optimizer: OptimizerSpec::Adam {
            beta1: 0.8,
            beta2: 0.99,
            epsilon: 1e-6,
        },
        learning_rate: 0.003,
        schedule: Schedule::Constant,
        batch_size: 48,
        epochs: 7,
        loss: Loss::MeanSquaredError,
        seed: 9_007_199_254_740_991,
        validation_share: 0.2,
        augmentation: None,
        ..Recipe::default()
    };
    let sgd = Recipe {
        optimizer: OptimizerSpec::Sgd {
            momentum: 0.5,
            weight_decay: 0.001,
        },
        augmentation: Some(Augmentation {
            shift_pixels: 2.0,
            mirror: true,
            ..Augmentation::default()
        }),
        ..plain.clone()
    };
    kept.into_iter().zip([plain, sgd]).collect()
}

#[wasm_bindgen_test(unsupported = test)]
fn specs_and_recipes_are_read_as_they_were_written() {
    assert_eq!(
        serde_json::from_str::<ModelSpec>(SPEC).expect("a spec"),
        spec()
    );
    for (kept, recipe) in recipes() {
        assert_eq!(
            serde_json::from_value::<Recipe>(kept).expect("a recipe"),
            recipe
        );
    }
}

/// `kept` without each of its fields in turn, and with one that nobody knows.
fn variants(kept: &Value) -> Vec<Value> {
    let fields = kept.as_object().expect("an object");
    let without = fields.keys().map(|field| {
        let mut fields = fields.clone();
        fields.remove(field);
        Value::Object(fields)
    });
    let mut more = fields.clone();
    more.insert("addedLater".into(), json!({ "deep": [1, null] }));
    without.chain([Value::Object(more)]).collect()
}

/// What will be added is missing in the files of today: that must not make them unreadable.
#[wasm_bindgen_test(unsupported = test)]
fn a_field_that_is_missing_or_not_known_does_not_make_a_file_unreadable() {
    fn readable<T: serde::de::DeserializeOwned>(kept: Value) {
        for variant in variants(&kept) {
            let read = serde_json::from_value::<T>(variant.clone());
            assert!(read.is_ok(), "{variant}: {}", read.err().expect("an error"));
        }
    }
    for (kept, recipe) in recipes() {
        readable::<Recipe>(kept.clone());
        let mut shorter = kept;
        shorter
            .as_object_mut()
            .expect("an object")
            .remove("schedule");
        let read = serde_json::from_value::<Recipe>(shorter).expect("a recipe");
        assert_eq!(
            read,
            Recipe {
                schedule: Schedule::Constant,
                ..recipe
            }
        );
    }
    let spec: Value = serde_json::from_str(SPEC).expect("our own");
    readable::<Preprocessing>(spec["preprocessing"].clone());
    readable::<ModelSpec>(spec);
    readable::<Position>(
        json!({ "step": 4, "samples": 9, "loss": 1.5, "correct": 3, "images": 8 }),
    );
    readable::<EpochRecord>(
        json!({ "epoch": 1, "trainLoss": 1, "trainAccuracy": 0.5, "valLoss": 1, "valAccuracy": 0.5 }),
    );
    readable::<RollingValidation>(json!({ "every": 50, "images": 64 }));
    readable::<TestFacts>(json!({ "dataset": "mnist", "n": 9, "accuracy": 0.5 }));
}

#[wasm_bindgen_test(unsupported = test)]
fn a_network_without_layers_is_read_and_refused() {
    let spec: ModelSpec = serde_json::from_str("{}").expect("an object");
    assert!(spec.check().is_err());
}
