//! What WebGPU computes is what the CPU computes.

use std::cell::OnceCell;

use burn::tensor::Device;
use hearth::data::{Dataset, Split};
use hearth::model::random::Stream;
use hearth::model::weights::Weight;
use hearth::model::{LayerSpec, ModelSpec, OptimizerSpec, Recipe, classic, digits, presets};
use hearth::onnx;
use hearth::train::{Compared, Gpu, GpuError, Trainer, TrainingEvent, agreement};
use wasm_bindgen_test::{console_log, wasm_bindgen_test};

use super::fixture::{self, colour, conv, depthwise, short_recipe, spec};

thread_local! {
    /// A worker opens it once.
    static GPU: OnceCell<Option<Device>> = const { OnceCell::new() };
}

/// The device, or `None`, said aloud, if the browser has no adapter.
async fn gpu(test: &str) -> Option<Device> {
    if GPU.with(|gpu| gpu.get().is_none()) {
        let opened = match Gpu::open().await {
            Ok(gpu) => Some(gpu.device().clone()),
            Err(GpuError::NoAdapter(_)) => None,
            Err(error) => panic!("{error}"),
        };
        GPU.with(|gpu| gpu.set(opened).expect("tests run one after another"));
    }
    let device = GPU.with(|gpu| gpu.get().cloned().flatten());
    if device.is_none() {
        console_log!("SKIPPED, because this browser has no WebGPU adapter: {test}");
    }
    device
}

/// Eight images at a time: a GPU that is computed by the processor is slow.
fn recipe() -> Recipe {
    Recipe {
        batch_size: 8,
        ..short_recipe()
    }
}

/// Images of noise for a network that does not take digits.
fn noise_for(spec: &ModelSpec) -> Dataset {
    let mut stream = Stream::new(3);
    let count = 16;
    let pixels = (0..count * spec.input.len())
        .map(|_| (stream.unit() * 255.0) as u8)
        .collect();
    let classes = (0..10).map(|class| class.to_string()).collect();
    let labels = (0..count).map(|image| (image % 10) as u16).collect();
    let splits = vec![Split::Train; count];
    Dataset::new("noise", classes, spec.input.dims(), pixels, labels, splits).expect("sound data")
}

async fn assert_agreement(name: &str, spec: &ModelSpec, recipe: &Recipe, device: &Device) {
    let dataset = match spec.input.dims() {
        [1, 28, 28] => fixture::digits(),
        _ => noise_for(spec),
    };
    let compared = agreement(spec, recipe, &dataset, device)
        .await
        .expect("both devices take a step");
    console_log!("{name}: {}", worst(&compared));
    for found in compared {
        assert!(found.agrees(), "{name}: {found:?}");
    }
}

/// The largest error of each kind.
fn worst(compared: &[Compared]) -> String {
    let mut all: Vec<(String, f32)> = Vec::new();
    for found in compared {
        let what = format!("{:?}", found.what).to_lowercase();
        match all.iter_mut().find(|(name, _)| *name == what) {
            Some((_, error)) => *error = error.max(found.error),
            None => all.push((what, found.error)),
        }
    }
    let line: Vec<String> = all
        .iter()
        .map(|(name, e)| format!("{name} {e:.1e}"))
        .collect();
    line.join(", ")
}

/// Every kind of layer, in few networks: most of the time here goes into compiling shaders.
fn every_layer() -> Vec<(&'static str, ModelSpec)> {
    let dense = |units| LayerSpec::Dense { units };
    vec![
        ("colour", colour()),
        (
            "curves",
            spec(vec![
                conv(4, 3, 2, 0),
                LayerSpec::Relu,
                depthwise(3, 1, 1),
                LayerSpec::LeakyRelu { slope: 0.2 },
                conv(3, 5, 2, 2),
                LayerSpec::Sigmoid,
                LayerSpec::Flatten,
                dense(12),
                LayerSpec::Gelu,
                dense(10),
            ]),
        ),
        (
            "pools",
            spec(vec![
                conv(6, 2, 1, 1),
                LayerSpec::MaxPool { size: 3, stride: 2 },
                LayerSpec::Tanh,
                LayerSpec::AvgPool { size: 3, stride: 2 },
                depthwise(2, 2, 0),
                LayerSpec::MaxPool { size: 2, stride: 1 },
                LayerSpec::GlobalAvgPool,
                LayerSpec::Flatten,
                dense(10),
            ]),
        ),
        (
            "normalised",
            spec(vec![
                conv(4, 3, 2, 0),
                LayerSpec::BatchNorm,
                LayerSpec::Relu,
                LayerSpec::Dropout { rate: 0.25 },
                LayerSpec::Flatten,
                dense(12),
                LayerSpec::BatchNorm,
                LayerSpec::Dropout { rate: 0.4 },
                dense(10),
            ]),
        ),
    ]
}

#[wasm_bindgen_test]
async fn a_step_of_every_layer_is_the_cpus() {
    let Some(device) = gpu("a step of every layer").await else {
        return;
    };
    for (name, spec) in every_layer() {
        assert_agreement(name, &spec, &recipe(), &device).await;
    }
}

#[wasm_bindgen_test]
async fn a_step_of_every_preset_is_the_cpus() {
    let Some(device) = gpu("a step of every preset").await else {
        return;
    };
    for preset in presets() {
        let recipe = Recipe {
            batch_size: 8,
            ..preset.recipe
        };
        assert_agreement(&preset.spec.name, &preset.spec, &recipe, &device).await;
    }
}

#[wasm_bindgen_test]
async fn a_step_of_every_optimiser_is_the_cpus() {
    let Some(device) = gpu("a step of every optimiser").await else {
        return;
    };
    let net = spec(vec![
        conv(4, 3, 2, 0),
        LayerSpec::Relu,
        LayerSpec::Flatten,
        LayerSpec::Dense { units: 10 },
    ]);
    let adam_w = OptimizerSpec::AdamW {
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-7,
        weight_decay: 0.1,
    };
    let sgd = OptimizerSpec::Sgd {
        momentum: 0.9,
        weight_decay: 0.1,
    };
    for optimizer in [adam_w, sgd] {
        let recipe = Recipe {
            optimizer,
            ..recipe()
        };
        assert_agreement(&format!("{optimizer:?}"), &net, &recipe, &device).await;
    }
}

/// Tiles of every size, and sums that end within one: what small networks do not reach.
#[wasm_bindgen_test]
async fn convolutions_of_all_sizes_are_the_cpus() {
    let Some(device) = gpu("convolutions of all sizes").await else {
        return;
    };
    let tanh = || LayerSpec::Tanh;
    let net = spec(vec![
        conv(33, 5, 1, 4),
        tanh(),
        conv(7, 7, 3, 2),
        tanh(),
        conv(16, 1, 1, 0),
        tanh(),
        conv(40, 3, 2, 1),
        LayerSpec::Flatten,
        LayerSpec::Dense { units: 10 },
    ]);
    assert_agreement("convolutions", &net, &recipe(), &device).await;
}

async fn losses(trainer: &mut Trainer, steps: usize) -> Vec<f64> {
    let mut losses = Vec::new();
    while losses.len() < steps {
        for event in trainer
            .advance(steps - losses.len())
            .await
            .expect("training goes on")
        {
            if let TrainingEvent::Step { loss, .. } = event {
                losses.push(loss);
            }
        }
    }
    losses
}

/// But for biases right before batch normalisation: their gradients are zero but for rounding, and Adam steps by the sign
/// of that.
fn largest_difference(spec: &ModelSpec, a: &[Weight], b: &[Weight]) -> f32 {
    assert_eq!(a.len(), b.len());
    let is_cancelled = |weight: &Weight| {
        let next = weight.layer().and_then(|layer| spec.layers.get(layer + 1));
        weight.name.ends_with(".bias") && next == Some(&LayerSpec::BatchNorm)
    };
    let mut largest = 0.0f32;
    for (a, b) in a.iter().zip(b) {
        assert_eq!((&a.name, &a.shape), (&b.name, &b.shape));
        if is_cancelled(a) {
            continue;
        }
        for (a, b) in a.values.iter().zip(&b.values) {
            largest = largest.max((a - b).abs());
        }
    }
    largest
}

#[wasm_bindgen_test]
async fn thirty_steps_on_digits_have_the_losses_of_the_cpu() {
    let Some(device) = gpu("thirty steps").await else {
        return;
    };
    let begin = |device: &Device| {
        Trainer::new(classic().spec, recipe(), fixture::digits(), device).expect("all fits")
    };
    let expected = losses(&mut begin(&Device::flex()), 30).await;
    let found = losses(&mut begin(&device), 30).await;
    let largest = expected
        .iter()
        .zip(&found)
        .map(|(expected, found)| (expected - found).abs())
        .fold(0.0, f64::max);
    console_log!(
        "30 steps: loss {:.3} to {:.3}; largest difference {largest:.1e}",
        expected[0],
        expected[29]
    );
    let last = expected[25..].iter().sum::<f64>() / 5.0;
    assert!(last < 0.9 * expected[0], "it learns");
    assert!(largest < 0.01, "{found:?} against {expected:?}");
}

/// With batch normalisation, dropout and the optimiser's state.
#[wasm_bindgen_test]
async fn a_run_moves_between_the_devices_in_its_file() {
    let Some(device) = gpu("a run that moves").await else {
        return;
    };
    let cpu = Device::flex();
    let recipe = Recipe {
        batch_size: 8,
        ..digits().recipe
    };
    let begin = |device: &Device| {
        Trainer::new(digits().spec, recipe.clone(), fixture::digits(), device).expect("all fits")
    };
    let (mut there, mut here) = (begin(&device), begin(&cpu));
    losses(&mut there, 2).await;
    losses(&mut here, 2).await;
    let [from_there, from_here] = [
        there.checkpoint().await.expect("a file"),
        here.checkpoint().await.expect("a file"),
    ];
    let read = |file: &[u8]| onnx::network(file).expect("a sound file");
    let (a, b) = (read(&from_there), read(&from_here));
    assert_eq!(a.spec, b.spec);
    assert_eq!(a.facts.metadata.labels, b.facts.metadata.labels);
    assert_eq!(a.facts.metadata.recipe, b.facts.metadata.recipe);
    let state = |file: onnx::NetworkFile| file.checkpoint.expect("its state").state;
    let spec = a.spec.clone();
    let weights = largest_difference(&spec, &a.weights, &b.weights);
    let moments = largest_difference(&spec, &state(a), &state(b));

    // Each goes on where the other was.
    let dataset = fixture::digits();
    let mut there =
        Trainer::resume(read(&from_here), None, dataset.clone(), &device).expect("fits");
    let mut here = Trainer::resume(read(&from_there), None, dataset, &cpu).expect("fits");
    let found = losses(&mut there, 2).await;
    let expected = losses(&mut here, 2).await;
    let apart = (found[0] - expected[0])
        .abs()
        .max((found[1] - expected[1]).abs());
    console_log!(
        "files: weights {weights:.1e}, moments {moments:.1e} apart; then losses {apart:.1e}"
    );
    assert!(weights < 2e-3 && moments < 1e-3 && apart < 1e-2);
    let on_there = largest_difference(
        &spec,
        &there.weights().await.expect("weights"),
        &here.weights().await.expect("weights"),
    );
    assert!(on_there < 4e-3, "{on_there}");
}
