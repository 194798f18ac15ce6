use rand::seq::SliceRandom;

use crate::data::order::{Stream, generator};
use crate::train::TrainError;

/// Features of labelled images, and of changed copies of these.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Examples {
    /// `[row, dimension]`
    pub features: Vec<f32>,
    pub dimension: usize,
    /// The sample that each row shows.
    pub samples: Vec<u32>,
    /// Which copy of it each row is; 0 is the image itself.
    pub copies: Vec<u8>,
    /// Of each sample, a place in the classes.
    pub labels: Vec<u16>,
    /// Of each sample: near duplicates share a number. What shares one is never parted by a fold.
    pub groups: Vec<u32>,
    pub classes: Vec<String>,
}

impl Examples {
    /// Every sample once, as it is; each in a group of its own if `groups` is `None`.
    pub fn originals(
        features: Vec<f32>,
        dimension: usize,
        labels: Vec<u16>,
        groups: Option<Vec<u32>>,
        classes: Vec<String>,
    ) -> Self {
        let count = labels.len() as u32;
        Examples {
            features,
            dimension,
            samples: (0..count).collect(),
            copies: vec![0; labels.len()],
            groups: groups.unwrap_or_else(|| (0..count).collect()),
            labels,
            classes,
        }
    }

    pub fn rows(&self) -> usize {
        self.samples.len()
    }

    pub fn row(&self, row: usize) -> &[f32] {
        &self.features[row * self.dimension..(row + 1) * self.dimension]
    }

    /// The class of a row.
    pub fn label(&self, row: usize) -> u16 {
        self.labels[self.samples[row] as usize]
    }

    /// The row of every sample that is the image itself.
    pub fn places(&self) -> Vec<usize> {
        let mut places = vec![0; self.labels.len()];
        for row in (0..self.rows()).filter(|&row| self.copies[row] == 0) {
            places[self.samples[row] as usize] = row;
        }
        places
    }

    /// How many changed copies most samples have.
    pub fn copied(&self) -> usize {
        let copies = self.rows() - self.labels.len();
        (copies as f64 / self.labels.len().max(1) as f64).round() as usize
    }

    /// How much each of these rows counts: one for each sample, shared among its copies.
    pub fn counts(&self, rows: &[usize]) -> Vec<f32> {
        let mut all = vec![0.0f32; self.labels.len()];
        rows.iter()
            .for_each(|&row| all[self.samples[row] as usize] += 1.0);
        let count = |&row: &usize| 1.0 / all[self.samples[row] as usize];
        rows.iter().map(count).collect()
    }

    /// At most so many rows: every sample with as many of its copies as there is room for, and if that is none, fewer
    /// samples, of each class alike, drawn by `seed`.
    pub fn fewer(&self, rows: usize, seed: u64) -> Self {
        let copies = (rows / self.labels.len().max(1)).saturating_sub(1);
        let mut kept: Vec<u32> = (0..self.labels.len() as u32).collect();
        if self.labels.len() > rows {
            kept.shuffle(&mut generator(seed, Stream::Fewer, 0));
            let mut seen = vec![0usize; self.classes.len()];
            let mut ranked: Vec<(usize, u32)> = kept
                .into_iter()
                .map(|sample| {
                    let seen = &mut seen[usize::from(self.labels[sample as usize])];
                    *seen += 1;
                    (*seen, sample)
                })
                .collect();
            ranked.sort_unstable();
            kept = ranked
                .into_iter()
                .take(rows)
                .map(|(_, sample)| sample)
                .collect();
            kept.sort_unstable();
        }
        let mut place = vec![None; self.labels.len()];
        for (new, &sample) in kept.iter().enumerate() {
            place[sample as usize] = Some(new as u32);
        }
        let mut fewer = Examples {
            dimension: self.dimension,
            classes: self.classes.clone(),
            labels: kept
                .iter()
                .map(|&sample| self.labels[sample as usize])
                .collect(),
            groups: kept
                .iter()
                .map(|&sample| self.groups[sample as usize])
                .collect(),
            ..Examples::default()
        };
        let mut copied = vec![0; kept.len()];
        for row in 0..self.rows() {
            let Some(sample) = place[self.samples[row] as usize] else {
                continue;
            };
            if self.copies[row] > 0 {
                copied[sample as usize] += 1;
                if copied[sample as usize] > copies {
                    continue;
                }
            }
            fewer.features.extend_from_slice(self.row(row));
            fewer.samples.push(sample);
            fewer.copies.push(self.copies[row]);
        }
        fewer
    }

    /// # Errors
    /// If the lists do not belong together, a value is no number, or there are fewer than two classes, or one without
    /// an image.
    pub fn check(&self) -> Result<(), TrainError> {
        let wrong = |what: String| Err(TrainError::Features(what));
        let (rows, samples) = (self.rows(), self.labels.len());
        if self.dimension == 0 || self.features.len() != rows * self.dimension {
            return wrong(format!(
                "{} values are not {rows} rows of {}",
                self.features.len(),
                self.dimension
            ));
        }
        if self.copies.len() != rows || self.groups.len() != samples {
            return wrong(format!(
                "there are {rows} rows with {} copy numbers, and {samples} samples with {} groups",
                self.copies.len(),
                self.groups.len()
            ));
        }
        if let Some(place) = self.features.iter().position(|x| !x.is_finite()) {
            return wrong(format!(
                "row {} has a value that is no number",
                place / self.dimension
            ));
        }
        let mut originals = vec![0; samples];
        for (&sample, &copy) in self.samples.iter().zip(&self.copies) {
            let Some(count) = originals.get_mut(sample as usize) else {
                return wrong(format!("there is no sample {sample} of {samples}"));
            };
            *count += usize::from(copy == 0);
        }
        if let Some(sample) = originals.iter().position(|&count| count != 1) {
            return wrong(format!(
                "sample {sample} has {} rows of its own, and not one",
                originals[sample]
            ));
        }
        let mut images = vec![0; self.classes.len()];
        for &label in &self.labels {
            match images.get_mut(usize::from(label)) {
                Some(count) => *count += 1,
                None => return wrong(format!("there is no class {label}")),
            }
        }
        if images.len() < 2 {
            return Err(TrainError::OneClass);
        }
        match images.iter().position(|&count| count == 0) {
            Some(class) => Err(TrainError::EmptyClass(self.classes[class].clone())),
            None => Ok(()),
        }
    }
}
