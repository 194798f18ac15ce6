//! Heads on features: each piece against what is known of it, and all together on real digits.

use hearth::data::Split;
use hearth::model::head::{Head, HeadKind};
use hearth::model::random::Stream;
use hearth::train::TrainError;
use hearth::train::head::{
    Examples, HeadReport, HeadTraining, LearningCurve, grouped_folds, likeliest,
    more_for_one_point, threshold,
};
use wasm_bindgen_test::wasm_bindgen_test;

use super::fixture::digits;

/// Pixels of digits as features: of a split, `[image, 784]`, 0–1.
fn pixels(split: Split) -> (Vec<f32>, Vec<u16>) {
    let data = digits();
    let places = data.indices(split);
    let values = places.iter().flat_map(|&i| data.pixels(i as usize));
    let values = values.map(|&byte| f32::from(byte) / 255.0).collect();
    let labels = places.iter().map(|&i| data.label(i as usize) as u16);
    (values, labels.collect())
}

fn names(classes: usize) -> Vec<String> {
    (0..classes).map(|class| class.to_string()).collect()
}

/// The first `count` training digits.
fn examples(count: usize) -> Examples {
    let (mut features, mut labels) = pixels(Split::Train);
    features.truncate(count * 784);
    labels.truncate(count);
    Examples::originals(features, 784, labels, None, names(10))
}

/// Each with a copy that is shifted by a pixel.
fn with_copies(count: usize) -> Examples {
    let originals = examples(count);
    let mut made = Examples {
        features: Vec::new(),
        samples: Vec::new(),
        copies: Vec::new(),
        ..originals.clone()
    };
    for sample in 0..count {
        let row = originals.row(sample);
        made.features.extend_from_slice(row);
        made.features.push(0.0);
        made.features.extend_from_slice(&row[..783]);
        made.samples.extend([sample as u32; 2]);
        made.copies.extend([0, 1]);
    }
    made
}

fn trained(examples: Examples, seed: u64, units: usize) -> HeadTraining {
    let mut training = HeadTraining::new(examples, seed).expect("sound examples");
    while !training.is_done() {
        pollster::block_on(training.advance(units)).expect("it learns");
    }
    training
}

/// The share of the test's digits that a head is right about.
fn accuracy(head: &Head) -> f64 {
    let (features, labels) = pixels(Split::Test);
    let rows = features.chunks_exact(784).zip(&labels);
    let right = rows.filter(|(row, label)| likeliest(&head.logits(row)) == usize::from(**label));
    right.count() as f64 / labels.len() as f64
}

#[wasm_bindgen_test(unsupported = test)]
fn every_kind_learns_digits_and_is_judged_on_what_it_has_not_seen() {
    let training = trained(with_copies(160), 3, 4);
    let report = training.report();
    assert_eq!(report.judged, 160);
    assert_ne!(report.best, HeadKind::Nearest, "no file could hold it");
    for found in &report.heads {
        assert!(found.accuracy > 0.6, "{found:?}");
        assert!(found.low < found.accuracy && found.accuracy < found.high);
        assert!(found.error_after < 0.15, "{found:?}");
    }
    for kind in [HeadKind::Logistic, HeadKind::Mlp, HeadKind::Prototype] {
        let head = training.head(kind).expect("it was fitted");
        assert_eq!((head.facts.samples, head.facts.copies), (160, 1));
        let judged = report.heads.iter().find(|found| found.kind == kind);
        let judged = judged.expect("all are told").accuracy;
        // 64 images: two standard deviations are about 0.1.
        assert!(
            (accuracy(&head) - judged).abs() < 0.17,
            "{kind:?} {}",
            accuracy(&head)
        );
    }
    let best = training.quick();
    assert_eq!(
        best.facts.kind, report.best,
        "once all are compared it is the best"
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn the_first_head_is_that_of_the_comparison_with_the_usual_strength() {
    let training = HeadTraining::new(examples(120), 1).expect("sound examples");
    let quick = training.quick();
    assert_eq!(quick.facts.kind, HeadKind::Logistic);
    assert!(accuracy(&quick) > 0.65, "{}", accuracy(&quick));
    assert!(quick.facts.accuracy > 0.6 && quick.facts.temperature > 0.0);
    assert!(quick.novelty.is_some());
}

#[wasm_bindgen_test(unsupported = test)]
fn the_same_seed_is_the_same_head_however_it_is_pulled() {
    let (one, all) = (
        trained(with_copies(80), 5, 1),
        trained(with_copies(80), 5, 99),
    );
    for kind in [HeadKind::Logistic, HeadKind::Mlp, HeadKind::Prototype] {
        assert_eq!(
            one.head(kind).expect("fitted"),
            all.head(kind).expect("fitted")
        );
    }
    let told = |report: HeadReport| -> Vec<(f64, f32)> {
        let told = report
            .heads
            .iter()
            .map(|found| (found.accuracy, found.temperature));
        told.collect()
    };
    let other = trained(with_copies(80), 6, 99);
    assert_ne!(
        told(one.report()),
        told(other.report()),
        "another seed parts the images in another way"
    );
}

/// If copies of an image were learned from while it is judged, its neighbours would know it.
#[wasm_bindgen_test(unsupported = test)]
fn near_duplicates_and_copies_do_not_flatter() {
    let (features, _) = pixels(Split::Train);
    // Labels that nothing can be learned from, and every image twice.
    let count = 60;
    let once = &features[..count * 784];
    let mut stream = Stream::new(1);
    let labels: Vec<u16> = (0..count).map(|_| u16::from(stream.unit() > 0.5)).collect();
    let twice = Examples::originals(
        [once, once].concat(),
        784,
        [labels.clone(), labels.clone()].concat(),
        Some((0..count as u32).chain(0..count as u32).collect()),
        names(2),
    );
    let honest = trained(twice.clone(), 1, 9).report();
    let flattered = Examples {
        groups: (0..2 * count as u32).collect(),
        ..twice
    };
    let flattered = trained(flattered, 1, 9).report();
    let logistic = |report: &HeadReport| report.heads[0].accuracy;
    assert!(logistic(&honest) < 0.65, "{}", logistic(&honest));
    assert!(
        logistic(&flattered) > logistic(&honest) + 0.15,
        "{}",
        logistic(&flattered)
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn folds_never_part_groups_and_spread_classes() {
    let labels: Vec<u16> = (0..90).map(|i| (i % 3) as u16).collect();
    let groups: Vec<u32> = (0..90).map(|i| if i < 40 { i / 4 } else { i }).collect();
    let folds = grouped_folds(&labels, &groups, 5, 7);
    let mut fold_of = vec![usize::MAX; 90];
    for (place, fold) in folds.iter().enumerate() {
        fold.iter()
            .for_each(|&sample| fold_of[sample as usize] = place);
        for class in 0..3u16 {
            let of_class = fold
                .iter()
                .filter(|&&sample| labels[sample as usize] == class);
            assert!((4..=8).contains(&of_class.count()), "{folds:?}");
        }
    }
    for (sample, group) in groups.iter().enumerate() {
        let first = groups
            .iter()
            .position(|other| other == group)
            .expect("its own");
        assert_eq!(fold_of[sample], fold_of[first], "group {group}");
    }
    assert_eq!(folds, grouped_folds(&labels, &groups, 5, 7));
    assert_ne!(folds, grouped_folds(&labels, &groups, 5, 8));
}

#[wasm_bindgen_test(unsupported = test)]
fn the_threshold_keeps_what_it_says() {
    let scores: Vec<f32> = (1..=19).map(|i| i as f32).collect();
    // ⌈20 × 0.95⌉ = the 19th.
    assert_eq!(threshold(&scores, 0.95).threshold, 19.0);
    assert_eq!(threshold(&scores, 0.95).kept, 1.0);
    let scores: Vec<f32> = (0..99).map(|i| ((i * 37) % 99) as f32).collect();
    // ⌈100 × 0.9⌉ = the 90th, which is 89.
    assert_eq!(threshold(&scores, 0.9).threshold, 89.0);
    assert!((threshold(&scores, 0.9).kept - 90.0 / 99.0).abs() < 1e-6);
}

#[wasm_bindgen_test(unsupported = test)]
fn known_digits_are_kept_and_noise_and_nothing_are_refused() {
    let head = trained(examples(256), 2, 9)
        .head(HeadKind::Logistic)
        .expect("fitted");
    let novelty = head.novelty.as_ref().expect("there are enough");
    let is_new = |row: &[f32]| novelty.score(row, &head.logits(row)) > novelty.facts.threshold;
    assert!(novelty.facts.kept >= 0.95);
    let (features, labels) = pixels(Split::Test);
    let kept = features
        .chunks_exact(784)
        .filter(|row| !is_new(row))
        .count();
    assert!(
        kept as f64 >= 0.85 * labels.len() as f64,
        "{kept} of {}",
        labels.len()
    );
    let noise: Vec<f32> = (0..784)
        .map(|i| ((i * 7919) % 101) as f32 / 100.0)
        .collect();
    assert!(is_new(&noise));
    let inverse: Vec<f32> = features[..784].iter().map(|x| 1.0 - x).collect();
    assert!(is_new(&inverse));
}

#[wasm_bindgen_test(unsupported = test)]
fn what_cannot_be_learned_from_is_said() {
    let fails = |change: &dyn Fn(&mut Examples)| {
        let mut broken = examples(40);
        change(&mut broken);
        HeadTraining::new(broken, 1).err().expect("it is refused")
    };
    assert!(matches!(
        fails(&|e| e.features[3] = f32::NAN),
        TrainError::Features(_)
    ));
    assert!(matches!(
        fails(&|e| e.features.truncate(9)),
        TrainError::Features(_)
    ));
    assert!(matches!(
        fails(&|e| e.samples[3] = 99),
        TrainError::Features(_)
    ));
    assert!(matches!(
        fails(&|e| e.copies[3] = 1),
        TrainError::Features(_)
    ));
    assert!(matches!(
        fails(&|e| e.groups.truncate(2)),
        TrainError::Features(_)
    ));
    assert!(matches!(
        fails(&|e| e.labels[0] = 10),
        TrainError::Features(_)
    ));
    let empty = fails(&|e| e.classes.push("cat".into()));
    assert_eq!(empty.code(), "class-empty");
    assert!(empty.to_string().contains("cat"));
    let one = fails(&|e| {
        e.labels.fill(0);
        e.classes.truncate(1);
    });
    assert_eq!(one.code(), "one-class");
    let training = HeadTraining::new(examples(40), 1).expect("sound examples");
    let code = |kind| training.head(kind).expect_err("not yet").code();
    assert_eq!(code(HeadKind::Nearest), "head-without-file");
    assert_eq!(code(HeadKind::Logistic), "head-not-fitted");
}

/// One image of each class: nothing can be held out fairly, and still there is an answer.
#[wasm_bindgen_test(unsupported = test)]
fn a_single_image_of_each_class_is_enough_to_answer() {
    let (features, labels) = pixels(Split::Train);
    let first = |class: u16| {
        labels
            .iter()
            .position(|&label| label == class)
            .expect("one")
    };
    let rows = [0, 1].map(first);
    let values = rows
        .iter()
        .flat_map(|&row| &features[row * 784..(row + 1) * 784]);
    let values: Vec<f32> = values.copied().collect();
    let pair = Examples::originals(values, 784, vec![0, 1], None, names(2));
    let training = trained(pair.clone(), 1, 9);
    for head in [
        training.quick(),
        training.head(HeadKind::Logistic).expect("fitted"),
    ] {
        for row in 0..2 {
            let logits = head.logits(pair.row(row));
            assert!(logits.iter().all(|x| x.is_finite()));
            assert_eq!(likeliest(&logits), row);
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn too_many_rows_lose_copies_first_and_then_samples_of_each_class_alike() {
    let all = with_copies(100);
    let fewer = all.fewer(150, 1);
    assert_eq!((fewer.rows(), fewer.labels.len()), (100, 100));
    assert_eq!(fewer.features, examples(100).features);
    let fewest = all.fewer(30, 1);
    fewest.check().expect("still sound");
    assert_eq!(fewest.rows(), 30);
    for class in 0..10 {
        let count = fewest
            .labels
            .iter()
            .filter(|&&label| label == class)
            .count();
        assert_eq!(count, 3, "class {class}");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn a_power_law_says_how_many_labels_a_point_costs() {
    let law: Vec<(f64, f64)> = [25.0, 50.0, 100.0]
        .map(|n: f64| (n, 2.0 / n.sqrt()))
        .to_vec();
    // 0.2 at 100; 0.19 at (2 / 0.19)² = 110.8.
    assert_eq!(more_for_one_point(&law, 100), Some(11));
    let flat = [(25.0, 0.2), (50.0, 0.2), (100.0, 0.2)];
    assert_eq!(more_for_one_point(&flat, 100), None);
    let rising = [(25.0, 0.2), (50.0, 0.22), (100.0, 0.25)];
    assert_eq!(more_for_one_point(&rising, 100), None);
    let noise = [(25.0, 0.3), (50.0, 0.1), (100.0, 0.28), (200.0, 0.2)];
    assert_eq!(more_for_one_point(&noise, 200), None);
    let perfect = [(25.0, 0.1), (50.0, 0.0), (100.0, 0.0)];
    assert_eq!(more_for_one_point(&perfect, 100), None);
    let almost: Vec<(f64, f64)> = [25.0, 50.0, 100.0].map(|n: f64| (n, 0.5 / n)).to_vec();
    assert_eq!(more_for_one_point(&almost, 100), None, "no point is left");
}

#[wasm_bindgen_test(unsupported = test)]
fn a_learning_curve_rises_and_does_not_depend_on_the_pull() {
    let curve = |units: usize| {
        let mut curve = LearningCurve::new(examples(200), 4).expect("enough");
        while !curve.is_done() {
            curve.advance(units);
        }
        curve.report()
    };
    let report = curve(1);
    assert_eq!(report, curve(7));
    let (first, last) = (report.points[0], report.points[report.points.len() - 1]);
    assert!(report.points.is_sorted_by_key(|point| point.labels));
    assert!(first.labels >= 20 && last.labels >= 120, "{report:?}");
    assert_eq!(
        first.random, first.uncertain,
        "both begin with the same labels"
    );
    assert_eq!(last.random, last.uncertain, "and end with all");
    assert!(last.random > first.random + 0.1, "{report:?}");
    assert!(report.more_for_one_point.is_some(), "{report:?}");
    let few = LearningCurve::new(examples(30), 4).err().expect("too few");
    assert_eq!(few.code(), "curve-samples");
}
