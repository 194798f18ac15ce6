use hearth::metrics::interval::{Paired, newcombe_paired, wilson};
use hearth::metrics::{Answers, Confusion, Costs, MetricsError, MistakeCost, Report, Undefined};
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};
use serde::Deserialize;
use wasm_bindgen_test::wasm_bindgen_test;

fn report(classes: usize, pairs: &[(usize, usize)]) -> Report {
    let mut confusion = Confusion::new(classes);
    for &(truth, predicted) in pairs {
        confusion.record(truth, predicted);
    }
    Report::from(&confusion)
}

fn near(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-12, "{a} for {b}");
}

#[wasm_bindgen_test(unsupported = test)]
fn counts_are_by_true_and_predicted_class() {
    let confusion = report(3, &[(0, 0), (0, 1), (0, 1), (2, 0)]).confusion;
    assert_eq!(confusion.counts(), [1, 2, 0, 0, 0, 0, 1, 0, 0]);
    assert_eq!(
        (
            confusion.count(0, 1),
            confusion.support(0),
            confusion.predicted(0)
        ),
        (2, 3, 2)
    );
    assert_eq!((confusion.total(), confusion.correct()), (4, 1));
}

/// scikit-learn's example for `precision_recall_fscore_support`: truth 0 1 2 0 1 2, predicted 0 2 1 0 0 1.
#[wasm_bindgen_test(unsupported = test)]
fn rates_are_those_worked_by_hand() {
    let report = report(3, &[(0, 0), (1, 2), (2, 1), (0, 0), (1, 0), (2, 1)]);
    assert_eq!(report.n, 6);
    near(report.accuracy, 1.0 / 3.0);
    let [zero, one, two] = report.classes[..] else {
        panic!("three classes")
    };
    near(zero.precision, 2.0 / 3.0);
    near(zero.recall, 1.0);
    near(zero.f1, 0.8);
    assert_eq!(
        (one.precision, one.recall, one.f1, one.support),
        (0.0, 0.0, 0.0, 2)
    );
    assert_eq!(
        (two.precision, two.recall, two.f1, two.support),
        (0.0, 0.0, 0.0, 2)
    );
    near(report.macro_precision, 2.0 / 9.0);
    near(report.macro_recall, 1.0 / 3.0);
    near(report.macro_f1, 0.8 / 3.0);
}

#[wasm_bindgen_test(unsupported = test)]
fn macro_f1_is_the_mean_of_the_classes_f1() {
    // Class 0: 3 of 4 found, none wrongly. Class 1: its only image found, one wrongly.
    let report = report(2, &[(0, 0), (0, 0), (0, 0), (0, 1), (1, 1)]);
    near(report.classes[0].f1, 6.0 / 7.0);
    near(report.classes[1].f1, 2.0 / 3.0);
    near(report.macro_f1, (6.0 / 7.0 + 2.0 / 3.0) / 2.0);
    near(report.macro_precision, (1.0 + 0.5) / 2.0);
    near(report.macro_recall, (0.75 + 1.0) / 2.0);
}

#[wasm_bindgen_test(unsupported = test)]
fn a_class_that_was_never_predicted_has_precision_zero_and_counts() {
    let report = report(2, &[(0, 0), (1, 0)]);
    assert_eq!(
        (report.classes[1].precision, report.classes[1].f1),
        (0.0, 0.0)
    );
    near(report.macro_precision, 0.25);
}

#[wasm_bindgen_test(unsupported = test)]
fn a_class_that_occurs_nowhere_is_left_out_of_the_macro_averages() {
    let without = report(3, &[(0, 0), (1, 1)]);
    near(without.macro_recall, 1.0);
    assert_eq!((without.classes.len(), without.classes[2].support), (3, 0));
    // Predicted although it has no images: it occurs, with zeros.
    let predicted = report(3, &[(0, 0), (1, 1), (1, 2)]);
    near(predicted.macro_recall, 0.5);
    near(predicted.macro_precision, 2.0 / 3.0);
}

#[wasm_bindgen_test(unsupported = test)]
fn without_images_every_rate_is_zero() {
    let report = report(2, &[]);
    let rates = [
        report.accuracy,
        report.macro_precision,
        report.macro_recall,
        report.macro_f1,
    ];
    assert_eq!((report.n, rates), (0, [0.0; 4]));
}

#[wasm_bindgen_test(unsupported = test)]
fn a_rate_that_divides_by_zero_is_marked() {
    // Class 1 has images and is never predicted; class 2 is predicted and has none; class 3 occurs nowhere.
    let report = report(4, &[(0, 0), (1, 0), (1, 2)]);
    let marked = |class: usize| report.classes[class].undefined;
    let undefined = |precision, recall, f1| Undefined {
        precision,
        recall,
        f1,
    };
    assert_eq!(marked(0), undefined(false, false, false));
    assert_eq!(marked(1), undefined(true, false, false));
    assert_eq!(marked(2), undefined(false, true, false));
    assert_eq!(marked(3), undefined(true, true, true));
}

#[wasm_bindgen_test(unsupported = test)]
fn weighted_averages_count_each_class_by_its_images() {
    // Class 0: 3 of 4 found, none wrongly. Class 1: its only image found, one wrongly.
    let report = report(2, &[(0, 0), (0, 0), (0, 0), (0, 1), (1, 1)]);
    near(report.weighted_precision, (4.0 * 1.0 + 0.5) / 5.0);
    near(report.weighted_recall, report.accuracy);
    near(report.weighted_f1, (4.0 * (6.0 / 7.0) + 2.0 / 3.0) / 5.0);
}

/// A test that scikit-learn has judged, made by `tests/fixtures/metrics.py`.
#[derive(Deserialize)]
struct Case {
    name: String,
    classes: usize,
    truth: Vec<u16>,
    probabilities: Vec<Vec<f32>>,
    confusion: Vec<Vec<u32>>,
    accuracy: f64,
    interval: [f64; 2],
    top5: Option<f64>,
    each: Rates<Vec<f64>>,
    #[serde(rename = "macro")]
    alike: Rates<f64>,
    weighted: Rates<f64>,
}

#[derive(Deserialize)]
struct Rates<T> {
    precision: T,
    recall: T,
    f1: T,
}

fn cases() -> Vec<Case> {
    serde_json::from_str(include_str!("../fixtures/metrics.json")).expect("sound fixtures")
}

fn answers(truth: &[u16], probabilities: &[Vec<f32>]) -> Answers {
    let mut answers = Answers::default();
    for (&truth, probabilities) in truth.iter().zip(probabilities) {
        answers.record(truth, probabilities).expect("a known class");
    }
    answers
}

#[wasm_bindgen_test(unsupported = test)]
fn random_tests_are_judged_as_by_scikit_learn() {
    for case in cases() {
        let report = answers(&case.truth, &case.probabilities)
            .report(case.classes)
            .expect("known classes");
        let counts: Vec<u32> = case.confusion.concat();
        assert_eq!(report.confusion.counts(), counts, "{}", case.name);
        near(report.accuracy, case.accuracy);
        near(report.accuracy_interval.low, case.interval[0]);
        near(report.accuracy_interval.high, case.interval[1]);
        assert_eq!(report.top5.is_some(), case.top5.is_some(), "{}", case.name);
        near(report.top5.unwrap_or(0.0), case.top5.unwrap_or(0.0));
        for (class, found) in report.classes.iter().enumerate() {
            near(found.precision, case.each.precision[class]);
            near(found.recall, case.each.recall[class]);
            near(found.f1, case.each.f1[class]);
        }
        near(report.macro_precision, case.alike.precision);
        near(report.macro_recall, case.alike.recall);
        near(report.macro_f1, case.alike.f1);
        near(report.weighted_precision, case.weighted.precision);
        near(report.weighted_recall, case.weighted.recall);
        near(report.weighted_f1, case.weighted.f1);
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn an_answer_is_the_first_of_equals_and_the_true_class_has_its_rank() {
    let answers = answers(
        &[2, 1, 0],
        &[
            vec![0.3, 0.4, 0.2, 0.1],
            vec![0.4, 0.4, 0.1, 0.1],
            vec![0.7, 0.1, 0.1, 0.1],
        ],
    );
    assert_eq!(answers.predicted(), [1, 0, 0]);
    assert_eq!(answers.rank(), [2, 1, 0]);
    assert_eq!(answers.confidence(), [0.4, 0.4, 0.7]);
    assert_eq!(answers.report(4).expect("four classes").top5, None);
    assert_eq!(
        Answers::default().record(4, &[0.5, 0.5]),
        Err(MetricsError::Class {
            class: 4,
            classes: 2
        })
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn answers_that_do_not_belong_together_are_refused() {
    let made = Answers::new(vec![0, 1], vec![0], vec![1.0, 1.0], vec![0, 0]);
    let lengths = MetricsError::Lengths {
        images: 2,
        found: 1,
    };
    assert_eq!(made, Err(lengths));
    let one = answers(&[0, 1], &[vec![0.9, 0.1], vec![0.2, 0.8]]);
    let other = answers(&[0, 0], &[vec![0.9, 0.1], vec![0.2, 0.8]]);
    assert_eq!(one.compare(&other), Err(MetricsError::OtherImages));
    let class = MetricsError::Class {
        class: 1,
        classes: 1,
    };
    assert_eq!(one.report(1), Err(class));
}

/// Wilson's interval by hand: 8 of 10, z² = 3.8415 → (0.9921 ± 0.4589 …) / 1.3841, as `prop.test` of R gives it without
/// continuity correction.
#[wasm_bindgen_test(unsupported = test)]
fn the_interval_of_a_rate_is_wilsons() {
    let interval = wilson(8, 10);
    assert!((interval.low - 0.4902).abs() < 5e-5, "{interval:?}");
    assert!((interval.high - 0.9433).abs() < 5e-5, "{interval:?}");
    let all = wilson(20, 20);
    assert_eq!(all.high, 1.0);
    assert!(all.low > 0.8 && all.low < 0.85, "{all:?}");
    let none = wilson(0, 0);
    assert_eq!((none.low, none.high), (0.0, 1.0));
}

/// Of 1,000 tests of 200 images that are right with probability 0.9, about 950 have 0.9 inside their interval.
#[wasm_bindgen_test(unsupported = test)]
fn nineteen_in_twenty_intervals_hold_the_true_rate() {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(3);
    let mut held = 0;
    for _ in 0..1000 {
        let hits = (0..200).filter(|_| rng.random::<f32>() < 0.9).count();
        let interval = wilson(hits as u32, 200);
        held += u32::from(interval.low <= 0.9 && 0.9 <= interval.high);
    }
    assert!((930..=970).contains(&held), "{held}");
}

/// The first example of Newcombe's paper (1998, table II): 36, 12, 2, 0 → 0.0569 to 0.3404 by method 10.
#[wasm_bindgen_test(unsupported = test)]
fn the_interval_of_a_paired_difference_is_newcombes() {
    let interval = newcombe_paired(Paired {
        both: 36,
        first_only: 12,
        second_only: 2,
        neither: 0,
    });
    assert!((interval.low - 0.0569).abs() < 5e-5, "{interval:?}");
    assert!((interval.high - 0.3404).abs() < 5e-5, "{interval:?}");
    let swapped = newcombe_paired(Paired {
        both: 36,
        first_only: 2,
        second_only: 12,
        neither: 0,
    });
    near(swapped.low, -interval.high);
    near(swapped.high, -interval.low);
}

/// Worked from the paper's formulas: models that err on the same images have φ > 0, and with it a shorter interval; the
/// numerator of φ is 80 × 12 − 6 × 2 less half of the 100 images.
#[wasm_bindgen_test(unsupported = test)]
fn the_correlation_of_two_models_is_corrected_for_continuity() {
    let interval = newcombe_paired(Paired {
        both: 80,
        first_only: 6,
        second_only: 2,
        neither: 12,
    });
    assert!((interval.low + 0.020694).abs() < 5e-7, "{interval:?}");
    assert!((interval.high - 0.104162).abs() < 5e-7, "{interval:?}");
}

#[wasm_bindgen_test(unsupported = test)]
fn a_comparison_counts_pairs_and_lists_where_the_models_differ() {
    let sure = |class: usize, p: f32| {
        let mut row = vec![(1.0 - p) / 2.0; 3];
        row[class] = p;
        row
    };
    // Both right; the first alone, twice; the second alone; both wrong, alike; both wrong, differently.
    let truth = [0, 1, 1, 2, 0, 0];
    let first = [
        sure(0, 0.9),
        sure(1, 0.9),
        sure(1, 0.5),
        sure(0, 0.7),
        sure(1, 0.9),
        sure(1, 0.9),
    ];
    let second = [
        sure(0, 0.8),
        sure(2, 0.6),
        sure(2, 0.8),
        sure(2, 0.9),
        sure(1, 0.9),
        sure(2, 0.99),
    ];
    let comparison = answers(&truth, &first)
        .compare(&answers(&truth, &second))
        .expect("the same images");
    assert_eq!(
        [
            comparison.both_right,
            comparison.first_only,
            comparison.second_only,
            comparison.neither
        ],
        [1, 2, 1, 2]
    );
    near(comparison.first_accuracy, 0.5);
    near(comparison.second_accuracy, 2.0 / 6.0);
    near(comparison.difference, 1.0 / 6.0);
    assert!(comparison.interval.low < 0.0 && comparison.interval.high > 1.0 / 6.0);
    // Decided first, the surest wrong answer (0.8, 0.7, 0.6) before the others; then the one both have wrong.
    assert_eq!(comparison.differing, [2, 3, 1, 5]);
}

#[wasm_bindgen_test(unsupported = test)]
fn mistakes_cost_what_each_of_them_costs() {
    let confusion = report(3, &[(0, 0), (0, 1), (0, 1), (1, 0), (2, 1), (2, 2)]).confusion;
    let listed = |truth, predicted, cost| MistakeCost {
        truth,
        predicted,
        cost,
    };
    let costs = Costs {
        mistake: 1.0,
        listed: vec![listed(0, 1, 9.0), listed(0, 1, 10.0), listed(2, 1, 0.0)],
    };
    let report = costs.of(&confusion).expect("sound costs");
    // Twice 0 for 1 at 10, once 1 for 0 at 1, once 2 for 1 at nothing.
    near(report.total, 21.0);
    near(report.per_image, 21.0 / 6.0);
    let dearest: Vec<_> = report
        .dearest
        .iter()
        .map(|cell| (cell.truth, cell.predicted, cell.count, cell.cost))
        .collect();
    assert_eq!(dearest, [(0, 1, 2, 20.0), (1, 0, 1, 1.0)]);
    for broken in [f64::NAN, -1.0, f64::INFINITY] {
        let costs = Costs {
            mistake: broken,
            listed: vec![],
        };
        assert!(matches!(costs.of(&confusion), Err(MetricsError::Cost(_))));
    }
    let unknown = Costs {
        mistake: 1.0,
        listed: vec![listed(3, 0, 1.0)],
    };
    assert!(matches!(
        unknown.of(&confusion),
        Err(MetricsError::Class {
            class: 3,
            classes: 3
        })
    ));
}

#[wasm_bindgen_test(unsupported = test)]
fn of_a_thousand_classes_the_hundred_with_the_most_mistakes_are_named() {
    let mut confusion = Confusion::new(1000);
    for class in 0..1000 {
        confusion.record(class, class);
    }
    for class in (500..700).step_by(2) {
        confusion.record(class, class + 1);
    }
    confusion.record(7, 8);
    confusion.record(7, 9);
    let report = Report::from(&confusion);
    assert_eq!(report.worst.len(), 100);
    assert_eq!(report.worst[..2], [7, 8], "two mistakes, then one");
    assert!(report.worst.is_sorted());
    let json = serde_json::to_value(&report).expect("plain data");
    let cells = json["confusion"]["cells"].as_array().expect("a list");
    assert_eq!(cells.len(), 1102, "only the cells that are not zero");
    assert_eq!(
        cells[7],
        serde_json::json!({ "truth": 7, "predicted": 7, "count": 1 })
    );
}
