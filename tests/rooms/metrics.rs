use hearth::metrics::{Confusion, Report};
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
