use serde::{Deserialize, Serialize};

use super::Confusion;
use super::interval::{Interval, wilson};

/// Classes that [`Report::worst`] names at most: as many as a matrix can show.
const WORST: usize = 100;

/// What a test gives. All rates are 0–1.
///
/// With *TP* the images of a class taken for it, *FP* the others taken for it and *FN* its own taken for others:
/// precision = TP / (TP + FP), recall = TP / (TP + FN), F1 = 2 TP / (2 TP + FP + FN), the harmonic mean of the two.
///
/// If a divisor is 0 the rate is 0, as in scikit-learn with `zero_division=0`, and [`ClassReport::undefined`] says
/// so: a class that was never predicted has precision 0, one without images has recall 0, and without any images the
/// accuracy is 0. The averages are over the classes that occur as truth or as prediction (scikit-learn's default
/// `labels`): a class that occurs in neither says nothing about the classifier and is left out, while one that has no
/// images but was predicted counts, with zeros.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
pub struct Report {
    /// Images tested.
    pub n: u32,
    /// Images taken for what they are.
    pub correct: u32,
    pub accuracy: f64,
    /// The accuracy's 95 % interval, see [`super::interval::wilson`].
    pub accuracy_interval: Interval,
    /// The share of images whose true class is among the five most probable; if there are more than five classes
    /// and the ranks are known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_family = "wasm", tsify(optional))]
    pub top5: Option<f64>,
    /// Macro: the mean over the classes, each counting alike.
    pub macro_precision: f64,
    pub macro_recall: f64,
    /// The mean of the classes' F1, not the F1 of the mean precision and recall.
    pub macro_f1: f64,
    /// Weighted: each class counts by its images.
    pub weighted_precision: f64,
    pub weighted_recall: f64,
    pub weighted_f1: f64,
    /// In the order of the classes.
    pub classes: Vec<ClassReport>,
    pub confusion: Confusion,
    /// The classes with the most mistakes, at most 100, in the order of the classes.
    pub worst: Vec<usize>,
}

/// One class against all others; rates are 0–1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
pub struct ClassReport {
    pub precision: f64,
    pub recall: f64,
    pub f1: f64,
    /// Images of the class: TP + FN.
    pub support: u32,
    /// Images taken for the class: TP + FP.
    pub predicted: u32,
    /// Images of the class taken for it: TP.
    pub correct: u32,
    pub undefined: Undefined,
}

/// Rates that are 0 only because their divisor is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
pub struct Undefined {
    /// No image was taken for the class.
    pub precision: bool,
    /// The class has no images.
    pub recall: bool,
    /// Neither of them.
    pub f1: bool,
}

impl From<&Confusion> for Report {
    fn from(confusion: &Confusion) -> Self {
        let (support, predicted) = confusion.sums();
        let classes: Vec<ClassReport> = (0..confusion.classes())
            .map(|class| {
                let hits = confusion.count(class, class);
                ClassReport::of(hits, support[class], predicted[class])
            })
            .collect();
        let (n, correct) = (confusion.total(), confusion.correct());
        let alike = Means::of(&classes, |class| f64::from(u8::from(!class.undefined.f1)));
        let by_images = Means::of(&classes, |class| f64::from(class.support));
        Report {
            n,
            correct,
            accuracy: ratio(correct, n),
            accuracy_interval: wilson(correct, n),
            top5: None,
            macro_precision: alike.precision,
            macro_recall: alike.recall,
            macro_f1: alike.f1,
            weighted_precision: by_images.precision,
            weighted_recall: by_images.recall,
            weighted_f1: by_images.f1,
            classes,
            confusion: confusion.clone(),
            worst: confusion.most_mistaken(WORST),
        }
    }
}

struct Means {
    precision: f64,
    recall: f64,
    f1: f64,
}

impl Means {
    /// Each class has a weight; 0 if all weights are.
    fn of(classes: &[ClassReport], weight: impl Fn(&ClassReport) -> f64) -> Self {
        let all: f64 = classes.iter().map(&weight).sum();
        let mean = |rate: fn(&ClassReport) -> f64| {
            let sum: f64 = classes
                .iter()
                .map(|class| weight(class) * rate(class))
                .sum();
            if all > 0.0 { sum / all } else { 0.0 }
        };
        Means {
            precision: mean(|class| class.precision),
            recall: mean(|class| class.recall),
            f1: mean(|class| class.f1),
        }
    }
}

impl ClassReport {
    fn of(hits: u32, support: u32, predicted: u32) -> Self {
        ClassReport {
            precision: ratio(hits, predicted),
            recall: ratio(hits, support),
            // 2 TP + FP + FN = (TP + FP) + (TP + FN)
            f1: ratio(2 * hits, predicted + support),
            support,
            predicted,
            correct: hits,
            undefined: Undefined {
                precision: predicted == 0,
                recall: support == 0,
                f1: predicted + support == 0,
            },
        }
    }
}

/// 0 if the divisor is 0.
fn ratio(part: u32, whole: u32) -> f64 {
    if whole == 0 {
        0.0
    } else {
        f64::from(part) / f64::from(whole)
    }
}
