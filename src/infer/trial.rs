//! A file from elsewhere on trial: what it answers to samples under each preprocessing that it may have meant.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::seen::{drawn_under, photographed_under};
use super::session::best_first;
use super::{InferError, Prediction, Scores, Session};
use crate::onnx::{self, FirstStep};
use crate::pixels::{Ink, KnownPreprocessing, Preprocessing, Rgba};

/// Classes of the networks that learn from ImageNet: with one more it is for what is none of them.
const IMAGENET: [usize; 2] = [1000, 1001];
/// By so much more of the samples must be answered rightly, or so much more must the answers tell, for what the samples say
/// to outweigh what the file says: 0–1.
const CLEARLY: f32 = 0.05;
/// What is less likely than this counts as this.
const LEAST: f32 = 1e-7;

/// A preprocessing that a file may have meant, and why.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Proposal {
    pub known: KnownPreprocessing,
    pub preprocessing: Preprocessing,
    /// Empty for those that nothing speaks for.
    pub reasons: Vec<Reason>,
}

/// What of a file speaks for a preprocessing.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Reason {
    /// Its input is of bytes.
    TakesBytes,
    /// Its first operators bring bytes to a smaller range.
    ScalesItself { operator: String },
    /// What its input is called.
    InputName { name: String },
    /// What wrote it usually asks for that.
    Producer { name: String },
    /// Its classes are ImageNet's, or as many.
    Imagenet,
    /// Networks of that input size usually ask for that.
    Shape,
}

/// What a preprocessing is worth on the samples.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Weighed {
    /// Mean probability of the first answer, 0–1.
    pub confidence: f32,
    /// How much the answers tell about the image, 0–1: the mutual information of image and class, as a share of the most
    /// that so many images and classes allow. 0 if all images get the same answer.
    pub information: f32,
    /// Share of the samples with a label that were answered right, 0–1; missing if none has one. With samples of several
    /// datasets, of that whose are answered best.
    #[cfg_attr(target_family = "wasm", tsify(optional))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accuracy: Option<f32>,
    /// Mean cross-entropy of the same samples, in nats: what is right but sure of nothing, as what is sure of everything,
    /// has a larger one. Missing likewise.
    #[cfg_attr(target_family = "wasm", tsify(optional))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loss: Option<f32>,
}

/// What a file makes of one sample.
#[derive(Serialize, Clone, Debug, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Tried {
    /// Best first; empty if nothing is drawn.
    pub predictions: Vec<Prediction>,
    /// The image that the network sees, bytes `[channels, height, width]`, as they are before offset and scale (dark ink
    /// is dark here); empty likewise.
    #[cfg_attr(target_family = "wasm", tsify(type = "Uint8Array"))]
    #[serde(with = "bytes")]
    pub seen: Vec<u8>,
}

#[cfg(target_family = "wasm")]
use serde_bytes as bytes;
#[cfg(not(target_family = "wasm"))]
mod bytes {
    pub fn serialize<S: serde::Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        serde::Serialize::serialize(bytes, to)
    }
}

/// One of the pictures that a file is tried on.
struct Sample {
    data: Vec<u8>,
    width: usize,
    height: usize,
    drawn: bool,
    label: Option<Label>,
}

/// Which class a sample is of, in a dataset: samples may come from several, whose classes have nothing to do with each
/// other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Label {
    pub dataset: usize,
    pub class: usize,
}

/// A file and the samples that it is tried on.
pub struct Trial {
    session: Session,
    proposals: Vec<Proposal>,
    samples: Vec<Sample>,
}

impl Trial {
    /// # Errors
    /// As [`super::Session::load`].
    pub fn load(file: &[u8]) -> Result<Self, InferError> {
        let session = Session::load(file)?;
        let proposals = proposals(&session, onnx::first_steps(file)?);
        Ok(Trial {
            session,
            proposals,
            samples: Vec::new(),
        })
    }

    /// Those that there are for the file's images, the likeliest first.
    pub fn proposals(&self) -> &[Proposal] {
        &self.proposals
    }

    /// Adds a sample: a drawing (ink on a plain ground) or a photo, and which class it is of, if that is known.
    pub fn add(&mut self, picture: Rgba, drawn: bool, label: Option<Label>) {
        self.samples.push(Sample {
            data: picture.data().to_vec(),
            width: picture.width(),
            height: picture.height(),
            drawn,
            label,
        });
    }

    /// What a preprocessing is worth on all samples.
    ///
    /// # Errors
    /// If tract fails.
    pub fn weigh(&self, preprocessing: &Preprocessing) -> Result<Weighed, InferError> {
        let mut answers = Vec::with_capacity(self.samples.len());
        for sample in &self.samples {
            if let Some(seen) = self.seen(sample, preprocessing) {
                let answer = self.session.answers_under(preprocessing, &seen, 1)?;
                answers.push((answer.probabilities, sample.label));
            }
        }
        Ok(weighed(&answers, self.session.scores()))
    }

    /// What the sample `index` becomes, and its `top` likeliest classes; nothing if there is no such sample.
    ///
    /// # Errors
    /// If tract fails.
    pub fn try_out(
        &self,
        index: usize,
        preprocessing: &Preprocessing,
        top: usize,
    ) -> Result<Tried, InferError> {
        let sample = self.samples.get(index);
        let Some(mut seen) = sample.and_then(|sample| self.seen(sample, preprocessing)) else {
            return Ok(Tried {
                predictions: Vec::new(),
                seen: Vec::new(),
            });
        };
        let answer = self.session.answers_under(preprocessing, &seen, 1)?;
        let mut predictions = best_first(self.session.labels(), &answer.probabilities);
        predictions.truncate(top);
        let takes_ink = preprocessing
            .fit
            .takes_ink(self.session.facts().input.dims());
        if preprocessing.ink == Ink::Dark && takes_ink {
            seen.iter_mut().for_each(|byte| *byte = 255 - *byte);
        }
        Ok(Tried { predictions, seen })
    }

    fn seen(&self, sample: &Sample, preprocessing: &Preprocessing) -> Option<Vec<u8>> {
        let picture = Rgba::new(&sample.data, sample.width, sample.height).ok()?;
        let facts = self.session.facts();
        match sample.drawn {
            true => drawn_under(preprocessing, facts, picture),
            false => photographed_under(preprocessing, facts, picture),
        }
    }
}

/// The likeliest of `proposals`, by its place, once each has been weighed: of those that are right most often on samples
/// whose class is known the ones with the smallest cross-entropy, or else those whose answers tell most of the image; of
/// what is near enough to that, the one that stands first.
///
/// Confidence does not decide: a network that is given bytes where it wants shares is sure of whatever it says.
pub fn likeliest(proposals: &[Proposal], weighed: &[Weighed]) -> usize {
    let places = 0..proposals.len().min(weighed.len());
    let right = |place: usize| weighed[place].accuracy.unwrap_or(0.0);
    let tells = |place: usize| weighed[place].information;
    let leading = |by: &dyn Fn(usize) -> f32, of: Vec<usize>| -> Vec<usize> {
        let best = of.iter().map(|&place| by(place)).fold(0.0, f32::max);
        of.into_iter()
            .filter(|&place| by(place) >= best - CLEARLY)
            .collect()
    };
    // What is right no more often than chance says nothing.
    let known = places.clone().any(|place| right(place) >= 0.5);
    // e^−loss, the likelihood of the class that it is, 0–1.
    let likelihood = |place: usize| (-weighed[place].loss.unwrap_or(f32::MAX)).exp();
    let left = match known {
        true => leading(&likelihood, leading(&right, places.collect())),
        false => leading(&tells, places.collect()),
    };
    left.first().copied().unwrap_or(0)
}

fn proposals(session: &Session, steps: FirstStep) -> Vec<Proposal> {
    let facts = session.facts();
    let shape = facts.input.dims();
    let classes = session.labels().len();
    let name = facts.input_name.to_lowercase();
    let reasons = |known: KnownPreprocessing| {
        let mut reasons = Vec::new();
        let imagenet = IMAGENET.contains(&classes) && shape[0] == 3;
        let producer = facts.producer.to_lowercase();
        let by = |maker: &str| producer.contains(maker);
        match known {
            KnownPreprocessing::Bytes => {
                if facts.source.element.is_whole() {
                    reasons.push(Reason::TakesBytes);
                }
                if let FirstStep::Scales { operator } = &steps {
                    reasons.push(Reason::ScalesItself {
                        operator: operator.clone(),
                    });
                }
            }
            KnownPreprocessing::Imagenet if imagenet => {
                reasons.push(Reason::Imagenet);
                if by("pytorch") {
                    reasons.push(Reason::Producer {
                        name: facts.producer.clone(),
                    });
                }
            }
            KnownPreprocessing::Signed
                if shape[0] == 3 && (by("tf2onnx") || by("keras") || by("tensorflow")) =>
            {
                reasons.push(Reason::Producer {
                    name: facts.producer.clone(),
                });
            }
            KnownPreprocessing::Caffe if name == "data" || by("caffe") => {
                reasons.push(Reason::InputName {
                    name: facts.input_name.clone(),
                });
            }
            KnownPreprocessing::Digits => reasons.push(Reason::Shape),
            _ => {}
        }
        reasons
    };
    let weight = |reason: &Reason| match reason {
        Reason::TakesBytes => 8,
        Reason::ScalesItself { .. } => 6,
        Reason::Imagenet => 2,
        Reason::InputName { .. } | Reason::Producer { .. } | Reason::Shape => 1,
    };
    let usual = KnownPreprocessing::all_for(shape).map(|known| Proposal {
        known,
        preprocessing: known.preprocessing(shape),
        reasons: reasons(known),
    });
    let mut all: Vec<Proposal> = usual.collect();
    // Those with as much to speak for them stay in the order in which they are common.
    let common = |known: KnownPreprocessing| match known {
        KnownPreprocessing::Digits | KnownPreprocessing::Unit => 0,
        KnownPreprocessing::Mnist | KnownPreprocessing::Imagenet => 1,
        KnownPreprocessing::Signed => 2,
        KnownPreprocessing::Bytes => 3,
        KnownPreprocessing::Lite => 4,
        KnownPreprocessing::Caffe => 5,
    };
    all.sort_by_key(|proposal| {
        let speaks: i32 = proposal.reasons.iter().map(weight).sum();
        (-speaks, common(proposal.known))
    });
    all
}

/// Probabilities of the samples, each with its class if that is known.
fn weighed(answers: &[(Vec<f32>, Option<Label>)], scores: Scores) -> Weighed {
    let count = answers.len().max(1) as f32;
    let best = |probabilities: &[f32]| {
        let ranked = probabilities.iter().enumerate();
        ranked
            .max_by(|(_, a), (_, b)| a.total_cmp(b))
            .map(|(place, &p)| (place, p))
            .unwrap_or_default()
    };
    let confidence = answers.iter().map(|(p, _)| best(p).1).sum::<f32>() / count;
    let mut right: HashMap<usize, (f32, f32, f32)> = HashMap::new();
    for (probabilities, label) in answers {
        let Some(Label { dataset, class }) = *label else {
            continue;
        };
        let (hits, loss, all) = right.entry(dataset).or_default();
        *hits += f32::from(best(probabilities).0 == class);
        let own = probabilities.get(class).copied().unwrap_or(0.0);
        *loss -= own.max(LEAST).ln();
        *all += 1.0;
    }
    let told = right
        .values()
        .map(|(hits, loss, all)| (hits / all, loss / all));
    let told = told.max_by(|(a, _), (b, _)| a.total_cmp(b));
    Weighed {
        confidence,
        information: information(answers, scores),
        accuracy: told.map(|(accuracy, _)| accuracy),
        loss: told.map(|(_, loss)| loss),
    }
}

/// H(mean answer) − mean H(answer), as a share of the most that there can be.
fn information(answers: &[(Vec<f32>, Option<Label>)], scores: Scores) -> f32 {
    let classes = answers.first().map_or(0, |(p, _)| p.len());
    if answers.len() < 2 || classes < 2 {
        return 0.0;
    }
    // Independent labels are made one answer here, so that the same measure serves.
    let shares = |probabilities: &[f32]| -> Vec<f32> {
        let sum: f32 = probabilities.iter().sum();
        match scores {
            Scores::Independent if sum > 0.0 => probabilities.iter().map(|p| p / sum).collect(),
            _ => probabilities.to_vec(),
        }
    };
    let entropy = |p: &[f32]| -> f32 {
        let terms = p.iter().filter(|&&p| p > 0.0);
        -terms.map(|p| p * p.ln()).sum::<f32>()
    };
    let mut mean = vec![0.0; classes];
    let mut own = 0.0;
    for (probabilities, _) in answers {
        let shares = shares(probabilities);
        own += entropy(&shares);
        for (mean, share) in mean.iter_mut().zip(&shares) {
            *mean += share / answers.len() as f32;
        }
    }
    let most = (classes.min(answers.len()) as f32).ln();
    ((entropy(&mean) - own / answers.len() as f32) / most).clamp(0.0, 1.0)
}
