use super::{Comparison, Confusion, MetricsError, Refusals, Report};

/// How many of the best classes count as a hit for the top-5 rate.
pub const TOP: u16 = 5;

/// What a model answered to the images of a test: one entry for each image, in the images' order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answers {
    /// The true class.
    truth: Vec<u16>,
    /// The most probable class; of equals the first.
    predicted: Vec<u16>,
    /// The probability of the predicted class, 0–1.
    confidence: Vec<f32>,
    /// How many classes stand before the true one when the most probable comes first: 0 if the answer is right.
    rank: Vec<u16>,
    /// How unlike everything learned each image is; empty if the model does not tell it.
    novelty: Vec<f32>,
}

impl Answers {
    /// Answers that were taken down before.
    ///
    /// # Errors
    /// If the lists are not of one length.
    pub fn new(
        truth: Vec<u16>,
        predicted: Vec<u16>,
        confidence: Vec<f32>,
        rank: Vec<u16>,
    ) -> Result<Self, MetricsError> {
        let images = truth.len();
        for found in [predicted.len(), confidence.len(), rank.len()] {
            if found != images {
                return Err(MetricsError::Lengths { images, found });
            }
        }
        Ok(Answers {
            truth,
            predicted,
            confidence,
            rank,
            novelty: Vec::new(),
        })
    }

    /// The same with how unlike everything learned each image is; with an empty list nothing is known of that.
    ///
    /// # Errors
    /// If the list has another length.
    pub fn with_novelty(self, novelty: Vec<f32>) -> Result<Self, MetricsError> {
        let (images, found) = (self.len(), novelty.len());
        if found != 0 && found != images {
            return Err(MetricsError::Lengths { images, found });
        }
        Ok(Answers { novelty, ..self })
    }

    /// Takes down one image: its true class and the probabilities of all classes.
    ///
    /// # Errors
    /// If the true class is not among them.
    pub fn record(&mut self, truth: u16, probabilities: &[f32]) -> Result<(), MetricsError> {
        let own = *probabilities
            .get(usize::from(truth))
            .ok_or(MetricsError::Class {
                class: truth,
                classes: probabilities.len(),
            })?;
        let before = |&(class, p): &(usize, &f32)| {
            p.total_cmp(&own).is_gt() || (p.total_cmp(&own).is_eq() && class < usize::from(truth))
        };
        let mut best = 0;
        for (class, p) in probabilities.iter().enumerate() {
            if p.total_cmp(&probabilities[best]).is_gt() {
                best = class;
            }
        }
        self.truth.push(truth);
        self.predicted.push(best as u16);
        self.confidence.push(probabilities[best]);
        let rank = probabilities.iter().enumerate().filter(before).count();
        self.rank.push(rank as u16);
        Ok(())
    }

    /// How unlike everything learned each image is; empty if the model does not tell it.
    pub fn novelty(&self) -> &[f32] {
        &self.novelty
    }

    /// What is left of the answers if an image whose novelty is above `threshold` gets *none of these* instead. `None` if
    /// the model tells no novelty.
    pub fn refusals(&self, threshold: f32) -> Option<Refusals> {
        if self.novelty.is_empty() {
            return None;
        }
        let refused = |&image: &usize| self.novelty[image] > threshold;
        let (refused, answered): (Vec<usize>, Vec<usize>) = (0..self.len()).partition(refused);
        let right = |images: &[usize]| images.iter().filter(|&&image| self.right(image)).count();
        let (correct, spared) = (right(&answered), refused.len() - right(&refused));
        Some(Refusals::new(
            [answered.len(), correct, refused.len(), spared].map(|count| count as u32),
        ))
    }

    pub fn len(&self) -> usize {
        self.truth.len()
    }

    pub fn is_empty(&self) -> bool {
        self.truth.is_empty()
    }

    pub fn truth(&self) -> &[u16] {
        &self.truth
    }

    pub fn predicted(&self) -> &[u16] {
        &self.predicted
    }

    pub fn confidence(&self) -> &[f32] {
        &self.confidence
    }

    pub fn rank(&self) -> &[u16] {
        &self.rank
    }

    /// What follows from the answers, for a model of `classes` classes.
    ///
    /// # Errors
    /// If an answer names a class that is not among them.
    pub fn report(&self, classes: usize) -> Result<Report, MetricsError> {
        let mut confusion = Confusion::new(classes);
        for (&truth, &predicted) in self.truth.iter().zip(&self.predicted) {
            let class = truth.max(predicted);
            if usize::from(class) >= classes {
                return Err(MetricsError::Class { class, classes });
            }
            confusion.record(truth.into(), predicted.into());
        }
        // Among five classes or fewer the five best are all of them.
        let top5 = (classes > usize::from(TOP)).then(|| {
            let hits = self.rank.iter().filter(|&&rank| rank < TOP).count();
            hits as f64 / self.len().max(1) as f64
        });
        Ok(Report {
            top5,
            ..Report::from(&confusion)
        })
    }

    /// This model against another on the same images.
    ///
    /// # Errors
    /// If they were not asked about the same images.
    pub fn compare(&self, other: &Answers) -> Result<Comparison, MetricsError> {
        if self.truth != other.truth {
            return Err(MetricsError::OtherImages);
        }
        Ok(Comparison::of(self, other))
    }

    pub(super) fn right(&self, image: usize) -> bool {
        self.truth[image] == self.predicted[image]
    }
}
