//! What several tests begin with: real digits, and small networks that hold one kind of layer each.

use burn::tensor::{Device, Tensor, TensorData};
use hearth::data::{Dataset, IdxPair, mnist_classes};
use hearth::model::random::Stream;
use hearth::model::{ImageShape, LayerSpec, ModelSpec, Preprocessing, Recipe, classic};

/// The first 256 training and 64 test images of MNIST.
pub fn digits() -> Dataset {
    let train = IdxPair {
        images: include_bytes!("../fixtures/mnist-train-256-images.idx"),
        labels: include_bytes!("../fixtures/mnist-train-256-labels.idx"),
    };
    let test = IdxPair {
        images: include_bytes!("../fixtures/mnist-test-64-images.idx"),
        labels: include_bytes!("../fixtures/mnist-test-64-labels.idx"),
    };
    Dataset::from_idx("mnist", mnist_classes(), train, test).expect("sound fixtures")
}

/// The same digits as images of another shape (channels, height, width).
pub fn digits_as(shape: [usize; 3]) -> Dataset {
    let data = digits();
    let [channels, height, width] = shape;
    if shape == data.shape() {
        return data;
    }
    let of_image = |i: usize| {
        let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        let plane = places.map(|(x, y)| data.pixels(i)[y * 28 / height * 28 + x * 28 / width]);
        plane.collect::<Vec<u8>>().repeat(channels)
    };
    let pixels = (0..data.len()).flat_map(of_image).collect();
    let labels = (0..data.len()).map(|i| data.label(i) as u16).collect();
    let splits = (0..data.len()).map(|i| data.split(i)).collect();
    Dataset::new("mnist", mnist_classes(), shape, pixels, labels, splits).expect("sound data")
}

pub fn conv(filters: usize, kernel: usize, stride: usize, padding: usize) -> LayerSpec {
    LayerSpec::Conv {
        filters,
        kernel,
        stride,
        padding,
    }
}

pub fn depthwise(kernel: usize, stride: usize, padding: usize) -> LayerSpec {
    LayerSpec::Depthwise {
        kernel,
        stride,
        padding,
    }
}

/// Layers between a 28×28 digit and ten logits.
pub fn spec(layers: Vec<LayerSpec>) -> ModelSpec {
    ModelSpec {
        name: "test".into(),
        input: ImageShape {
            channels: 1,
            height: 28,
            width: 28,
        },
        preprocessing: Preprocessing::DIGIT,
        layers,
    }
}

/// One network for each kind of layer, by the layer's name; together they hold every kind and every setting.
pub fn each_layer() -> Vec<(&'static str, ModelSpec)> {
    let dense = || LayerSpec::Dense { units: 10 };
    let pool = |size, stride| LayerSpec::MaxPool { size, stride };
    let between = |layers: Vec<LayerSpec>| {
        let mut all = vec![conv(4, 3, 2, 0)];
        all.extend(layers);
        all.extend([LayerSpec::Flatten, dense()]);
        spec(all)
    };
    vec![
        ("dense", spec(vec![LayerSpec::Flatten, dense()])),
        ("conv", between(vec![])),
        ("conv, strided and padded", between(vec![conv(3, 5, 2, 2)])),
        ("conv, even kernel", between(vec![conv(3, 2, 1, 1)])),
        (
            "depthwise",
            between(vec![depthwise(3, 1, 1), conv(3, 1, 1, 0)]),
        ),
        (
            "depthwise, strided, no padding",
            between(vec![depthwise(2, 2, 0)]),
        ),
        (
            "depthwise on one channel",
            spec(vec![depthwise(5, 3, 2), LayerSpec::Flatten, dense()]),
        ),
        ("relu", between(vec![LayerSpec::Relu])),
        (
            "leaky relu",
            between(vec![LayerSpec::LeakyRelu { slope: 0.2 }]),
        ),
        ("sigmoid", between(vec![LayerSpec::Sigmoid])),
        ("tanh", between(vec![LayerSpec::Tanh])),
        ("gelu", between(vec![LayerSpec::Gelu])),
        (
            "gelu on a vector",
            spec(vec![
                LayerSpec::Flatten,
                LayerSpec::Dense { units: 12 },
                LayerSpec::Gelu,
                dense(),
            ]),
        ),
        (
            "average pool",
            between(vec![LayerSpec::AvgPool { size: 2, stride: 2 }]),
        ),
        (
            "average pool, overlapping",
            between(vec![LayerSpec::AvgPool { size: 3, stride: 2 }]),
        ),
        (
            "global average pool",
            between(vec![LayerSpec::GlobalAvgPool]),
        ),
        ("max pool", between(vec![pool(2, 2)])),
        ("max pool, overlapping", between(vec![pool(3, 2)])),
        ("batch norm", between(vec![LayerSpec::BatchNorm])),
        (
            "batch norm on a vector",
            spec(vec![
                LayerSpec::Flatten,
                LayerSpec::Dense { units: 12 },
                LayerSpec::BatchNorm,
                dense(),
            ]),
        ),
        ("dropout", between(vec![LayerSpec::Dropout { rate: 0.4 }])),
    ]
}

/// The classic recipe, shortened: two epochs in batches of 32.
pub fn short_recipe() -> Recipe {
    Recipe {
        epochs: 2,
        seed: 7,
        ..classic().recipe
    }
}

/// Colour images that are wider than high, through every layer with a window.
pub fn colour() -> ModelSpec {
    ModelSpec {
        input: ImageShape {
            channels: 3,
            height: 12,
            width: 19,
        },
        ..spec(vec![
            conv(5, 3, 1, 1),
            LayerSpec::Tanh,
            depthwise(3, 2, 1),
            LayerSpec::Gelu,
            conv(4, 2, 1, 0),
            LayerSpec::AvgPool { size: 2, stride: 1 },
            LayerSpec::MaxPool { size: 2, stride: 2 },
            LayerSpec::Flatten,
            LayerSpec::Dense { units: 10 },
        ])
    }
}

/// `count` digits' worth of noise, 0–1, `[count, 1, 28, 28]`.
pub fn noise(count: usize, seed: u64, device: &Device) -> Tensor<4> {
    noise_for(&classic().spec, count, seed, device)
}

/// `count` images of noise, 0–1, of the size that the network takes.
pub fn noise_for(spec: &ModelSpec, count: usize, seed: u64, device: &Device) -> Tensor<4> {
    let [channels, height, width] = spec.input.dims();
    let mut stream = Stream::new(seed);
    let values: Vec<f32> = (0..count * spec.input.len())
        .map(|_| stream.unit())
        .collect();
    Tensor::from_data(
        TensorData::new(values, [count, channels, height, width]),
        device,
    )
}

pub fn host<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    pollster::block_on(tensor.into_data_async())
        .expect("the CPU can be read")
        .try_into_vec()
        .expect("float values")
}
