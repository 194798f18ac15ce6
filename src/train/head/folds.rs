use std::collections::BTreeMap;

use rand::seq::SliceRandom;

use crate::data::order::{Stream, generator};

/// Parts the samples into up to `folds` parts, by `seed`: groups stay whole, and each class is spread over the parts as
/// evenly as its groups allow.
pub fn grouped_folds(labels: &[u16], groups: &[u32], folds: usize, seed: u64) -> Vec<Vec<u32>> {
    let mut members: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (sample, &group) in groups.iter().enumerate() {
        members.entry(group).or_default().push(sample as u32);
    }
    let mut members: Vec<Vec<u32>> = members.into_values().collect();
    members.shuffle(&mut generator(seed, Stream::Folds, 0));
    // Large groups first, while there is room to even them out.
    members.sort_by_key(|group| (std::cmp::Reverse(group.len()), labels[group[0] as usize]));
    let folds = folds.min(members.len()).max(1);
    let classes = labels
        .iter()
        .max()
        .map_or(0, |&label| usize::from(label) + 1);
    let mut counts = vec![vec![0usize; classes]; folds];
    let mut parts = vec![Vec::new(); folds];
    for group in members {
        let of_class = |part: usize| -> usize {
            let counted = group
                .iter()
                .map(|&sample| usize::from(labels[sample as usize]));
            counted.map(|class| counts[part][class]).sum()
        };
        let best = (0..folds).min_by_key(|&part| (of_class(part), parts[part].len(), part));
        let best = best.unwrap_or(0);
        for &sample in &group {
            counts[best][usize::from(labels[sample as usize])] += 1;
        }
        parts[best].extend(group);
    }
    parts.iter_mut().for_each(|part| part.sort_unstable());
    parts
}
