//! A score of novelty in a network's own file.

use hearth::data::{Dataset, Split};
use hearth::infer::{Embedder, Layers, Session};
use hearth::metrics::{Answers, MetricsError};
use hearth::model::head::{Measure, Novelty, RejectFacts, Step};
use hearth::model::random::Stream;
use hearth::model::spread::Known;
use hearth::onnx::{self, Metadata};
use hearth::pixels::Rgba;
use hearth::train::Trainer;
use wasm_bindgen_test::wasm_bindgen_test;

use super::fixture::{digits, short_recipe};
use super::graft::{head, small_file};
use super::raw::{graph, messages};

const DIGITS: &[u8] = include_bytes!("../../www/public/models/digits.onnx");

/// Of a network's features of the first training images.
fn known(file: &[u8], data: &Dataset) -> Novelty {
    let indices = data.indices(Split::Train);
    let pixels: Vec<u8> = indices
        .iter()
        .flat_map(|&i| data.pixels(i as usize).to_vec())
        .collect();
    let labels: Vec<u16> = indices
        .iter()
        .map(|&i| data.label(i as usize) as u16)
        .collect();
    let embedder = Embedder::load(file, 8).expect("tract runs it");
    let features = embedder.embed(&pixels, indices.len()).expect("features");
    let known = Known {
        features: &features,
        labels: &labels,
        dimension: embedder.dimension(),
        classes: 10,
    };
    known.novelty(0.9).expect("enough images")
}

#[wasm_bindgen_test(unsupported = test)]
fn a_session_tells_the_score_of_the_features() {
    let data = digits();
    let novelty = known(DIGITS, &data);
    let file = onnx::with_novelty(DIGITS, &novelty).expect("fits");
    let test: Vec<u8> = (256..320).flat_map(|i| data.pixels(i).to_vec()).collect();
    let features = Embedder::load(&file, 4).expect("tract runs it");
    let features = features.embed(&test, 64).expect("features");
    let expected: Vec<f32> = features
        .chunks_exact(112)
        .map(|row| novelty.score(row, &[]))
        .collect();
    for batch in [1, 7] {
        let session = Session::load_batched(&file, batch).expect("tract runs it");
        assert_eq!(session.reject(), Some(novelty.facts));
        let answers = session.answers(&test, 64).expect("answers");
        for (a, b) in answers.novelty.iter().zip(&expected) {
            assert!(
                (a - b).abs() < 1e-4 * b.abs().max(1.0),
                "{a} instead of {b}"
            );
        }
        let before = Session::load_batched(DIGITS, batch).expect("tract runs it");
        let same = before.probabilities(&test, 64).expect("answers");
        assert_eq!(answers.probabilities, same);
        assert!(answers.novelty.len() == 64);
    }
}

/// What the shipped network for digits makes of a 1, of a scribble and of an empty paper.
#[wasm_bindgen_test(unsupported = test)]
fn a_drawing_and_a_photo_have_their_novelty() {
    let session = Session::load(DIGITS).expect("tract runs it");
    let threshold = session
        .reject()
        .expect("it can say none of these")
        .threshold;
    let side = 140;
    let drawn = |ink: &dyn Fn(usize, usize) -> bool| {
        let pixels = (0..side * side).flat_map(|i| match ink(i % side, i / side) {
            true => [0, 0, 0, 255],
            false => [255; 4],
        });
        pixels.collect::<Vec<u8>>()
    };
    let one = drawn(&|x, y| (66..74).contains(&x) && (20..120).contains(&y));
    let dots = drawn(&|x, y| (x / 9 * 7 + y / 9 * 5) % 3 == 0 && (x / 9 + y / 9) % 2 == 0);
    let novelty = |pixels: &[u8]| {
        let picture = Rgba::new(pixels, side, side).expect("a picture");
        let drawing = session.drawing(picture).expect("an answer").expect("ink");
        drawing.novelty.expect("a score")
    };
    assert!(novelty(&one) < threshold);
    let picture = Rgba::new(&one, side, side).expect("a picture");
    let photo = session.photo(picture, 1).expect("an answer");
    assert!(photo.novelty.is_some_and(|score| score < threshold));
    assert!(novelty(&dots) > threshold);
    let blank = drawn(&|_, _| false);
    let blank = Rgba::new(&blank, side, side).expect("a picture");
    assert!(session.drawing(blank).expect("an answer").is_none());
}

#[wasm_bindgen_test(unsupported = test)]
fn nothing_of_the_network_is_lost() {
    let plain = small_file();
    let novelty = head(8, 3).novelty.expect("has one");
    let file = onnx::with_novelty(&plain, &novelty).expect("fits");
    let (old, new) = (graph(&plain), graph(&file));
    for number in [1, 5, 11, 12] {
        let (old, new) = (messages(&old, number), messages(&new, number));
        assert_eq!(new[..old.len()], old[..], "field {number}");
    }
    assert_eq!(
        messages(&file, 14)[..messages(&plain, 14).len()],
        messages(&plain, 14)[..]
    );
    let (before, after) = (onnx::network(&plain), onnx::network(&file));
    let (before, after) = (before.expect("sound"), after.expect("sound"));
    assert_eq!(
        (before.spec, before.weights, before.tensors),
        (after.spec, after.weights, after.tensors)
    );
    assert_eq!(before.facts.parameters, after.facts.parameters);
    assert_eq!(after.facts.metadata.reject, Some(novelty.facts));
    assert_eq!(
        onnx::backbone_id(&plain).ok(),
        onnx::backbone_id(&file).ok()
    );
    // Looked into it is the network and no more.
    let stages = |file: &[u8]| Layers::load(file).expect("tract runs it").stages().to_vec();
    assert_eq!(stages(&plain), stages(&file));

    // Another score takes the place of the first, and leaves nothing of it.
    let mut other = novelty;
    other.parts.truncate(1);
    other.facts.threshold = 7.0;
    let twice = onnx::with_novelty(&file, &other).expect("fits");
    assert!(twice == onnx::with_novelty(&plain, &other).expect("fits"));
}

/// In a head's file, too, energy is that of the logits before the temperature.
#[wasm_bindgen_test(unsupported = test)]
fn a_heads_score_can_be_replaced() {
    let whole = head(8, 3);
    let direct = onnx::with_head(&small_file(), &whole, None, &[]).expect("fits");
    let without = hearth::model::head::Head {
        novelty: None,
        ..whole.clone()
    };
    let without = onnx::with_head(&small_file(), &without, None, &[]).expect("fits");
    let added = onnx::with_novelty(&without, &whole.novelty.expect("has one")).expect("fits");
    let data = digits();
    let pixels: Vec<u8> = (0..9).flat_map(|i| data.pixels(i).to_vec()).collect();
    let novelty = |file: &[u8]| {
        let session = Session::load(file).expect("tract runs it");
        session.answers(&pixels, 9).expect("answers").novelty
    };
    assert_eq!(novelty(&direct), novelty(&added));
}

#[wasm_bindgen_test(unsupported = test)]
fn a_network_with_a_score_trains_on() {
    let data = digits();
    let network = onnx::network(DIGITS).expect("sound");
    assert!(network.facts.metadata.reject.is_some());
    let device = burn::tensor::Device::flex();
    let mut trainer = Trainer::with_weights(
        network.spec,
        short_recipe(),
        &network.weights,
        data.clone(),
        &device,
    )
    .expect("fits");
    pollster::block_on(trainer.advance(2)).expect("training goes on");
    let trained = pollster::block_on(trainer.onnx()).expect("a file");
    // The score was the other weights'.
    let facts = onnx::read(&trained).expect("sound");
    assert_eq!((facts.metadata.reject, facts.outputs.len()), (None, 3));
    let session = Session::load(&trained).expect("tract runs it");
    assert!(session.reject().is_none());

    // A score leaves a training's state alone: it goes on to where it would have come.
    let stopped = pollster::block_on(trainer.checkpoint()).expect("a file");
    let scored = onnx::with_novelty(&stopped, &known(&stopped, &data)).expect("fits");
    let end = |file: &[u8]| {
        let file = onnx::network(file).expect("sound");
        let mut trainer = Trainer::resume(file, None, digits(), &device).expect("it has a state");
        pollster::block_on(trainer.advance(2)).expect("training goes on");
        pollster::block_on(trainer.onnx()).expect("a file")
    };
    assert!(end(&stopped) == end(&scored));
}

#[wasm_bindgen_test(unsupported = test)]
fn spoilt_facts_are_no_facts() {
    let novelty = head(8, 3).novelty.expect("has one");
    let file = onnx::with_novelty(&small_file(), &novelty).expect("fits");
    for (old, new) in [
        (&b"\"kept\":0.95"[..], &b"\"kept\":9.95"[..]),
        (b"{\"threshold\"", b"[\"threshold\""),
        (b"\"threshold\":0.25", b"\"threshold\":nul"),
    ] {
        let at = file
            .windows(old.len())
            .position(|bytes| bytes == old)
            .expect("it is there");
        let mut spoilt = file.clone();
        spoilt[at..at + new.len()].copy_from_slice(new);
        let session = Session::load(&spoilt).expect("the network is sound");
        assert_eq!(session.reject(), None);
        let one = digits();
        let answers = session.answers(one.pixels(0), 1).expect("an answer");
        assert!(answers.novelty.is_empty());
    }
}

/// Two classes along two axes: the distance of a point is what is worked out by hand.
#[wasm_bindgen_test(unsupported = test)]
fn distances_are_mahalanobis() {
    let mut random = Stream::new(4);
    let mut features = Vec::new();
    let mut labels = Vec::new();
    for i in 0..4000u16 {
        let mut noise = || {
            let sum: f32 = (0..12).map(|_| random.unit()).sum();
            0.05 * (sum - 6.0)
        };
        let class = i % 2;
        let (a, b) = (f32::from(1 - class), f32::from(class));
        features.extend([a + noise(), b + noise(), 0.1 * noise()]);
        labels.push(class);
    }
    let known = Known {
        features: &features,
        labels: &labels,
        dimension: 3,
        classes: 2,
    };
    let novelty = known.novelty(0.95).expect("enough");
    assert!(
        (novelty.facts.kept - 0.95).abs() < 0.03,
        "{:?}",
        novelty.facts
    );
    assert_eq!(known.novelty(0.95), Some(novelty.clone()));
    let score = |features: &[f32]| novelty.score(features, &[]);
    // At a mean nothing is nearer; half-way between the classes all is further than the threshold.
    assert!(score(&[1.0, 0.0, 0.0]) < score(&[0.95, 0.1, 0.0]));
    assert!(score(&[0.7, 0.7, 0.0]) > novelty.facts.threshold);
    assert!(score(&[0.0, 0.0, 1.0]) > novelty.facts.threshold);
    // Only the direction counts.
    assert!((score(&[2.0, 0.2, 0.0]) - score(&[1.0, 0.1, 0.0])).abs() < 1e-3);
    let part = &novelty.parts[0];
    assert!(matches!(
        &part.steps[..],
        [Step::Normalise, Step::Dense { .. }]
    ));
    assert!(matches!(&part.measure, Measure::Centres { centres } if centres.len() == 6));
    // Known distances have the mean 0 and the deviation 1.
    let scores: Vec<f32> = features.chunks_exact(3).map(score).collect();
    let mean = scores.iter().sum::<f32>() / 4000.0;
    let deviation = (scores.iter().map(|s| (s - mean).powi(2)).sum::<f32>() / 4000.0).sqrt();
    assert!(
        mean.abs() < 0.1 && (deviation - 1.0).abs() < 0.15,
        "{mean} {deviation}"
    );

    let few = Known {
        features: &features[..6],
        labels: &labels[..2],
        ..known
    };
    assert_eq!(few.novelty(0.95), None);
    let same = Known {
        features: &[1.0; 60],
        labels: &[0; 20],
        ..known
    };
    assert_eq!(same.novelty(0.95), None);
}

/// Of six images two are refused, one of which would have been wrong; three of the other four are right.
#[wasm_bindgen_test(unsupported = test)]
fn refusals_are_counted() {
    let truth = vec![0, 1, 2, 0, 1, 2];
    let predicted = vec![0, 1, 0, 0, 2, 2];
    let answers = Answers::new(truth, predicted, vec![0.9; 6], vec![0, 0, 1, 0, 1, 0])
        .expect("of one length");
    assert_eq!(answers.refusals(0.5), None);
    let novelty = vec![0.1, 0.6, 0.5, -3.0, 9.0, 0.2];
    assert_eq!(
        answers.clone().with_novelty(vec![0.0; 5]),
        Err(MetricsError::Lengths {
            images: 6,
            found: 5
        })
    );
    assert_eq!(
        answers.clone().with_novelty(Vec::new()),
        Ok(answers.clone())
    );
    let answers = answers.with_novelty(novelty).expect("of one length");
    let refusals = answers.refusals(0.5).expect("they are known");
    assert_eq!((refusals.answered, refusals.correct), (4, 3));
    assert_eq!((refusals.refused, refusals.spared), (2, 1));
    assert!((refusals.accuracy - 0.75).abs() < 1e-12);
    assert!((refusals.refused_share - 1.0 / 3.0).abs() < 1e-12);
    assert!(refusals.accuracy_interval.low < 0.75 && refusals.accuracy_interval.high > 0.75);
    let none = answers.refusals(-9.0).expect("they are known");
    assert_eq!((none.answered, none.refused, none.spared), (0, 6, 2));
    assert!(none.accuracy == 0.0);
    // The report is as if every image got a class.
    assert_eq!(answers.report(3).expect("three classes").correct, 4);
}

#[wasm_bindgen_test(unsupported = test)]
fn facts_of_no_score_are_not_written() {
    let network = onnx::network(&small_file()).expect("sound");
    let metadata = Metadata {
        reject: Some(RejectFacts {
            threshold: 1.0,
            kept: 0.5,
        }),
        ..network.facts.metadata
    };
    let file = onnx::write(&network.spec, &network.weights, &metadata).expect("fits");
    assert_eq!(onnx::read(&file).expect("sound").metadata.reject, None);
}
