//! The last blocks of a network learn too.

use hearth::infer::Embedder;
use hearth::model::head::HeadKind;
use hearth::model::random::Stream;
use hearth::onnx::{self, DatasetFacts, Tail};
use hearth::train::tail::{TailLayers, TailMaps, TailTraining};
use pollster::block_on;
use wasm_bindgen_test::wasm_bindgen_test;

/// A residual block and one without; made by blocks.py.
const BLOCKS: &[u8] = include_bytes!("../fixtures/blocks.onnx");
const PIXELS: usize = 3 * 16 * 16;

fn tail(cut: usize) -> Tail {
    let cuts = onnx::tail_cuts(BLOCKS).expect("a sound file");
    onnx::tail(BLOCKS, &cuts[cut].tensor).expect("a cut that was offered")
}

/// Images of three classes, which differ in where they are bright, with so much noise.
fn pictures(each: usize, noise: f32, seed: u64) -> (Vec<u8>, Vec<u16>) {
    let mut stream = Stream::new(seed);
    let (mut pixels, mut labels) = (Vec::new(), Vec::new());
    for image in 0..3 * each {
        let class = image % 3;
        for at in 0..PIXELS {
            let bright = (at % 16) / 6 == class || (at / 16 % 16) / 6 == class;
            let value = if bright { 0.6 } else { 0.4 } + noise * (stream.unit() - 0.5);
            pixels.push((255.0 * value.clamp(0.0, 1.0)) as u8);
        }
        labels.push(class as u16);
    }
    (pixels, labels)
}

fn embedded(file: &[u8], tensor: &str, pixels: &[u8]) -> Vec<f32> {
    let network = Embedder::load_at(file, 1, tensor).expect("a file that runs");
    network
        .embed(pixels, pixels.len() / PIXELS)
        .expect("images")
}

/// What the network makes of pictures up to the cut.
fn maps(cut: &str, each: usize, seed: u64) -> TailMaps {
    let (pixels, labels) = pictures(each, 1.0, seed);
    let count = labels.len() as u32;
    TailMaps {
        maps: embedded(BLOCKS, cut, &pixels),
        samples: (0..count).collect(),
        copies: vec![0; labels.len()],
        // Two of a class after each other are near duplicates.
        groups: (0..count).map(|i| i / 6 * 3 + i % 3).collect(),
        labels,
        classes: ["a", "b", "c"].map(String::from).to_vec(),
    }
}

fn finished(data: TailMaps, seed: u64) -> TailTraining {
    let cut = tail(1).cut.tensor;
    let training = TailTraining::new(BLOCKS.to_vec(), &cut, data, 3, seed);
    let mut training = training.expect("a training");
    loop {
        let progress = block_on(training.advance(5)).expect("finite numbers");
        assert!(progress.done <= progress.total, "{progress:?}");
        if progress.done == progress.total {
            break;
        }
    }
    training
}

fn furthest(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    a.iter()
        .zip(b)
        .fold(0.0, |most, (a, b)| most.max((a - b).abs()))
}

#[wasm_bindgen_test(unsupported = test)]
fn cuts_are_offered_where_everything_flows_through_one_tensor() {
    let cuts = onnx::tail_cuts(BLOCKS).expect("a sound file");
    let found: Vec<_> = cuts
        .iter()
        .map(|cut| (cut.tensor.as_str(), cut.blocks))
        .collect();
    // The padding of the first convolution differs from side to side, which no layer that learns here has.
    assert_eq!(found, [("b.out", 1), ("a.out", 2), ("stem.out", 3)]);
    let top = 20 * 12 + 20;
    let b = 16 * 8 + 16 + 16 * 25 + 16 + 12 * 16 + 12;
    let a = 16 * 8 + 16 + 16 * 9 + 16 + 8 * 16 + 8;
    let parameters: Vec<_> = cuts.iter().map(|cut| cut.parameters).collect();
    assert_eq!(parameters, [top, top + b, top + b + a]);
    assert_eq!(
        (cuts[0].channels, cuts[0].height, cuts[0].width),
        (12, 8, 8)
    );
    assert!(onnx::tail(BLOCKS, "a.expand.out").is_err());
    // A network without features.
    let other = include_bytes!("../fixtures/branches.onnx");
    assert_eq!(onnx::tail_cuts(other).expect("a sound file"), []);
}

#[wasm_bindgen_test(unsupported = test)]
fn the_features_behind_a_cut_are_the_networks_own() {
    let (pixels, _) = pictures(2, 1.0, 1);
    let wanted = embedded(BLOCKS, "features", &pixels);
    assert!(wanted.iter().any(|&x| x > 0.1));
    for cut in onnx::tail_cuts(BLOCKS).expect("a sound file") {
        let layers = TailLayers::new(onnx::tail(BLOCKS, &cut.tensor).expect("a cut"));
        let maps = embedded(BLOCKS, &cut.tensor, &pixels);
        let found = block_on(layers.features(maps)).expect("features");
        assert!(furthest(&found, &wanted) < 1e-5, "{}", cut.tensor);
    }
}

/// The shipped network for photos, whole blocks of it.
#[cfg(not(target_family = "wasm"))]
#[test]
fn the_features_of_a_large_network_too() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/www/public/models/lite0.onnx");
    let file = std::fs::read(path).expect("the shipped model");
    let cuts = onnx::tail_cuts(&file).expect("a sound file");
    let blocks: Vec<_> = cuts.iter().map(|cut| cut.tensor.as_str()).collect();
    assert_eq!(
        blocks,
        [
            "block16.project.out",
            "block15.out",
            "block14.out",
            "block13.out"
        ]
    );
    let mut stream = Stream::new(3);
    let pixels: Vec<u8> = (0..3 * 224 * 224)
        .map(|at| (f32::from((at / 40 % 200) as u8) + 55.0 * stream.unit()) as u8)
        .collect();
    let at = |tensor: &str| {
        let network = Embedder::load_at(&file, 1, tensor).expect("a file that runs");
        network.embed(&pixels, 1).expect("an image")
    };
    let layers = TailLayers::new(onnx::tail(&file, blocks[3]).expect("a cut"));
    let found = block_on(layers.features(at(blocks[3]))).expect("features");
    assert!(furthest(&found, &at("features")) < 1e-4);
}

#[wasm_bindgen_test(unsupported = test)]
fn gradients_are_what_differences_say() {
    let tail = tail(2);
    let (pixels, _) = pictures(1, 1.0, 2);
    let maps = embedded(BLOCKS, &tail.cut.tensor, &pixels);
    let mut stream = Stream::new(9);
    let towards: Vec<f32> = (0..3 * tail.features)
        .map(|_| stream.unit() - 0.5)
        .collect();
    let layers = TailLayers::new(tail.clone());
    let gradients = block_on(layers.gradients(maps.clone(), towards.clone())).expect("gradients");
    let value = |tail: Tail| -> f64 {
        let features = block_on(TailLayers::new(tail).features(maps.clone())).expect("features");
        let products = features.iter().zip(&towards);
        products.map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
    };
    for (place, gradient) in gradients.iter().enumerate() {
        // Half along the gradient, so that much of it is seen, half anywhere.
        let length = gradient.iter().map(|x| x * x).sum::<f32>().sqrt();
        let usual = (gradient.len() as f32 / 12.0).sqrt();
        let mut one = |x: &f32| x / length * usual + stream.unit() - 0.5;
        let direction: Vec<f32> = gradient.iter().map(&mut one).collect();
        let slope: f64 = direction
            .iter()
            .zip(gradient)
            .map(|(a, b)| f64::from(a * b))
            .sum();
        let mut nearest = f64::INFINITY;
        // Where a kink lies between the points the difference is no derivative: the best of several counts.
        for reach in [1e-2f32, 3e-3, 1e-3, 3e-4] {
            let moved = |by: f32| {
                let mut tail = tail.clone();
                let values = tail.weights[place].values.iter_mut().zip(&direction);
                values.for_each(|(x, d)| *x += by * d);
                tail
            };
            let (up, down) = (value(moved(reach)), value(moved(-reach)));
            nearest = nearest.min(((up - down) / f64::from(2.0 * reach) - slope).abs());
        }
        let name = &tail.weights[place].name;
        assert!(slope.abs() > 1e-6, "{name} has no slope");
        assert!(
            nearest < 0.05 * slope.abs().max(0.05),
            "{name}: {nearest} of {slope}"
        );
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn a_tuned_network_is_a_file_that_answers_as_it_learned() {
    let data = maps(&tail(1).cut.tensor, 16, 4);
    let training = finished(data, 1);
    let progress = training.progress();
    assert!(
        progress.baseline.is_some() && progress.accuracy.is_some(),
        "{progress:?}"
    );
    let tuned = training.result().expect("the end");
    assert_eq!(tuned.head.facts.kind, HeadKind::FineTuned);
    assert_eq!(
        Some(f64::from(tuned.head.facts.accuracy)),
        progress.accuracy.map(|a| f64::from(a as f32))
    );
    let before = tail(1);
    let moved = before.weights.iter().zip(&tuned.weights);
    for (old, new) in moved {
        assert_eq!(old.name, new.name);
        assert_ne!(old.values, new.values, "{} has not learned", old.name);
    }
    let dataset = DatasetFacts {
        name: "bright".into(),
        id: "1".into(),
    };
    let file = training.onnx(Some(dataset)).expect("a file");
    let (pixels, _) = pictures(3, 1.0, 6);
    let layers = TailLayers::new(Tail {
        weights: tuned.weights.clone(),
        ..before.clone()
    });
    let at_cut = embedded(&file, &before.cut.tensor, &pixels);
    assert_eq!(at_cut, embedded(BLOCKS, &before.cut.tensor, &pixels));
    let features = block_on(layers.features(at_cut)).expect("features");
    assert!(furthest(&features, &embedded(&file, "features", &pixels)) < 1e-4);
    let logits = features.chunks_exact(20).flat_map(|f| tuned.head.logits(f));
    let scaled: Vec<f32> = logits.map(|x| x / tuned.head.facts.temperature).collect();
    assert!(furthest(&scaled, &embedded(&file, "logits", &pixels)) < 1e-3);
}

#[wasm_bindgen_test(unsupported = test)]
fn the_seed_decides() {
    let data = maps(&tail(1).cut.tensor, 8, 4);
    let (a, b) = (finished(data.clone(), 7), finished(data.clone(), 7));
    assert_eq!(a.result(), b.result());
    let other = finished(data, 8);
    assert_ne!(
        a.result().map(|r| &r.weights),
        other.result().map(|r| &r.weights)
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn held_out_images_are_not_learned_from() {
    let cut = tail(1).cut.tensor;
    let data = maps(&cut, 16, 4);
    let begun =
        |data: TailMaps| TailTraining::new(BLOCKS.to_vec(), &cut, data, 3, 1).expect("a training");
    let held_out = begun(data.clone()).held_out().to_vec();
    let count = held_out.iter().filter(|out| **out).count();
    assert!((6..=18).contains(&count), "{count} of 48");
    for (a, b) in (0..48).flat_map(|a| (0..48).map(move |b| (a, b))) {
        assert!(
            data.groups[a] != data.groups[b] || held_out[a] == held_out[b],
            "near duplicates are parted"
        );
    }
    // Other images in their places change nothing of what the first run learns, and what is learned from does.
    let size = data.maps.len() / 48;
    let changed = |of_held_out: bool| {
        let mut changed = data.clone();
        for (sample, map) in changed.maps.chunks_exact_mut(size).enumerate() {
            if held_out[sample] == of_held_out {
                map.iter_mut().for_each(|x| *x = 1.0 - *x);
            }
        }
        changed
    };
    let mut losses = Vec::new();
    for data in [data.clone(), changed(true), changed(false)] {
        let mut training = begun(data);
        let mut all = Vec::new();
        // Features first, then steps: until the held-out images have been asked.
        while training.progress().accuracy.is_none() {
            all.push(block_on(training.advance(1)).expect("finite numbers").loss);
        }
        losses.push(all);
    }
    assert!(losses[0].last().is_some_and(|&loss| loss > 0.0));
    assert_eq!(losses[0], losses[1]);
    assert_ne!(losses[0], losses[2]);
}

#[wasm_bindgen_test(unsupported = test)]
fn what_cannot_be_tuned_is_refused() {
    let cut = tail(1).cut.tensor;
    let data = maps(&cut, 2, 4);
    let new = |file: &[u8], tensor: &str, data: &TailMaps| {
        TailTraining::new(file.to_vec(), tensor, data.clone(), 2, 1).err()
    };
    assert!(new(BLOCKS, "map of nothing", &data).is_some());
    assert!(new(&BLOCKS[..100], &cut, &data).is_some());
    let mut incomplete = data.clone();
    incomplete.maps.pop();
    assert!(new(BLOCKS, &cut, &incomplete).is_some());
    let mut nan = data.clone();
    nan.maps[5] = f32::NAN;
    assert!(new(BLOCKS, &cut, &nan).is_some());
    // So few that none can be held out still learn.
    let mut few = data;
    few.groups = vec![0; 6];
    let training = finished(few, 1);
    assert_eq!(training.progress().accuracy, None);
    assert!(training.result().is_some());
}
