//! Validation while an epoch is under way: on the same few of the held-out images every so many steps, so that there
//! is a verdict long before the epoch ends.

use rand::seq::SliceRandom;

use crate::data::Dataset;
use crate::data::order::{Stream, generator};
use crate::model::RollingValidation;

/// Images of the sample whose answers are told one by one.
const WATCHED: usize = 10;
/// Where the first interval is divided: most is learned in the first steps.
const EARLY: [usize; 3] = [10, 5, 2];

/// Which images, and when. Both depend on the recipe and the data alone: not on how fast the machine is, nor on where
/// a run was interrupted.
pub struct Rolling {
    every: usize,
    /// Those that are watched come first.
    sample: Vec<u32>,
    watched: usize,
}

impl Rolling {
    pub fn new(recipe: RollingValidation, dataset: &Dataset, held_out: &[u32], seed: u64) -> Self {
        let RollingValidation { every, images } = recipe;
        let mut sample = held_out.to_vec();
        sample.shuffle(&mut generator(seed, Stream::RollingSample, 0));
        sample.truncate(if every == 0 { 0 } else { images });
        let watched = of_each_class(&mut sample, dataset);
        Rolling {
            every,
            sample,
            watched,
        }
    }

    /// Empty if there is no rolling validation.
    pub fn sample(&self) -> &[u32] {
        &self.sample
    }

    pub fn watched(&self) -> &[u32] {
        &self.sample[..self.watched]
    }

    /// Whether the sample is classified once `step` steps have been taken, of which the last ended its epoch or did
    /// not.
    pub fn is_due(&self, step: usize, ends_epoch: bool) -> bool {
        let early = || {
            EARLY
                .iter()
                .any(|part| self.every >= *part && step == self.every / part)
        };
        !self.sample.is_empty() && (ends_epoch || step.is_multiple_of(self.every) || early())
    }
}

/// Brings to the front up to [`WATCHED`] images: one of each class, then a second of each, and so on. Returns how many.
fn of_each_class(sample: &mut Vec<u32>, dataset: &Dataset) -> usize {
    let mut chosen = Vec::new();
    while chosen.len() < WATCHED && !sample.is_empty() {
        for class in 0..dataset.classes().len() {
            let of_class = |&index: &u32| dataset.label(index as usize) == class;
            if let Some(at) = sample.iter().position(of_class)
                && chosen.len() < WATCHED
            {
                chosen.push(sample.remove(at));
            }
        }
    }
    let watched = chosen.len();
    sample.splice(..0, chosen);
    watched
}
