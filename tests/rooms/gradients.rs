//! Burn's gradients against central differences, layer by layer: along a random direction in the weights of one
//! array at a time, the loss must change as the gradient says.

use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::{Device, Gradients, Int, Tensor};
use hearth::model::network::{DropoutKey, Network};
use hearth::model::random::{Stream, mix};
use hearth::model::weights::{Weight, initial};
use hearth::model::{Loss, ModelSpec};
use hearth::train::loss;
use wasm_bindgen_test::wasm_bindgen_test;

use super::fixture::{colour, each_layer, host, noise_for};

/// Images in the batch.
const BATCH: usize = 6;
/// Half the distances between the two points of a difference. Where a kink of pooling lies between the points the
/// difference is no derivative, so the best of several counts: a wrong gradient fails at each of them.
const REACHES: [f32; 4] = [2e-2, 6e-3, 2e-3, 6e-4];

/// Gradients in the order in which a module is visited; `None` for running statistics.
struct Collector<'a> {
    gradients: &'a Gradients,
    found: Vec<Option<Vec<f32>>>,
}

impl ModuleVisitor for Collector<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.found.push(param.val().grad(self.gradients).map(host));
    }
}

fn network_loss(
    spec: &ModelSpec,
    kind: Loss,
    weights: &[Weight],
    device: &Device,
) -> (Network, Tensor<1>) {
    let network = Network::new(spec, weights, device).expect("the spec fits");
    let targets: Vec<i32> = (0..BATCH as i32).map(|i| i * 3 % 10).collect();
    // The same masks every time: dropout is a fixed function of the seed.
    let still = DropoutKey {
        seed: 5,
        step: 0,
        first_sample: 0,
    };
    let logits = network.forward(noise_for(spec, BATCH, 11, device), Some(still));
    let targets = Tensor::<1, Int>::from_ints(targets.as_slice(), device);
    let loss = loss(kind, logits, targets);
    (network, loss)
}

fn length(values: &[f32]) -> f32 {
    values.iter().map(|value| value * value).sum::<f32>().sqrt()
}

/// The largest |difference − gradient · direction| over the arrays, relative to the larger of the two if that is
/// above 0.05 (0.001 for the squared error).
fn largest_error(spec: &ModelSpec, kind: Loss) -> f32 {
    let device = Device::flex().autodiff();
    let mut weights = initial(spec, 3).expect("the spec fits");
    // Every map clearly above or below zero: a difference across ReLU's kink is no derivative.
    for (map, bias) in weights[1].values.iter_mut().enumerate() {
        *bias = if map % 2 == 0 { 2.0 } else { -2.0 };
    }
    let (network, value) = network_loss(spec, kind, &weights, &device);
    let gradients = value.backward();
    let mut collector = Collector {
        gradients: &gradients,
        found: Vec::new(),
    };
    network.visit(&mut collector);
    assert_eq!(collector.found.len(), weights.len());

    // The squared error of probabilities changes far less with the weights than their logarithm does.
    let floor = match kind {
        Loss::CrossEntropy => 0.05,
        Loss::MeanSquaredError => 1e-3,
    };
    let mut largest = 0.0f32;
    for (index, gradient) in collector.found.iter().enumerate() {
        let Some(gradient) = gradient else {
            assert!(!weights[index].is_learned(), "{}", weights[index].name);
            continue;
        };
        // Halfway between any direction and the gradient's own, in which there is most to be wrong about.
        let mut stream = Stream::new(mix(&[index as u64]));
        let any: Vec<f32> = gradient.iter().map(|_| stream.unit() - 0.5).collect();
        let own = length(gradient).max(f32::MIN_POSITIVE);
        let direction: Vec<f32> = any
            .iter()
            .zip(gradient)
            .map(|(a, g)| a / length(&any) + g / own)
            .collect();
        let length = length(&direction);
        let moved = |by: f32| {
            let mut weights = weights.clone();
            for (value, d) in weights[index].values.iter_mut().zip(&direction) {
                *value += by * d / length;
            }
            host(network_loss(spec, kind, &weights, &device).1)[0]
        };
        let along: f32 = gradient
            .iter()
            .zip(&direction)
            .map(|(g, d)| g * d / length)
            .sum();
        let error = REACHES.map(|reach| {
            let difference = (moved(reach) - moved(-reach)) / (2.0 * reach);
            (difference - along).abs() / along.abs().max(difference.abs()).max(floor)
        });
        largest = largest.max(error.into_iter().fold(f32::INFINITY, f32::min));
    }
    largest
}

#[wasm_bindgen_test(unsupported = test)]
fn every_layer_has_the_gradient_that_finite_differences_give() {
    for (name, spec) in each_layer().into_iter().chain([("colour", colour())]) {
        let error = largest_error(&spec, Loss::CrossEntropy);
        println!("{name}: {error:.1e}");
        assert!(error < 0.02, "{name}: {error}");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn the_squared_error_has_the_gradient_that_finite_differences_give() {
    for (name, spec) in each_layer() {
        if matches!(name, "dense" | "conv" | "sigmoid") {
            let error = largest_error(&spec, Loss::MeanSquaredError);
            println!("{name}: {error:.1e}");
            assert!(error < 0.02, "{name}: {error}");
        }
    }
}
