use serde::{Serialize, Serializer};

/// How often each true class was taken for each class. Written out as the cells that are not zero: of the million that a
/// thousand classes have, most are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
pub struct Confusion {
    classes: usize,
    /// `[true class, predicted class]`, row-major; outside, a list of cells.
    #[serde(rename = "cells", serialize_with = "as_cells")]
    #[cfg_attr(target_family = "wasm", tsify(type = "Cell[]"))]
    counts: Vec<u32>,
}

/// So many images of class `truth` were taken for `predicted`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
pub struct Cell {
    pub truth: usize,
    pub predicted: usize,
    pub count: u32,
}

impl Confusion {
    pub fn new(classes: usize) -> Self {
        Confusion {
            classes,
            counts: vec![0; classes * classes],
        }
    }

    /// Counts one image.
    ///
    /// # Panics
    /// If either class is not under `classes()`: a data set's labels and a network's outputs are compared before.
    pub fn record(&mut self, truth: usize, predicted: usize) {
        let cell = self.cell(truth, predicted);
        self.counts[cell] += 1;
    }

    pub fn classes(&self) -> usize {
        self.classes
    }

    /// Images of class `truth` that were taken for `predicted`. Panics as `record` does.
    pub fn count(&self, truth: usize, predicted: usize) -> u32 {
        self.counts[self.cell(truth, predicted)]
    }

    /// All counts, `[true class, predicted class]`, row-major.
    pub fn counts(&self) -> &[u32] {
        &self.counts
    }

    /// The cells that are not zero, row by row.
    pub fn cells(&self) -> impl Iterator<Item = Cell> {
        cells(&self.counts, self.classes)
    }

    /// The classes, at most so many, with the most mistakes: their own images taken for others and others taken for
    /// them. In the order of the classes.
    pub fn most_mistaken(&self, limit: usize) -> Vec<usize> {
        let mut mistakes: Vec<(u32, usize)> = (0..self.classes).map(|class| (0, class)).collect();
        for cell in self.cells().filter(|cell| cell.truth != cell.predicted) {
            mistakes[cell.truth].0 += cell.count;
            mistakes[cell.predicted].0 += cell.count;
        }
        mistakes.sort_by_key(|&(count, class)| (std::cmp::Reverse(count), class));
        mistakes.truncate(limit);
        let mut classes: Vec<usize> = mistakes.into_iter().map(|(_, class)| class).collect();
        classes.sort_unstable();
        classes
    }

    /// Images of the class: a row's sum.
    pub fn support(&self, truth: usize) -> u32 {
        (0..self.classes)
            .map(|predicted| self.count(truth, predicted))
            .sum()
    }

    /// Images taken for the class: a column's sum.
    pub fn predicted(&self, predicted: usize) -> u32 {
        (0..self.classes)
            .map(|truth| self.count(truth, predicted))
            .sum()
    }

    /// Every class's `support` and every class's `predicted`, in one pass.
    pub(super) fn sums(&self) -> (Vec<u32>, Vec<u32>) {
        let (mut support, mut predicted) = (vec![0; self.classes], vec![0; self.classes]);
        for cell in self.cells() {
            support[cell.truth] += cell.count;
            predicted[cell.predicted] += cell.count;
        }
        (support, predicted)
    }

    pub fn total(&self) -> u32 {
        self.counts.iter().sum()
    }

    /// Images taken for what they are: the diagonal's sum.
    pub fn correct(&self) -> u32 {
        (0..self.classes)
            .map(|class| self.count(class, class))
            .sum()
    }

    fn cell(&self, truth: usize, predicted: usize) -> usize {
        assert!(
            truth < self.classes && predicted < self.classes,
            "class {truth} taken for {predicted}, of {} classes",
            self.classes
        );
        truth * self.classes + predicted
    }
}

fn cells(counts: &[u32], classes: usize) -> impl Iterator<Item = Cell> {
    (0..)
        .zip(counts)
        .filter(|&(_, &count)| count > 0)
        .map(move |(cell, &count)| Cell {
            truth: cell / classes,
            predicted: cell % classes,
            count,
        })
}

fn as_cells<S: Serializer>(counts: &[u32], serializer: S) -> Result<S::Ok, S::Error> {
    // The matrix is square.
    serializer.collect_seq(cells(counts, counts.len().isqrt()))
}
