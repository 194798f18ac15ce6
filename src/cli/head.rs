//! A head on another network's features, from a person's own pictures.

use std::time::Instant;

use hearth::data::Split;
use hearth::metrics::interval::wilson;
use hearth::model::head::{Head, HeadKind};
use hearth::onnx::{DatasetFacts, TestFacts, with_head, with_test};
use hearth::train::head::{Examples, HeadReport, HeadTraining, likeliest};
use serde::Serialize;

use super::features::{Features, Pictures};
use super::{Failure, HeadArguments, TrainArguments, destination, print_json, read};

/// Copies of each picture where nothing is said: as many as make so many rows altogether …
const ROWS: usize = 1500;
/// … and at most these.
const COPIES: usize = 4;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Found<'a> {
    kind: &'static str,
    #[serde(flatten)]
    report: &'a HeadReport,
    samples: usize,
    copies: usize,
    seconds: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    threshold: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kept: Option<f32>,
}

#[derive(Serialize)]
struct Tested {
    kind: &'static str,
    n: usize,
    correct: usize,
    accuracy: f64,
    /// The share that is not taken for none of the classes.
    kept: f64,
}

pub fn run(options: &TrainArguments, path: &std::path::Path, json: bool) -> Result<(), Failure> {
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
    let seed = options.seed.unwrap_or(1);
    let mut pictures = Pictures::open(&options.data, json)?;
    let mut features = Features::new(&backbone, &pictures, cache.clone(), seed, *mirror, json)?;
    let classes: Vec<usize> = (0..pictures.dataset.classes().len()).collect();
    let mut learned = pictures.of(Split::Train);
    learned.extend(pictures.of(Split::Validation));
    learned.sort_unstable();
    let tested = pictures.of(Split::Test);
    let copies = copies.unwrap_or_else(|| copies_for(learned.len()));
    let all = learned
        .iter()
        .flat_map(|&sample| (0..=copies as u32).map(move |c| (sample, c)));
    let all: Vec<(u32, u32)> = all
        .chain(tested.iter().map(|&sample| (sample, 0)))
        .collect();
    features.compute(&mut pictures, all)?;
    let examples = features.examples(&pictures, &learned, copies, &classes);
    let began = Instant::now();
    let training = trained(examples, seed)?;
    let seconds = began.elapsed().as_secs_f64();
    let report = training.report();
    let head = training.head(report.best)?;
    let facts = head.novelty.as_ref().map(|novelty| novelty.facts);
    if json {
        print_json(&Found {
            kind: "heads",
            report: &report,
            samples: head.facts.samples,
            copies: head.facts.copies,
            seconds,
            threshold: facts.map(|facts| facts.threshold),
            kept: facts.map(|facts| facts.kept),
        })?;
    } else {
        print(&report, &head, seconds);
    }
    let facts = test(&features, &pictures, &head, &tested, json)?;
    let Some(out) = &options.out else {
        return Ok(());
    };
    let dataset = DatasetFacts {
        name: pictures.dataset.name().into(),
        id: pictures.dataset.content_id().into(),
    };
    let file = with_head(&backbone, &head, Some(dataset), &[])?;
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

/// How many copies of each of so many pictures suit.
pub fn copies_for(samples: usize) -> usize {
    (ROWS / samples.max(1)).saturating_sub(1).min(COPIES)
}

/// All kinds, compared.
pub fn trained(examples: Examples, seed: u64) -> Result<HeadTraining, Failure> {
    let mut training = HeadTraining::new(examples, seed)?;
    while !training.is_done() {
        pollster::block_on(training.advance(1))?;
    }
    Ok(training)
}

pub fn name(kind: HeadKind) -> &'static str {
    match kind {
        HeadKind::Logistic => "logistic regression",
        HeadKind::Mlp => "hidden layer",
        HeadKind::Prototype => "nearest prototype",
        HeadKind::Nearest => "nearest neighbours",
        HeadKind::FineTuned => "fine-tuned",
    }
}

fn print(report: &HeadReport, head: &Head, seconds: f64) {
    let copies = match head.facts.copies {
        0 => String::new(),
        1 => " and a changed copy of each".into(),
        n => format!(" and {n} changed copies of each"),
    };
    say!(
        "{} images{copies}, compared by cross-validation in {seconds:.1} s",
        head.facts.samples
    );
    say!(
        "\n{:<20}  accuracy  95 % interval    L2    fitted in  calibration error",
        "head"
    );
    for found in &report.heads {
        let mark = if found.kind == report.best {
            " ←"
        } else {
            ""
        };
        let strength = match found.strength {
            0.0 => "–".into(),
            strength => format!("{strength}"),
        };
        let fitted = match found.milliseconds {
            0.0 => "–".into(),
            milliseconds => format!("{milliseconds:.0} ms"),
        };
        say!(
            "{:<20}  {:>6.1} %  {:>5.1} to {:>5.1} %  {strength:>4}  {fitted:>9}  {:.3} → {:.3}{mark}",
            name(found.kind),
            100.0 * found.accuracy,
            100.0 * found.low,
            100.0 * found.high,
            found.error_before,
            found.error_after
        );
    }
    if let Some(novelty) = &head.novelty {
        say!(
            "\nnone of these: above a novelty of {:.3}, which {:.1} % of known images stay below",
            novelty.facts.threshold,
            100.0 * novelty.facts.kept
        );
    }
}

/// On the test's pictures, if there are any.
fn test(
    features: &Features,
    pictures: &Pictures,
    head: &Head,
    tested: &[u32],
    json: bool,
) -> Result<Option<TestFacts>, Failure> {
    if tested.is_empty() {
        return Ok(None);
    }
    let (mut correct, mut kept) = (0, 0);
    for &sample in tested {
        let row = features.of(sample, 0);
        let logits = head.logits(row);
        correct += usize::from(likeliest(&logits) == pictures.dataset.label(sample as usize));
        let novel = head
            .novelty
            .as_ref()
            .is_some_and(|novelty| novelty.score(row, &logits) > novelty.facts.threshold);
        kept += usize::from(!novel);
    }
    let share = |count: usize| count as f64 / tested.len() as f64;
    if json {
        print_json(&Tested {
            kind: "test",
            n: tested.len(),
            correct,
            accuracy: share(correct),
            kept: share(kept),
        })?;
    } else {
        let interval = wilson(correct as u32, tested.len() as u32);
        say!(
            "{} test images, {correct} right: accuracy {:.2} % (95 % interval {:.2} to {:.2} %); {:.1} % are known",
            tested.len(),
            100.0 * share(correct),
            100.0 * interval.low,
            100.0 * interval.high,
            100.0 * share(kept)
        );
    }
    Ok(Some(TestFacts {
        dataset: pictures.dataset.name().into(),
        n: tested.len(),
        accuracy: share(correct),
    }))
}
