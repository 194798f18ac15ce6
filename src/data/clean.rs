//! Labels that are likely wrong, by confident learning: C. Northcutt, L. Jiang, I. Chuang, "Confident Learning:
//! Estimating Uncertainty in Dataset Labels", 2021 (<https://arxiv.org/abs/1911.00068>).
//!
//! Exact duplicates have one hash, near ones are found by [`LookIndex`](super::LookIndex).

use serde::Serialize;

use super::{DataError, DataErrorKind};

/// A sample whose label is likely wrong.
#[derive(Serialize, Clone, Copy, Debug, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Suspect {
    /// Its place among the samples.
    pub sample: usize,
    /// The class that it has.
    pub given: usize,
    /// The one that it likely is.
    pub suggested: usize,
    /// How much more probable the suggested class is than the given one, above 0 to 1.
    pub score: f32,
}

/// The samples whose labels are likely wrong, the likeliest first.
///
/// `probabilities` is `[sample, classes]`, given by networks that have not learned from that sample
/// (`train::OutOfFold`); `labels` are places among the classes. A class counts for a sample if its probability reaches
/// the mean that the class has among the samples labelled so (its threshold): of those the most probable is what the
/// sample likely is. Of each pair of classes the samples with the largest margin are told, as many as the joint
/// distribution of given and likely labels expects ("prune by noise rate").
///
/// # Errors
/// If the sizes do not fit together, a label names no class, or a probability is no number.
pub fn likely_wrong(
    probabilities: &[f32],
    labels: &[u16],
    classes: usize,
) -> Result<Vec<Suspect>, DataError> {
    check(probabilities, labels, classes)?;
    if classes == 0 {
        return Ok(Vec::new());
    }
    let samples = || {
        let labels = labels.iter().map(|&label| usize::from(label));
        probabilities.chunks_exact(classes).zip(labels)
    };
    let counts = counts(labels, classes);
    let mut thresholds = vec![0.0f64; classes];
    for (row, label) in samples() {
        thresholds[label] += f64::from(row[label]);
    }
    for (threshold, &count) in thresholds.iter_mut().zip(&counts) {
        // A class that nobody has counts for nobody.
        *threshold = match count {
            0 => f64::INFINITY,
            _ => *threshold / count as f64,
        };
    }
    let likely: Vec<Option<usize>> = samples()
        .map(|(row, _)| {
            let reached = (0..classes).filter(|&k| f64::from(row[k]) >= thresholds[k]);
            reached.max_by(|&a, &b| row[a].total_cmp(&row[b]).then(b.cmp(&a)))
        })
        .collect();
    let expected = expected(&likely, labels, &counts);
    let mut suspects = Vec::new();
    let mut of_pair: Vec<Vec<Suspect>> = vec![Vec::new(); classes * classes];
    for (sample, ((row, given), likely)) in samples().zip(&likely).enumerate() {
        let Some(suggested) = *likely else { continue };
        let score = row[suggested] - row[given];
        if suggested != given && score > 0.0 {
            of_pair[given * classes + suggested].push(Suspect {
                sample,
                given,
                suggested,
                score,
            });
        }
    }
    for (pair, expected) in of_pair.iter_mut().zip(expected) {
        pair.sort_by(likeliest_first);
        pair.truncate(expected);
        suspects.append(pair);
    }
    suspects.sort_by(likeliest_first);
    Ok(suspects)
}

fn likeliest_first(a: &Suspect, b: &Suspect) -> std::cmp::Ordering {
    b.score.total_cmp(&a.score).then(a.sample.cmp(&b.sample))
}

/// How many samples of each class `i` are expected to be of class `j`, `[i, j]`: the confident joint, each row brought to
/// the number of samples that have its label.
fn expected(likely: &[Option<usize>], labels: &[u16], counts: &[usize]) -> Vec<usize> {
    let classes = counts.len();
    let mut joint = vec![0usize; classes * classes];
    for (likely, &label) in likely.iter().zip(labels) {
        if let Some(likely) = likely {
            joint[usize::from(label) * classes + likely] += 1;
        }
    }
    let rows = joint.chunks_exact(classes).zip(counts);
    let rows = rows.flat_map(|(row, &count)| {
        let sure = row.iter().sum::<usize>().max(1);
        row.iter()
            .map(move |&n| (n as f64 * count as f64 / sure as f64).round() as usize)
    });
    rows.collect()
}

fn counts(labels: &[u16], classes: usize) -> Vec<usize> {
    let mut counts = vec![0; classes];
    for &label in labels {
        counts[usize::from(label)] += 1;
    }
    counts
}

fn check(probabilities: &[f32], labels: &[u16], classes: usize) -> Result<(), DataError> {
    let need = labels.len().saturating_mul(classes);
    if probabilities.len() != need {
        return Err(DataErrorKind::Probabilities {
            have: probabilities.len(),
            need,
        }
        .into());
    }
    if let Some(sample) = labels
        .iter()
        .position(|&label| usize::from(label) >= classes)
    {
        return Err(DataErrorKind::LabelOutOfRange {
            sample,
            label: u32::from(labels[sample]),
            classes,
        }
        .into());
    }
    match probabilities.iter().position(|p| !p.is_finite()) {
        Some(at) => Err(DataErrorKind::NotFinite {
            sample: at / classes,
        }
        .into()),
        None => Ok(()),
    }
}
