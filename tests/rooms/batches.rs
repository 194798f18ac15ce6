//! How an epoch is divided into steps.

use burn::tensor::Device;
use hearth::model::{LayerSpec, ModelSpec, Recipe};
use hearth::onnx;
use hearth::train::{Trainer, TrainingEvent};
use wasm_bindgen_test::wasm_bindgen_test;

use super::fixture::{self, short_recipe, spec};

fn in_batches_of(batch_size: usize) -> Recipe {
    Recipe {
        batch_size,
        ..short_recipe()
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn a_last_image_alone_joins_the_batch_before_it() {
    let sizes = |batch, samples| -> Vec<usize> {
        let recipe = in_batches_of(batch);
        let steps = recipe.steps_per_epoch(samples);
        (0..steps)
            .map(|index| recipe.batch(index, samples).len())
            .collect()
    };
    assert_eq!(sizes(32, 64), [32, 32]);
    assert_eq!(sizes(32, 65), [32, 33]);
    assert_eq!(sizes(32, 66), [32, 32, 2]);
    assert_eq!(sizes(32, 33), [33]);
    assert_eq!(sizes(32, 7), [7]);
    // What cannot be helped.
    assert_eq!(sizes(32, 1), [1]);
    assert_eq!(sizes(1, 3), [1, 1, 1]);
}

#[wasm_bindgen_test(unsupported = test)]
fn every_sample_is_in_one_batch() {
    for (batch, samples) in [(1, 5), (2, 9), (7, 50), (85, 256), (256, 257), (300, 20)] {
        let recipe = in_batches_of(batch);
        let steps = recipe.steps_per_epoch(samples);
        let all: Vec<usize> = (0..steps)
            .flat_map(|index| recipe.batch(index, samples))
            .collect();
        assert_eq!(
            all,
            (0..samples).collect::<Vec<_>>(),
            "{samples} in {batch}"
        );
    }
}

/// Batch normalisation of vectors, which has no variance in one image.
fn normalised() -> ModelSpec {
    spec(vec![
        LayerSpec::Flatten,
        LayerSpec::Dense { units: 12 },
        LayerSpec::BatchNorm,
        LayerSpec::Relu,
        LayerSpec::Dense { units: 10 },
    ])
}

fn steps(trainer: &mut Trainer, units: usize) -> Vec<(usize, usize, usize)> {
    let events = pollster::block_on(trainer.advance(units)).expect("training goes on");
    let step = |event: &TrainingEvent| match event {
        TrainingEvent::Step {
            step,
            images,
            steps_per_epoch,
            ..
        } => Some((*step, *images, *steps_per_epoch)),
        _ => None,
    };
    events.iter().filter_map(step).collect()
}

#[wasm_bindgen_test(unsupported = test)]
fn training_and_resuming_count_the_steps_alike() {
    // 256 = 3 × 85 + 1
    let begin = || {
        let recipe = in_batches_of(85);
        Trainer::new(normalised(), recipe, fixture::digits(), &Device::flex()).expect("all fits")
    };
    let mut whole = begin();
    assert_eq!(steps(&mut whole, 10), [(1, 85, 3), (2, 85, 3), (3, 86, 3)]);
    assert_eq!(steps(&mut whole, 1), [(4, 85, 3)]);

    let mut first = begin();
    steps(&mut first, 2);
    let file = pollster::block_on(first.checkpoint()).expect("a file");
    let file = onnx::network(&file).expect("a file of our own");
    let second = Trainer::resume(file, None, fixture::digits(), &Device::flex());
    let mut second = second.expect("it goes on");
    assert_eq!(steps(&mut second, 10), [(3, 86, 3)]);
    assert_eq!(steps(&mut second, 1), [(4, 85, 3)]);
    let weights = |trainer: &Trainer| pollster::block_on(trainer.weights()).expect("weights");
    assert_eq!(weights(&second), weights(&whole));
}
