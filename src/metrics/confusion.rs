use serde::Serialize;

/// How often each true class was taken for each class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
pub struct Confusion {
    classes: usize,
    /// `[true class, predicted class]`, row-major.
    counts: Vec<u32>,
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
    /// Where either class is not under `classes()`: a data set's labels and a network's outputs are compared before.
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
