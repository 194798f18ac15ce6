use super::Confusion;
use serde::{Deserialize, Serialize};

/// What a test gives. All rates are 0–1.
///
/// With *TP* the images of a class taken for it, *FP* the others taken for it and *FN* its own taken for others:
/// precision = TP / (TP + FP), recall = TP / (TP + FN), F1 = 2 TP / (2 TP + FP + FN), the harmonic mean of the two.
///
/// Where a divisor is 0 the rate is 0, as in scikit-learn with `zero_division=0`: a class that was never predicted
/// has precision 0, one without images has recall 0, and without any images the accuracy is 0. The macro averages
/// count each class alike, over the classes that occur as truth or as prediction (scikit-learn's default `labels`):
/// a class that occurs in neither says nothing about the classifier and is left out, while one that has no images but
/// was predicted counts, with zeros.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
pub struct Report {
    /// Images tested.
    pub n: u32,
    pub accuracy: f64,
    pub macro_precision: f64,
    pub macro_recall: f64,
    /// The mean of the classes' F1, not the F1 of the mean precision and recall.
    pub macro_f1: f64,
    /// In the order of the classes.
    pub classes: Vec<ClassReport>,
    pub confusion: Confusion,
}

/// One class against all others; rates are 0–1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
pub struct ClassReport {
    pub precision: f64,
    pub recall: f64,
    pub f1: f64,
    /// Images of the class.
    pub support: u32,
}

impl From<&Confusion> for Report {
    fn from(confusion: &Confusion) -> Self {
        let all = 0..confusion.classes();
        let classes: Vec<ClassReport> = all
            .clone()
            .map(|class| class_report(confusion, class))
            .collect();
        let occurring: Vec<ClassReport> = all
            .filter(|&class| confusion.support(class) + confusion.predicted(class) > 0)
            .map(|class| classes[class])
            .collect();
        let mean = |rate: fn(&ClassReport) -> f64| match occurring.len() {
            0 => 0.0,
            n => occurring.iter().map(rate).sum::<f64>() / n as f64,
        };
        Report {
            n: confusion.total(),
            accuracy: ratio(confusion.correct(), confusion.total()),
            macro_precision: mean(|class| class.precision),
            macro_recall: mean(|class| class.recall),
            macro_f1: mean(|class| class.f1),
            classes,
            confusion: confusion.clone(),
        }
    }
}

fn class_report(confusion: &Confusion, class: usize) -> ClassReport {
    let hits = confusion.count(class, class);
    let (support, predicted) = (confusion.support(class), confusion.predicted(class));
    ClassReport {
        precision: ratio(hits, predicted),
        recall: ratio(hits, support),
        // 2 TP + FP + FN = (TP + FP) + (TP + FN)
        f1: ratio(2 * hits, predicted + support),
        support,
    }
}

/// 0 where the divisor is 0.
fn ratio(part: u32, whole: u32) -> f64 {
    if whole == 0 {
        0.0
    } else {
        f64::from(part) / f64::from(whole)
    }
}
