//! Labels that are likely wrong.

use burn::tensor::Device;
use hearth::data::clean::likely_wrong;
use hearth::data::{Dataset, Split};
use hearth::model::random::Stream;
use hearth::train::{OutOfFold, TrainError};
use wasm_bindgen_test::wasm_bindgen_test;

/// Six sure samples of each of three classes, and one of class 0 that is sure to be of class 2.
fn answers() -> (Vec<f32>, Vec<u16>) {
    let mut labels: Vec<u16> = (0..18).map(|i| i % 3).collect();
    let mut probabilities = Vec::new();
    for &label in &labels {
        probabilities.extend((0..3).map(|class| if class == label { 0.9 } else { 0.05 }));
    }
    labels.push(0);
    probabilities.extend([0.02, 0.03, 0.95]);
    (probabilities, labels)
}

#[wasm_bindgen_test(unsupported = test)]
fn a_sample_that_is_surely_of_another_class_is_told_with_it() {
    let (probabilities, labels) = answers();
    let found = likely_wrong(&probabilities, &labels, 3).expect("sound sizes");
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(
        (found[0].sample, found[0].given, found[0].suggested),
        (18, 0, 2)
    );
    assert!((found[0].score - 0.93).abs() < 1e-6);
}

#[wasm_bindgen_test(unsupported = test)]
fn what_is_only_doubted_is_not_told() {
    let (mut probabilities, labels) = answers();
    // More probable than its own, but less than samples of that class are.
    probabilities.splice(54.., [0.3, 0.1, 0.6]);
    assert_eq!(
        likely_wrong(&probabilities, &labels, 3).expect("sound sizes"),
        []
    );
    // Nor a class that no sample has.
    let (mut wider, labels) = (Vec::new(), vec![0u16, 0, 1]);
    for _ in &labels {
        wider.extend([0.1, 0.1, 0.8]);
    }
    assert_eq!(likely_wrong(&wider, &labels, 3).expect("sound sizes"), []);
    assert_eq!(likely_wrong(&[], &[], 3).expect("sound sizes"), []);
    assert_eq!(likely_wrong(&[], &[], 0).expect("sound sizes"), []);
}

#[wasm_bindgen_test(unsupported = test)]
fn sizes_and_numbers_that_cannot_be_are_refused() {
    let code = |probabilities: &[f32], labels: &[u16], classes| {
        let error = likely_wrong(probabilities, labels, classes).expect_err("it cannot be");
        error.kind().code()
    };
    assert_eq!(code(&[0.5; 5], &[0, 1], 2), "data-probabilities");
    assert_eq!(code(&[0.5; 4], &[0, 2], 2), "data-label-out-of-range");
    assert_eq!(code(&[0.5, f32::NAN], &[0], 2), "data-not-finite");
}

/// Bright left or right halves of noise, `each` of both; every 20th has the other label.
fn halves(each: usize) -> (Dataset, Vec<usize>) {
    let mut stream = Stream::new(3);
    let mut pixels = Vec::new();
    let mut labels = Vec::new();
    let wrong: Vec<usize> = (0..2 * each).step_by(20).collect();
    for i in 0..2 * each {
        let class = i / 7 % 2;
        for at in 0..256 {
            let bright = (at % 16 < 8) == (class == 0);
            pixels.push((stream.unit() * 120.0) as u8 + if bright { 120 } else { 0 });
        }
        labels.push((class + usize::from(wrong.contains(&i))) as u16 % 2);
    }
    let names = vec!["left".into(), "right".into()];
    let splits = (0..2 * each).map(|i| {
        if i % 5 == 0 {
            Split::Test
        } else {
            Split::Train
        }
    });
    let data = Dataset::new(
        "halves",
        names,
        [1, 16, 16],
        pixels,
        labels,
        splits.collect(),
    );
    (data.expect("sound data"), wrong)
}

#[wasm_bindgen_test(unsupported = test)]
fn every_sample_is_judged_by_networks_that_have_not_seen_it() {
    let (data, wrong) = halves(100);
    let mut folds = OutOfFold::quick(data, 4, 1, &Device::flex()).expect("it fits");
    let first = folds.progress();
    assert_eq!((first.fold, first.folds, first.done), (1, 4, 0));
    let mut last = first;
    while !folds.is_done() {
        let now = pollster::block_on(folds.advance(7)).expect("it goes on");
        assert!(now.done > last.done && now.fold >= last.fold, "{now:?}");
        last = now;
    }
    assert_eq!((last.done, last.fold), (last.total, 4));
    let after = pollster::block_on(folds.advance(7)).expect("it stays");
    assert_eq!(after, last);
    for row in folds.probabilities().chunks_exact(2) {
        assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-4, "{row:?}");
    }
    let data = folds.dataset();
    let labels: Vec<u16> = (0..data.len()).map(|i| data.label(i) as u16).collect();
    let found = likely_wrong(folds.probabilities(), &labels, 2).expect("sound sizes");
    let found: Vec<usize> = found.iter().map(|suspect| suspect.sample).collect();
    let right = found.iter().filter(|sample| wrong.contains(sample)).count();
    assert!(right >= 8 && found.len() <= right + 1, "{found:?}");
}

#[wasm_bindgen_test(unsupported = test)]
fn the_same_seed_gives_the_same_answers() {
    let answers = |seed| {
        let mut folds = OutOfFold::quick(halves(20).0, 2, seed, &Device::flex()).expect("it fits");
        while !folds.is_done() {
            pollster::block_on(folds.advance(1000)).expect("it goes on");
        }
        folds.probabilities().to_vec()
    };
    assert!(answers(1) == answers(1));
    assert!(answers(1) != answers(2));
}

#[wasm_bindgen_test(unsupported = test)]
fn folds_that_cannot_be_are_refused() {
    for folds in [0, 1, 21, 41] {
        let error = OutOfFold::quick(halves(20).0, folds, 1, &Device::flex());
        let error = error.err().expect("it cannot be");
        assert!(
            matches!(error, TrainError::Folds { samples: 40, .. }),
            "{error}"
        );
        assert_eq!(error.code(), "folds");
    }
}
