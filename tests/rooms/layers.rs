//! What the Layers page shows: each layer's values follow from those of the layer before, by the plainest loops there
//! are.

use burn::tensor::Device;
use hearth::data::{Dataset, Split};
use hearth::infer::{InferError, Layers, Session, Stage, StageValues};
use hearth::model::{
    BATCH_NORM_EPSILON, LayerSpec, ModelSpec, Preprocessing, Preset, presets, weights,
};
use hearth::onnx::{self, Metadata};
use hearth::pixels::Rgba;
use hearth::train::Trainer;
use wasm_bindgen_test::wasm_bindgen_test;

use super::fixture::{self, conv, each_layer, short_recipe, spec};

/// A network after a few steps, so that nothing is at its first value.
fn trained(spec: &ModelSpec) -> Vec<u8> {
    let dataset = fixture::digits_as(spec.input.dims());
    let trainer = Trainer::new(spec.clone(), short_recipe(), dataset, &Device::flex());
    let mut trainer = trainer.expect("spec and data fit");
    pollster::block_on(trainer.advance(4)).expect("training goes on");
    pollster::block_on(trainer.onnx()).expect("a file")
}

fn untrained(spec: &ModelSpec) -> Vec<u8> {
    let values = weights::initial(spec, 1).expect("fits");
    onnx::write(spec, &values, &Metadata::default()).expect("fits")
}

fn first_test_image(dataset: &Dataset) -> &[u8] {
    dataset.pixels(dataset.indices(Split::Test)[0] as usize)
}

/// One run of a network, taken apart.
struct Opened {
    layers: Layers,
    weights: Vec<f32>,
    values: Vec<Vec<f32>>,
}

impl Opened {
    fn new(file: &[u8]) -> Self {
        let shape = onnx::read(file).expect("a network").input.dims();
        let dataset = fixture::digits_as(shape);
        Self::of_run(file, |layers| layers.pixels(first_test_image(&dataset)))
    }

    fn of_run(file: &[u8], run: impl FnOnce(&Layers) -> Result<StageValues, InferError>) -> Self {
        let layers = Layers::load(file).expect("it can be looked into");
        let run = run(&layers).expect("a run");
        let values = |stage| run.values(stage).map(<[f32]>::to_vec);
        let values = (0..layers.stages().len()).map(values);
        Opened {
            values: values.collect::<Result<_, _>>().expect("values"),
            weights: layers.weights(),
            layers,
        }
    }

    fn stages(&self) -> &[Stage] {
        self.layers.stages()
    }

    fn values(&self, stage: usize) -> &[f32] {
        &self.values[stage]
    }

    fn weight(&self, layer: usize, part: &str) -> &[f32] {
        let name = weights::name(layer, part);
        let parts = self.layers.parts();
        let part = parts.iter().find(|part| part.name == name);
        let part = part.expect("a layer has its weights");
        &self.weights[part.start..part.start + part.shape.iter().product::<usize>()]
    }

    /// The largest difference between what tract gives for stage `index` and what follows from the stage before.
    fn error(&self, index: usize) -> f32 {
        let stage = &self.stages()[index];
        let input = |place: usize| self.values(stage.inputs[place]);
        let expected = match (&stage.layer, stage.operator.as_deref()) {
            (Some(layer), _) => self.expected(index, layer),
            (None, Some("Clip")) => {
                let [least, most] = stage.bounds.expect("constants");
                input(0).iter().map(|x| x.clamp(least, most)).collect()
            }
            (None, Some("Add")) => {
                let sums = input(0).iter().zip(input(1)).map(|(a, b)| a + b);
                sums.collect()
            }
            _ => softmax(input(0)),
        };
        let found = self.values(index);
        assert_eq!(expected.len(), found.len());
        let differences = expected.iter().zip(found).map(|(a, b)| (a - b).abs());
        differences.fold(0.0, f32::max)
    }

    fn expected(&self, index: usize, layer: &LayerSpec) -> Vec<f32> {
        let before = self.stages()[index].inputs[0];
        let x = self.values(before);
        let shape = &self.stages()[before].shape;
        let out = &self.stages()[index].shape;
        let weight = |part| self.weight(index - 1, part);
        // Looked up once, and not for every cell.
        let weighs = matches!(
            layer,
            LayerSpec::Conv { .. } | LayerSpec::Depthwise { .. } | LayerSpec::Dense { .. }
        );
        let (kernels, biases) = match weighs {
            true => (weight("weight"), weight("bias")),
            false => (&[][..], &[][..]),
        };
        let each = |f: &dyn Fn(f32) -> f32| x.iter().map(|&x| f(x)).collect();
        match *layer {
            LayerSpec::Conv {
                kernel,
                stride,
                padding,
                ..
            } => cells(out, |k, i, j| {
                let sums = (0..shape[0]).map(|c| {
                    let filter = &kernels[(k * shape[0] + c) * kernel * kernel..];
                    let patch = patch(x, shape, c, [i * stride, j * stride], kernel, padding);
                    let products = patch.iter().zip(filter).map(|(x, w)| x.unwrap_or(0.0) * w);
                    products.sum::<f32>()
                });
                biases[k] + sums.sum::<f32>()
            }),
            LayerSpec::MaxPool { size, stride } => cells(out, |c, i, j| {
                let patch = patch(x, shape, c, [i * stride, j * stride], size, 0);
                patch
                    .into_iter()
                    .flatten()
                    .fold(f32::NEG_INFINITY, f32::max)
            }),
            LayerSpec::BatchNorm => cells(out, |c, i, j| {
                let spread = (weight("variance")[c] + BATCH_NORM_EPSILON).sqrt();
                let plane = x.len() / shape[0];
                let width = shape.get(2).copied().unwrap_or(1);
                let x = x[c * plane + i * width + j];
                weight("scale")[c] * (x - weight("mean")[c]) / spread + weight("bias")[c]
            }),
            LayerSpec::Depthwise {
                kernel,
                stride,
                padding,
            } => cells(out, |c, i, j| {
                let filter = &kernels[c * kernel * kernel..];
                let patch = patch(x, shape, c, [i * stride, j * stride], kernel, padding);
                let products = patch.iter().zip(filter).map(|(x, w)| x.unwrap_or(0.0) * w);
                biases[c] + products.sum::<f32>()
            }),
            LayerSpec::AvgPool { size, stride } => cells(out, |c, i, j| {
                let patch = patch(x, shape, c, [i * stride, j * stride], size, 0);
                patch.into_iter().flatten().sum::<f32>() / (size * size) as f32
            }),
            LayerSpec::GlobalAvgPool => x
                .chunks_exact(shape[1] * shape[2])
                .map(|map| map.iter().sum::<f32>() / map.len() as f32)
                .collect(),
            LayerSpec::Relu => each(&|x| x.max(0.0)),
            LayerSpec::LeakyRelu { slope } => each(&|x| if x < 0.0 { x * slope as f32 } else { x }),
            LayerSpec::Sigmoid => each(&|x| 1.0 / (1.0 + (-x).exp())),
            LayerSpec::Tanh => each(&f32::tanh),
            LayerSpec::Gelu => each(&|x| x * normal_share(x)),
            // In use a dropout lets everything through, and to flatten is only to count anew.
            LayerSpec::Dropout { .. } | LayerSpec::Flatten => x.to_vec(),
            LayerSpec::Dense { units } => (0..units)
                .map(|k| {
                    let column = kernels.iter().skip(k).step_by(units);
                    let products = x.iter().zip(column).map(|(x, w)| x * w);
                    biases[k] + products.sum::<f32>()
                })
                .collect(),
        }
    }
}

/// A value for each cell of `[channels, height, width]` or `[features]`.
fn cells(shape: &[usize], value: impl Fn(usize, usize, usize) -> f32) -> Vec<f32> {
    let [height, width] = [1, 2].map(|axis| shape.get(axis).copied().unwrap_or(1));
    let cell = |n: usize| value(n / (height * width), n / width % height, n % width);
    (0..shape[0] * height * width).map(cell).collect()
}

/// What a window sees of channel `c` of `[channels, height, width]`; nothing if it looks beyond the edge.
fn patch(
    x: &[f32],
    shape: &[usize],
    c: usize,
    [row, column]: [usize; 2],
    size: usize,
    padding: usize,
) -> Vec<Option<f32>> {
    let value = |n: usize| {
        let row = (row + n / size).checked_sub(padding);
        let column = (column + n % size).checked_sub(padding);
        let row = row.filter(|&row| row < shape[1])?;
        let column = column.filter(|&column| column < shape[2])?;
        Some(x[(c * shape[1] + row) * shape[2] + column])
    };
    (0..size * size).map(value).collect()
}

/// The normal distribution's Φ, by Simpson's rule over its density.
fn normal_share(x: f32) -> f32 {
    const STEPS: usize = 400;
    let width = f64::from(x) / STEPS as f64;
    let density = |i: usize| (-0.5 * (i as f64 * width).powi(2)).exp();
    let weight = |i: usize| {
        if i == 0 || i == STEPS {
            1.0
        } else {
            2.0 + 2.0 * (i % 2) as f64
        }
    };
    let area: f64 = (0..=STEPS).map(|i| weight(i) * density(i)).sum::<f64>() * width / 3.0;
    (0.5 + area / (2.0 * std::f64::consts::PI).sqrt()) as f32
}

fn softmax(logits: &[f32]) -> Vec<f32> {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let powers: Vec<f32> = logits.iter().map(|x| (x - largest).exp()).collect();
    let sum: f32 = powers.iter().sum();
    powers.into_iter().map(|power| power / sum).collect()
}

fn assert_every_layer_follows(name: &str, file: &[u8]) {
    let opened = Opened::new(file);
    for index in 1..opened.stages().len() {
        let error = opened.error(index);
        let layer = &opened.stages()[index].layer;
        assert!(error < 1e-4, "{name}, layer {index}, {layer:?}: {error}");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn every_layer_follows_from_the_one_before_for_every_kind() {
    for (name, spec) in each_layer() {
        assert_every_layer_follows(name, &trained(&spec));
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn every_layer_follows_from_the_one_before_for_every_preset() {
    for Preset { id, spec, .. } in presets() {
        assert_every_layer_follows(id, &trained(&spec));
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn every_layer_follows_from_the_one_before_in_the_network_that_ships() {
    let file = include_bytes!("../../www/public/models/digits.onnx");
    assert_every_layer_follows("digits.onnx", file);
}

/// Written by PyTorch's exporter, and in the ways of other exporters.
#[wasm_bindgen_test(unsupported = test)]
fn every_layer_follows_from_the_one_before_in_files_from_elsewhere() {
    let pytorch = include_bytes!("../fixtures/pytorch-every-layer.onnx");
    let others = include_bytes!("../fixtures/other-exporters.onnx");
    assert_every_layer_follows("PyTorch", pytorch);
    assert_every_layer_follows("others", others);
}

#[wasm_bindgen_test(unsupported = test)]
fn every_layer_follows_from_those_before_where_the_network_branches() {
    let file = include_bytes!("../fixtures/pytorch-residual.onnx");
    assert_every_layer_follows("residual", file);
    let opened = Opened::new(file);
    let sum = &opened.stages()[3];
    assert_eq!(sum.operator.as_deref(), Some("Add"));
    assert_eq!(sum.inputs, [1, 2]);
}

#[wasm_bindgen_test(unsupported = test)]
fn an_operator_that_is_no_layer_of_hearths_has_its_stage_too() {
    let file = include_bytes!("../fixtures/pytorch-hardswish.onnx");
    let opened = Opened::new(file);
    let stage = &opened.stages()[2];
    assert_eq!((stage.layer.clone(), &stage.inputs[..]), (None, &[1][..]));
    assert_eq!(stage.operator.as_deref(), Some("HardSwish"));
    for (x, y) in opened.values(1).iter().zip(opened.values(2)) {
        assert!((x * (x / 6.0 + 0.5).clamp(0.0, 1.0) - y).abs() < 1e-5);
    }
    assert!(opened.error(4) < 1e-4, "what comes after it is worked out");
}

/// Made by `fixtures/branches.py`.
#[wasm_bindgen_test(unsupported = test)]
fn what_an_older_exporter_writes_is_told_as_it_is_computed() {
    let opened = Opened::new(include_bytes!("../fixtures/branches.onnx"));
    let stages = opened.stages();
    let of = |kind: &str| {
        let places = (0..stages.len()).filter(|&i| stages[i].operator.as_deref() == Some(kind));
        places.collect::<Vec<_>>()
    };

    let clip = of("Clip")[0];
    assert_eq!(stages[clip].bounds, Some([0.0, 0.5]), "attributes");
    assert!(opened.error(clip) < 1e-6);

    let (halves, convs) = (of("Split"), of("Conv"));
    let both = halves.iter().flat_map(|&half| opened.values(half));
    assert_eq!(both.copied().collect::<Vec<_>>(), opened.values(clip));
    assert_eq!(stages[convs[1]].inputs, [halves[1]], "the second half");
    assert!(opened.error(convs[1]) < 1e-4);
    assert_eq!(stages[of("Concat")[0]].inputs, [halves[0], convs[1]]);

    let product = of("MatMul")[0];
    assert_eq!(stages[product].shape, [1, 4, 5]);
    assert_eq!(stages[product].layer, None, "no list of numbers goes in");
    assert_eq!(
        stages[of("Gemm")[0]].layer,
        Some(LayerSpec::Dense { units: 10 })
    );
    assert!(opened.error(of("Gemm")[0]) < 1e-4);

    assert!(of("Identity").is_empty());
    assert_eq!(
        opened.layers.answer(),
        of("Softmax")[0],
        "by its other name"
    );
}

/// Residual sums, depthwise convolutions, padding that is larger on one side, weights in 8 bits.
#[wasm_bindgen_test(unsupported = test)]
fn a_network_for_photos_shows_every_stage() {
    let file = include_bytes!("../../www/public/models/lite0.onnx");
    let rgb = include_bytes!("../fixtures/photos/chelsea-128.rgb");
    let rgba: Vec<u8> = rgb
        .as_chunks::<3>()
        .0
        .iter()
        .flat_map(|&[r, g, b]| [r, g, b, 255])
        .collect();
    let photo = Rgba::new(&rgba, 128, 128).expect("a picture");
    let opened = Opened::of_run(file, |layers| {
        layers.photo(photo).map(|run| run.expect("it takes photos"))
    });
    assert_eq!(opened.stages().len(), 1 + 49 + 33 + 9 + 4);
    let names = ["block4.depthwise.sum", "block3.out", "features"];
    let session = Session::load_with(file, &names).expect("it runs");
    let answer = session.photo(photo, 1).expect("an answer");
    // The same tensors from a plan that outputs nothing else, which joins operators.
    for (inner, (operator, at)) in
        answer
            .inner
            .iter()
            .zip([("Conv", 19), ("Add", 16), ("Flatten", 93)])
    {
        assert_eq!(opened.stages()[at].operator.as_deref(), Some(operator));
        let found = opened.values(at);
        assert_eq!(inner.values.len(), found.len());
        for (a, b) in inner.values.iter().zip(found) {
            assert!((a - b).abs() < 1e-3, "{}: {a} and {b}", inner.name);
        }
    }
    let best = &answer.predictions[0];
    let shown = opened.values(opened.layers.answer())[best.index];
    assert!((shown - best.p).abs() < 1e-4, "{shown} and {}", best.p);
    // The stem and the depthwise convolutions with a stride are padded behind more than before.
    let strided = |index: &usize| match opened.stages()[*index].layer {
        Some(LayerSpec::Conv { stride, .. } | LayerSpec::Depthwise { stride, .. }) => stride > 1,
        Some(_) => false,
        None => true,
    };
    for index in (1..opened.stages().len()).filter(strided) {
        let error = opened.error(index);
        assert!(error < 1e-3, "{index}: {error}");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn an_overview_is_every_stage_small() {
    let file = include_bytes!("../../www/public/models/digits.onnx");
    let layers = Layers::load(file).expect("our own file");
    let dataset = fixture::digits();
    let run = layers.pixels(first_test_image(&dataset)).expect("a run");
    let overview = layers.overview(&run).expect("an overview");
    let mut start = 0;
    for (index, stage) in layers.stages().iter().enumerate() {
        assert_eq!(stage.small.start, start);
        let small = &overview[start..start + stage.small.shape.iter().product::<usize>()];
        let values = run.values(index).expect("values");
        match stage.shape[..] {
            // Maps that are no larger than their small ones are as they are, the first of them.
            [_, height, width] if height * width > 1 => assert_eq!(small, &values[..small.len()]),
            _ if values.len() <= small.len() => assert_eq!(small, values),
            _ => assert!(small.iter().all(|value| values.contains(value))),
        }
        start += small.len();
    }
    assert_eq!(overview.len(), start);
}

#[wasm_bindgen_test(unsupported = test)]
fn the_last_stage_is_what_a_session_answers() {
    let file = include_bytes!("../../www/public/models/digits.onnx");
    let opened = Opened::new(file);
    let session = Session::load(file).expect("it runs");
    let dataset = fixture::digits();
    let answer = session.probabilities(first_test_image(&dataset), 1);
    let answer = answer.expect("an answer");
    let shown = opened.values(opened.stages().len() - 1);
    for (a, b) in answer.iter().zip(shown) {
        assert!((a - b).abs() < 1e-6, "{a} and {b}");
    }
    assert_eq!(opened.layers.labels(), session.labels());
}

#[wasm_bindgen_test(unsupported = test)]
fn stages_lead_from_the_image_to_the_answer() {
    let opened = Opened::new(&untrained(&spec(vec![
        conv(4, 3, 2, 1),
        LayerSpec::Relu,
        LayerSpec::Flatten,
        LayerSpec::Dense { units: 3 },
    ])));
    let shapes: Vec<&[usize]> = opened.stages().iter().map(|s| &s.shape[..]).collect();
    let expected: [&[usize]; 6] = [&[1, 28, 28], &[4, 14, 14], &[4, 14, 14], &[784], &[3], &[3]];
    assert_eq!(shapes, expected);
    for (index, stage) in opened.stages().iter().enumerate() {
        assert_eq!(stage.inputs, Vec::from_iter(index.checked_sub(1)));
        assert_eq!(opened.values(index).len(), stage.size());
    }
    assert_eq!(opened.layers.answer(), 5);
    let dataset = fixture::digits();
    let image = first_test_image(&dataset);
    assert_eq!(Preprocessing::DIGIT.image(image, 1), opened.values(0));
}

#[wasm_bindgen_test(unsupported = test)]
fn a_drawing_is_looked_at_as_the_session_sees_it() {
    let file = include_bytes!("../../www/public/models/digits.onnx");
    let layers = Layers::load(file).expect("it runs");
    let paper = vec![255; 40 * 40 * 4];
    let picture = Rgba::new(&paper, 40, 40).expect("a picture");
    assert!(layers.drawing(picture).expect("an answer").is_none());
    let mut paper = paper;
    for row in 5..35 {
        for column in 18..22 {
            paper[(row * 40 + column) * 4..][..3].fill(0);
        }
    }
    let picture = Rgba::new(&paper, 40, 40).expect("a picture");
    let values = layers.drawing(picture).expect("an answer");
    let run = values.expect("there is ink");
    let values = run.values(0).expect("values");
    let session = Session::load(file).expect("it runs");
    let answer = session.drawing(picture).expect("an answer");
    let seen = answer.expect("there is ink").seen;
    assert_eq!(Preprocessing::DIGIT.image(&seen, 1), values);
}

#[wasm_bindgen_test(unsupported = test)]
fn a_model_that_takes_no_digit_still_shows_its_layers() {
    let mut colour = spec(vec![
        conv(2, 3, 1, 0),
        LayerSpec::Flatten,
        LayerSpec::Dense { units: 2 },
    ]);
    colour.input.channels = 3;
    let layers = Layers::load(&untrained(&colour)).expect("it runs");
    assert!(!layers.takes_drawings());
    assert_eq!(layers.parts()[0].shape, [2, 3, 3, 3]);
    let run = layers.pixels(&[9; 3 * 28 * 28]).expect("a run");
    let values = run.values(3).expect("values");
    assert!(values.iter().all(|value| value.is_finite()));
    let error = layers.pixels(&[9; 784]).err().expect("a grey image");
    assert!(matches!(error, InferError::InputSize { given: 784, .. }));
}
