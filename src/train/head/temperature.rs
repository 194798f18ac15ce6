//! Probabilities that mean what they say: logits divided by one number (Guo et al. 2017, "On Calibration of Modern Neural
//! Networks").

use super::logistic::softmax;

/// The least and the most that it becomes.
const RANGE: [f64; 2] = [0.02, 50.0];
/// The golden section's steps: each leaves 0.618 of the interval.
const STEPS: usize = 48;
/// Parts of equal width that confidences are told apart in.
const BINS: usize = 10;

/// The temperature at which logits `[samples, classes]` of samples that were not learned from have the least mean
/// cross-entropy; 1 if there are none. Of n samples each counts as its class by (n + 1) / (n + 2) and as the others by the
/// rest, as Platt has it (1999): a few that are all right are no reason to be certain.
pub fn temperature(logits: &[f32], labels: &[u16], classes: usize) -> f32 {
    if labels.is_empty() {
        return 1.0;
    }
    // In the inverse the loss is convex; golden section on its logarithm finds the same least point.
    let doubt = 1.0 / (labels.len() as f64 + 2.0);
    let at = |log: f64| smoothed(logits, labels, classes, log.exp() as f32, doubt);
    let golden = (5f64.sqrt() - 1.0) / 2.0;
    let [mut low, mut high] = RANGE.map(f64::ln);
    let (mut left, mut right) = (high - golden * (high - low), low + golden * (high - low));
    let (mut at_left, mut at_right) = (at(left), at(right));
    for _ in 0..STEPS {
        if at_left <= at_right {
            (high, right, at_right) = (right, left, at_left);
            left = high - golden * (high - low);
            at_left = at(left);
        } else {
            (low, left, at_left) = (left, right, at_right);
            right = low + golden * (high - low);
            at_right = at(right);
        }
    }
    (0.5 * (low + high)).exp() as f32
}

/// The mean cross-entropy of logits `[samples, classes]` divided by `temperature`.
pub fn cross_entropy(logits: &[f32], labels: &[u16], classes: usize, temperature: f32) -> f64 {
    smoothed(logits, labels, classes, temperature, 0.0)
}

/// The same where each sample is of another class by the share `doubt`.
fn smoothed(logits: &[f32], labels: &[u16], classes: usize, temperature: f32, doubt: f64) -> f64 {
    let mut sum = 0.0;
    let mut row = vec![0.0; classes];
    for (logits, &label) in logits.chunks_exact(classes).zip(labels) {
        row.iter_mut()
            .zip(logits)
            .for_each(|(x, logit)| *x = logit / temperature);
        let own = f64::from(row[usize::from(label)]);
        let all: f64 = row.iter().map(|&x| f64::from(x)).sum();
        let others = (all - own) / (classes - 1).max(1) as f64;
        sum += f64::from(softmax(&mut row)) - (1.0 - doubt) * own - doubt * others;
    }
    sum / labels.len().max(1) as f64
}

/// The expected calibration error, 0–1: how far the confidence in the likeliest class lies from how often it is right, by
/// ten bins of confidence, weighed by their samples.
pub fn calibration_error(logits: &[f32], labels: &[u16], classes: usize, temperature: f32) -> f64 {
    let mut bins = [(0usize, 0.0f64); BINS];
    let mut row = vec![0.0; classes];
    for (logits, &label) in logits.chunks_exact(classes).zip(labels) {
        row.iter_mut()
            .zip(logits)
            .for_each(|(x, logit)| *x = logit / temperature);
        softmax(&mut row);
        let best = likeliest(&row);
        let right = best == usize::from(label);
        let bin = &mut bins[((row[best] * BINS as f32) as usize).min(BINS - 1)];
        bin.0 += 1;
        bin.1 += f64::from(row[best]) - f64::from(u8::from(right));
    }
    let gaps: f64 = bins.iter().map(|(_, gap)| gap.abs()).sum();
    gaps / labels.len().max(1) as f64
}

/// The place of the largest value; the first of equals.
pub fn likeliest(values: &[f32]) -> usize {
    let mut best = 0;
    for (place, value) in values.iter().enumerate() {
        if *value > values[best] {
            best = place;
        }
    }
    best
}
