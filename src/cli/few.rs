//! What a handful of examples is worth: heads on random draws of a few images per class, tested on all the rest.

use std::time::Instant;

use burn::tensor::Device;
use hearth::data::order::{Stream, generator};
use hearth::data::{Dataset, Split};
use hearth::infer::Session;
use hearth::model::head::{Head, HeadKind};
use hearth::model::{ImageShape, Recipe, RollingValidation, preset};
use hearth::train::Trainer;
use hearth::train::head::{
    Examples, LearningCurve, Matrix, likeliest, logistic, nearest_logits, normalised,
};
use rand::seq::SliceRandom;
use serde::Serialize;

use super::features::{Features, Pictures};
use super::head::{name, trained};
use super::{Failure, FewArguments, data, print_json, read};

/// Images that a network from scratch sees in its training.
const SEEN: usize = 12_000;
/// Images that tract works on at once.
const BATCH: usize = 16;

/// One kind of head over all draws.
#[derive(Serialize, Clone, Debug, Default)]
#[serde(rename_all = "camelCase")]
struct Row {
    name: &'static str,
    /// Of the images that were not learned from, of each draw.
    accuracies: Vec<f64>,
    milliseconds: Vec<f64>,
}

/// Of scores that are to be higher for images of no known class.
#[derive(Serialize, Clone, Debug, Default)]
#[serde(rename_all = "camelCase")]
struct Refusals {
    /// The area under the ROC curve, of each draw.
    novelty: Vec<f64>,
    maximum_probability: Vec<f64>,
    /// Known images that stay below the threshold, and unknown ones that do not.
    kept: Vec<f64>,
    refused: Vec<f64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Found<'a> {
    kind: &'static str,
    per_class: usize,
    copies: usize,
    rows: &'a [Row],
    #[serde(skip_serializing_if = "Option::is_none")]
    refusals: Option<&'a Refusals>,
}

pub fn run(options: &FewArguments, json: bool) -> Result<(), Failure> {
    let backbone = read(&options.head)?;
    let mut pictures = Pictures::open(&options.data, json)?;
    let cache = options.cache.clone();
    let (seed, mirror) = (options.seed, options.mirror);
    let mut features = Features::new(&backbone, &pictures, cache, seed, mirror, json)?;
    let draws: Vec<Draw> = (0..options.draws as u64)
        .map(|draw| Draw::new(&pictures, options, draw))
        .collect::<Result<_, _>>()?;
    let copies = options.copies;
    let learned = draws.iter().flat_map(|draw| &draw.learned);
    let learned = learned.flat_map(|&sample| (0..=copies as u32).map(move |copy| (sample, copy)));
    let tested = draws.iter().flat_map(|draw| &draw.tested);
    let all: Vec<(u32, u32)> = learned.chain(tested.map(|&sample| (sample, 0))).collect();
    features.compute(&mut pictures, all)?;
    let mut table = Table::default();
    let mut refusals = Refusals::default();
    for (place, draw) in draws.iter().enumerate() {
        let examples = features.examples(&pictures, &draw.learned, copies, &draw.classes);
        let judge = Judge {
            features: &features,
            pictures: &pictures,
            draw,
        };
        let head = judge.heads(examples, seed + place as u64, &mut table)?;
        if draw.classes.len() < pictures.dataset.classes().len() {
            judge.refusals(&head, &mut refusals);
        }
        if let Some(scratch) = &options.scratch {
            let began = Instant::now();
            let accuracy = from_scratch(options, scratch, &pictures, draw, json)?;
            table.add("network from scratch", accuracy, began);
        }
    }
    let refusals = (!refusals.novelty.is_empty()).then_some(&refusals);
    if json {
        return print_json(&Found {
            kind: "few",
            per_class: options.per_class,
            copies,
            rows: &table.0,
            refusals,
        });
    }
    table.print(options);
    if let Some(refusals) = refusals {
        refusals.print();
    }
    if options.curve {
        curve(&features, &pictures, &draws, seed)?;
    }
    Ok(())
}

/// Who learns from what, and is tested on what.
struct Draw {
    /// Places among the dataset's.
    classes: Vec<usize>,
    learned: Vec<u32>,
    /// Of unknown classes too.
    tested: Vec<u32>,
}

impl Draw {
    fn new(pictures: &Pictures, options: &FewArguments, draw: u64) -> Result<Self, Failure> {
        let mut rng = generator(options.seed, Stream::Few, draw);
        let dataset = &pictures.dataset;
        let mut classes: Vec<usize> = (0..dataset.classes().len()).collect();
        if let Some(known) = options.known {
            classes.shuffle(&mut rng);
            classes.truncate(known.max(2));
            classes.sort_unstable();
        }
        // A dataset that comes with a test keeps it; of own pictures all that are not learned from are tested.
        let mut pool: Vec<u32> = match pictures.is_own() {
            true => (0..dataset.len() as u32).collect(),
            false => pictures.of(Split::Train),
        };
        pool.shuffle(&mut rng);
        let mut learned = Vec::new();
        for &class in &classes {
            let of_class = |&&sample: &&u32| dataset.label(sample as usize) == class;
            let found = pool.iter().filter(of_class).take(options.per_class);
            let before = learned.len();
            learned.extend(found.copied());
            if learned.len() - before < options.per_class {
                return Err(format!(
                    "{} has {} images: take fewer than --per-class {}.",
                    dataset.classes()[class],
                    learned.len() - before,
                    options.per_class
                )
                .into());
            }
        }
        let mut tested = match pictures.is_own() {
            true => (0..dataset.len() as u32)
                .filter(|s| !learned.contains(s))
                .collect(),
            false => pictures.of(Split::Test),
        };
        if let Some(most) = options.tested {
            tested.shuffle(&mut generator(options.seed, Stream::Few, u64::MAX));
            tested.truncate(most);
        }
        Ok(Draw {
            classes,
            learned,
            tested,
        })
    }

    /// The sample's place among the known classes.
    fn label(&self, dataset: &Dataset, sample: u32) -> Option<usize> {
        let class = dataset.label(sample as usize);
        self.classes.iter().position(|&known| known == class)
    }
}

struct Judge<'a> {
    features: &'a Features,
    pictures: &'a Pictures,
    draw: &'a Draw,
}

impl Judge<'_> {
    /// Every kind, and the one that cross-validation chooses.
    fn heads(&self, examples: Examples, seed: u64, table: &mut Table) -> Result<Head, Failure> {
        self.plain(&examples, table);
        let began = Instant::now();
        let quick = hearth::train::head::HeadTraining::new(examples.clone(), seed)?.quick();
        table.add_timed(
            "at once",
            self.accuracy(|row| quick.logits(row)),
            began.elapsed(),
        );
        let began = Instant::now();
        let training = trained(examples, seed)?;
        let took = began.elapsed();
        let report = training.report();
        for found in &report.heads {
            if found.kind == HeadKind::Nearest {
                continue;
            }
            let head = training.head(found.kind)?;
            let accuracy = self.accuracy(|row| head.logits(row));
            let took = std::time::Duration::from_secs_f64(found.milliseconds / 1000.0);
            table.add_timed(name(found.kind), accuracy, took);
        }
        let best = training.head(report.best)?;
        table.add_timed(
            "chosen by cross-validation",
            self.accuracy(|row| best.logits(row)),
            took,
        );
        Ok(best)
    }

    /// What is compared with: neighbours, and the same regression on features as they are.
    fn plain(&self, examples: &Examples, table: &mut Table) {
        let rows: Vec<usize> = examples.places();
        let values: Vec<f32> = rows
            .iter()
            .flat_map(|&row| examples.row(row))
            .copied()
            .collect();
        let rows = Matrix::new(rows.len(), examples.dimension, values);
        let classes = examples.classes.len();
        let began = Instant::now();
        let unit = normalised(rows.clone());
        let labels = &examples.labels;
        let accuracy = self.accuracy(|row| {
            let asked = normalised(Matrix::new(1, row.len(), row.to_vec()));
            nearest_logits(&unit, labels, classes, &asked).values
        });
        table.add(name(HeadKind::Nearest), accuracy, began);
        let began = Instant::now();
        let problem = logistic::Problem {
            rows: &rows,
            labels,
            counts: &vec![1.0; labels.len()],
            classes,
        };
        // scikit-learn's C = 0.05.
        let plain = logistic::fit(&problem, 20.0, None);
        let took = began.elapsed();
        let accuracy = self.accuracy(|row| {
            plain
                .logits(&Matrix::new(1, row.len(), row.to_vec()))
                .values
        });
        table.add_timed("plain regression", accuracy, took);
    }

    /// On the known among the tested images.
    fn accuracy(&self, logits: impl Fn(&[f32]) -> Vec<f32>) -> f64 {
        let (mut right, mut all) = (0, 0);
        for &sample in &self.draw.tested {
            if let Some(label) = self.draw.label(&self.pictures.dataset, sample) {
                all += 1;
                right += usize::from(likeliest(&logits(self.features.of(sample, 0))) == label);
            }
        }
        right as f64 / all.max(1) as f64
    }

    fn refusals(&self, head: &Head, refusals: &mut Refusals) {
        let Some(novelty) = &head.novelty else { return };
        let (mut scores, mut doubts) = ([Vec::new(), Vec::new()], [Vec::new(), Vec::new()]);
        for &sample in &self.draw.tested {
            let row = self.features.of(sample, 0);
            let mut logits = head.logits(row);
            let side = usize::from(self.draw.label(&self.pictures.dataset, sample).is_none());
            scores[side].push(novelty.score(row, &logits));
            logits
                .iter_mut()
                .for_each(|logit| *logit /= head.facts.temperature);
            logistic::softmax(&mut logits);
            doubts[side].push(1.0 - logits[likeliest(&logits)]);
        }
        let share = |scores: &[f32], is: &dyn Fn(f32) -> bool| {
            scores.iter().filter(|&&score| is(score)).count() as f64 / scores.len().max(1) as f64
        };
        let threshold = novelty.facts.threshold;
        refusals.novelty.push(area(&scores[0], &scores[1]));
        refusals
            .maximum_probability
            .push(area(&doubts[0], &doubts[1]));
        refusals
            .kept
            .push(share(&scores[0], &|score| score <= threshold));
        refusals
            .refused
            .push(share(&scores[1], &|score| score > threshold));
    }
}

/// The area under the ROC curve: how often an unknown image's score is above a known one's; equals count half.
fn area(known: &[f32], unknown: &[f32]) -> f64 {
    let mut sorted = known.to_vec();
    sorted.sort_by(f32::total_cmp);
    let below = |score: f32| {
        let less = sorted.partition_point(|&x| x < score);
        let up_to = sorted.partition_point(|&x| x <= score);
        0.5 * (less + up_to) as f64
    };
    let pairs = (known.len() * unknown.len()).max(1) as f64;
    unknown.iter().map(|&score| below(score)).sum::<f64>() / pairs
}

/// A preset's network that has seen nothing but the drawn images.
fn from_scratch(
    options: &FewArguments,
    id: &str,
    pictures: &Pictures,
    draw: &Draw,
    json: bool,
) -> Result<f64, Failure> {
    let preset = preset(id).ok_or_else(|| format!("There is no preset {id}."))?;
    let side = preset.spec.input.height;
    let whole = match pictures.is_own() {
        true => data::load_side(&options.data, side, json)?,
        false => pictures.dataset.clone(),
    };
    let [channels, height, width] = whole.shape();
    let of = |samples: &[u32], split: Split| -> Result<Dataset, Failure> {
        let known = samples.iter().filter_map(|&sample| {
            let label = draw.label(&whole, sample)?;
            Some((sample, label as u16))
        });
        let known: Vec<(u32, u16)> = known.collect();
        let names = draw
            .classes
            .iter()
            .map(|&class| whole.classes()[class].clone());
        let pixels = known
            .iter()
            .flat_map(|(sample, _)| whole.pixels(*sample as usize));
        Ok(Dataset::new(
            whole.name().to_owned(),
            names.collect(),
            whole.shape(),
            pixels.copied().collect(),
            known.iter().map(|(_, label)| *label).collect(),
            vec![split; known.len()],
        )?)
    };
    let learned = of(&draw.learned, Split::Train)?;
    let tested = of(&draw.tested, Split::Test)?;
    let input = ImageShape {
        channels,
        height,
        width,
    };
    let fit = preset.spec.preprocessing.fit;
    let spec = preset.spec.made_for(input, fit, draw.classes.len());
    let recipe = Recipe {
        validation_share: 0.0,
        rolling_validation: RollingValidation {
            every: 0,
            images: 0,
        },
        epochs: preset.recipe.epochs.max(SEEN / learned.len().max(1)),
        seed: options.seed,
        ..preset.recipe
    };
    let epochs = recipe.epochs;
    let mut trainer = Trainer::new(spec, recipe, learned, &Device::flex())?;
    while trainer.history().len() < epochs {
        pollster::block_on(trainer.advance(50))?;
    }
    let file = pollster::block_on(trainer.onnx())?;
    let session = Session::load_batched(&file, BATCH)?;
    let mut right = 0;
    for samples in tested.indices(Split::Test).chunks(BATCH) {
        let pixels = samples
            .iter()
            .flat_map(|&sample| tested.pixels(sample as usize));
        let pixels: Vec<u8> = pixels.copied().collect();
        let answers = session.probabilities(&pixels, samples.len())?;
        let rows = answers.chunks_exact(draw.classes.len()).zip(samples);
        right += rows
            .filter(|(row, sample)| likeliest(row) == tested.label(**sample as usize))
            .count();
    }
    Ok(right as f64 / tested.len().max(1) as f64)
}

/// Labels against accuracy, on what the first draw has learned from.
fn curve(
    features: &Features,
    pictures: &Pictures,
    draws: &[Draw],
    seed: u64,
) -> Result<(), Failure> {
    let Some(draw) = draws.first() else {
        return Ok(());
    };
    let examples = features.examples(pictures, &draw.learned, 0, &draw.classes);
    let mut curve = LearningCurve::new(examples, seed)?;
    while !curve.is_done() {
        curve.advance(8);
    }
    let report = curve.report();
    say!("\nlabels  at random  least certain first");
    for point in &report.points {
        say!(
            "{:>6}  {:>7.1} %  {:>7.1} %",
            point.labels,
            100.0 * point.random,
            100.0 * point.uncertain
        );
    }
    let more = |more: Option<usize>| more.map_or("nobody knows".into(), |n| format!("about {n}"));
    say!(
        "for one point more: {} further labels at random, {} with the least certain first",
        more(report.more_for_one_point),
        more(report.more_for_one_point_uncertain)
    );
    Ok(())
}

#[derive(Default)]
struct Table(Vec<Row>);

impl Table {
    fn add(&mut self, name: &'static str, accuracy: f64, began: Instant) {
        self.add_timed(name, accuracy, began.elapsed());
    }

    fn add_timed(&mut self, name: &'static str, accuracy: f64, took: std::time::Duration) {
        let place = self.0.iter().position(|row| row.name == name);
        let place = place.unwrap_or_else(|| {
            self.0.push(Row {
                name,
                ..Row::default()
            });
            self.0.len() - 1
        });
        self.0[place].accuracies.push(accuracy);
        self.0[place].milliseconds.push(1000.0 * took.as_secs_f64());
    }

    fn print(&self, options: &FewArguments) {
        say!(
            "\n{} images per class and {} copies of each, {} draws",
            options.per_class,
            options.copies,
            options.draws
        );
        say!("{:<27} accuracy   ±      time", "");
        for row in &self.0 {
            let (mean, spread) = mean(&row.accuracies);
            say!(
                "{:<27} {:>6.1} %  {:>4.1}  {:>7.0} ms",
                row.name,
                100.0 * mean,
                100.0 * spread,
                self::mean(&row.milliseconds).0
            );
        }
    }
}

impl Refusals {
    fn print(&self) {
        let line = |name: &str, values: &[f64]| {
            let least = values.iter().copied().fold(f64::INFINITY, f64::min);
            say!("{name:<34} {:.3} (least {least:.3})", mean(values).0);
        };
        say!("\nimages of unknown classes");
        line("area under ROC, novelty", &self.novelty);
        line(
            "area under ROC, highest probability",
            &self.maximum_probability,
        );
        line("known ones kept", &self.kept);
        line("unknown ones refused", &self.refused);
    }
}

/// And the standard deviation.
fn mean(values: &[f64]) -> (f64, f64) {
    let count = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / count;
    let square = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>();
    (mean, (square / (count - 1.0).max(1.0)).sqrt())
}
