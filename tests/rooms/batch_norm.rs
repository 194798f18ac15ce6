//! Batch normalisation's running statistics, as PyTorch and ONNX have them.

use burn::tensor::{Device, Tensor, TensorData};
use hearth::model::network::Network;
use hearth::model::{LayerSpec, weights};
use wasm_bindgen_test::wasm_bindgen_test;

use super::fixture::spec;

#[wasm_bindgen_test(unsupported = test)]
fn the_running_variance_is_the_unbiased_one() {
    let spec = spec(vec![
        LayerSpec::GlobalAvgPool,
        LayerSpec::Flatten,
        LayerSpec::BatchNorm,
        LayerSpec::Dense { units: 10 },
    ]);
    let device = Device::flex().autodiff();
    let values = weights::initial(&spec, 1).expect("fits");
    let network = Network::new(&spec, &values, &device).expect("fits");
    let running = || {
        let all = pollster::block_on(network.weights()).expect("weights");
        ["2.mean", "2.variance"].map(|name| {
            let found = all.iter().find(|weight| weight.name == name);
            found.expect("a statistic").values[0]
        })
    };
    let close = |found: [f32; 2], wanted: [f32; 2]| {
        let apart = |(a, b): (f32, f32)| (a - b).abs();
        let pairs = found.into_iter().zip(wanted);
        assert!(pairs.map(apart).all(|d| d < 1e-5), "{found:?} {wanted:?}");
    };
    // Images that are grey all over: one value each.
    let forward = |greys: &[f32]| {
        let pixels = greys.iter().flat_map(|&grey| [grey; 784]).collect();
        let images = TensorData::new(pixels, [greys.len(), 1, 28, 28]);
        let _ = network.forward(Tensor::from_data(images, &device), None);
    };
    // `torch.nn.BatchNorm1d(1)` on the same: mean 3, variance 20 / 4 = 5 in the batch and 20 / 3 unbiased.
    forward(&[0.0, 2.0, 4.0, 6.0]);
    close(running(), [0.3, 0.9 + 0.1 * 20.0 / 3.0]);
    // Mean 2, variance 2 unbiased.
    forward(&[1.0, 3.0]);
    close(running(), [0.9 * 0.3 + 0.2, 0.9 * (0.9 + 2.0 / 3.0) + 0.2]);
}

#[wasm_bindgen_test(unsupported = test)]
fn the_values_of_a_map_count_pixel_by_pixel() {
    let spec = spec(vec![
        LayerSpec::BatchNorm,
        LayerSpec::Flatten,
        LayerSpec::Dense { units: 10 },
    ]);
    let device = Device::flex().autodiff();
    let values = weights::initial(&spec, 1).expect("fits");
    let network = Network::new(&spec, &values, &device).expect("fits");
    // Half of the 784 pixels 0, half 2: variance 1 in the image, 784 / 783 unbiased.
    let pixels: Vec<f32> = (0..784).map(|i| 2.0 * (i % 2) as f32).collect();
    let images = TensorData::new(pixels, [1, 1, 28, 28]);
    let _ = network.forward(Tensor::from_data(images, &device), None);
    let all = pollster::block_on(network.weights()).expect("weights");
    let variance = all.iter().find(|weight| weight.name == "0.variance");
    let found = variance.expect("a statistic").values[0];
    let wanted = 0.9 + 0.1 * 784.0 / 783.0;
    assert!((found - wanted).abs() < 1e-5, "{found} {wanted}");
}
