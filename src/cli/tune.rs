//! The last blocks of a network learn together with a head, from a person's own pictures.

use std::path::Path;

use hearth::data::Split;
use hearth::metrics::interval::wilson;
use hearth::onnx::{DatasetFacts, Tail, TestFacts, tail, tail_cuts, with_test};
use hearth::train::head::likeliest;
use hearth::train::tail::{TailLayers, TailMaps, TailProgress, TailTraining, TailTuned};
use serde::Serialize;

use super::features::{Features, Pictures};
use super::head::copies_for;
use super::{Failure, HeadArguments, TrainArguments, destination, print_json, read};

/// Where nothing is said.
const EPOCHS: usize = 8;
/// Images that are asked at once.
const BATCH: usize = 32;

#[derive(Serialize)]
struct Line<T: Serialize> {
    kind: &'static str,
    #[serde(flatten)]
    found: T,
}

#[derive(Serialize)]
struct Tested {
    n: usize,
    correct: usize,
    accuracy: f64,
}

pub fn run(
    options: &TrainArguments,
    path: &Path,
    blocks: usize,
    json: bool,
) -> Result<(), Failure> {
    if let Some(out) = &options.out {
        destination::prove(out)?;
    }
    let HeadArguments {
        copies,
        mirror,
        cache,
        ..
    } = &options.heads;
    let backbone = read(path)?;
    let cuts = tail_cuts(&backbone)?;
    let cut = cuts
        .get(blocks.wrapping_sub(1))
        .ok_or_else(|| match cuts.len() {
            0 => format!(
                "{}: no block of this network can learn here.",
                path.display()
            ),
            most => format!(
                "{}: 1 to {most} blocks of this network can learn.",
                path.display()
            ),
        })?;
    let seed = options.seed.unwrap_or(1);
    let mut pictures = Pictures::open(&options.data, json)?;
    let mut maps = Features::at(
        &backbone,
        &cut.tensor,
        &pictures,
        cache.clone(),
        seed,
        *mirror,
        json,
    )?;
    let classes: Vec<usize> = (0..pictures.dataset.classes().len()).collect();
    let mut learned = pictures.of(Split::Train);
    learned.extend(pictures.of(Split::Validation));
    learned.sort_unstable();
    let tested = pictures.of(Split::Test);
    let copies = copies.unwrap_or_else(|| copies_for(learned.len()));
    let rows = learned.iter();
    let rows = rows.flat_map(|&sample| (0..=copies as u32).map(move |copy| (sample, copy)));
    let all: Vec<(u32, u32)> = rows
        .chain(tested.iter().map(|&sample| (sample, 0)))
        .collect();
    maps.compute(&mut pictures, all)?;
    let rows = maps.examples(&pictures, &learned, copies, &classes);
    let data = TailMaps {
        maps: rows.features,
        samples: rows.samples,
        copies: rows.copies,
        labels: rows.labels,
        groups: rows.groups,
        classes: rows.classes,
    };
    let epochs = options.epochs.unwrap_or(EPOCHS);
    let mut training = TailTraining::new(backbone.clone(), &cut.tensor, data, epochs, seed)?;
    let progress = learn(&mut training, json)?;
    if !json {
        said(&progress, cut.parameters);
    }
    let tuned = training
        .result()
        .ok_or("The training has not come to its end.")?;
    let facts = test(
        &tail(&backbone, &cut.tensor)?,
        tuned,
        &maps,
        &pictures,
        &tested,
        json,
    )?;
    let Some(out) = &options.out else {
        return Ok(());
    };
    let file = training.onnx(Some(DatasetFacts {
        name: pictures.dataset.name().into(),
        id: pictures.dataset.content_id().into(),
    }))?;
    let file = match facts {
        Some(facts) => with_test(&file, facts)?,
        None => file,
    };
    destination::write(out, &file)?;
    if !json {
        say!("→ {}", out.display());
    }
    Ok(())
}

/// To the end; a line for each epoch.
fn learn(training: &mut TailTraining, json: bool) -> Result<TailProgress, Failure> {
    let mut last = training.progress();
    loop {
        let progress = pollster::block_on(training.advance(1))?;
        if progress.loss != last.loss {
            match json {
                true => print_json(&Line {
                    kind: "epoch",
                    found: progress,
                })?,
                false => say!(
                    "{}/{}  loss {:.4}",
                    progress.done,
                    progress.total,
                    progress.loss
                ),
            }
            last = progress;
        }
        if training.result().is_some() {
            return Ok(progress);
        }
    }
}

fn said(progress: &TailProgress, parameters: usize) {
    match (progress.accuracy, progress.baseline) {
        (Some(accuracy), Some(baseline)) => say!(
            "{parameters} parameters learned; held-out images: {:.1} % right, {:.1} % by a head alone",
            100.0 * accuracy,
            100.0 * baseline
        ),
        _ => say!("{parameters} parameters learned; too few images to hold some out"),
    }
}

/// On the test's pictures, if there are any.
fn test(
    tail: &Tail,
    tuned: &TailTuned,
    maps: &Features,
    pictures: &Pictures,
    tested: &[u32],
    json: bool,
) -> Result<Option<TestFacts>, Failure> {
    if tested.is_empty() {
        return Ok(None);
    }
    let layers = TailLayers::new(Tail {
        weights: tuned.weights.clone(),
        ..tail.clone()
    });
    let mut correct = 0;
    for part in tested.chunks(BATCH) {
        let inputs = part.iter().flat_map(|&sample| maps.of(sample, 0)).copied();
        let features = pollster::block_on(layers.features(inputs.collect()))?;
        for (row, &sample) in features.chunks_exact(tail.features).zip(part) {
            let label = pictures.dataset.label(sample as usize);
            correct += usize::from(likeliest(&tuned.head.logits(row)) == label);
        }
    }
    let accuracy = correct as f64 / tested.len() as f64;
    let n = tested.len();
    if json {
        let found = Tested {
            n,
            correct,
            accuracy,
        };
        print_json(&Line {
            kind: "test",
            found,
        })?;
    } else {
        let interval = wilson(correct as u32, n as u32);
        say!(
            "{n} test images, {correct} right: accuracy {:.2} % (95 % interval {:.2} to {:.2} %)",
            100.0 * accuracy,
            100.0 * interval.low,
            100.0 * interval.high
        );
    }
    Ok(Some(TestFacts {
        dataset: pictures.dataset.name().into(),
        n,
        accuracy,
    }))
}
