//! What the page must know before WebAssembly has been fetched, as TypeScript: so that it says nothing twice.

use std::fmt::Write;

use hearth::data::Builtin;
use hearth::model::{
    BATCH_SIZES, EPOCHS, Fit, LEARNING_RATES, LayerSpec, Loss, MAX_LAYERS, MAX_MOMENTUM, MAX_SEED,
    MAX_VALIDATION_SHARE, MAX_WEIGHT_DECAY, OptimizerSpec, Schedule, presets,
};
use serde::Serialize;

use super::Failure;
use super::literal::Literal;

pub fn run() -> Result<(), Failure> {
    say!("{}", typescript()?.trim_end());
    Ok(())
}

fn typescript() -> Result<String, Failure> {
    let mut text =
        "// Written by `cargo run --features cli -- constants` from the Rust sources: change it there.\n".to_owned();
    for (comment, name, value) in all()? {
        let comment = comment.map(|comment| format!("/** {comment} */\n"));
        let comment = comment.unwrap_or_default();
        let (before, after) = (format!("export const {name} = "), value.after());
        let value = value.typescript(before.len() + after.len());
        write!(text, "\n{comment}{before}{value}{after}\n")?;
    }
    Ok(text)
}

type Constant = (Option<&'static str>, &'static str, Literal);

fn all() -> Result<Vec<Constant>, Failure> {
    let ids: Vec<_> = presets().iter().map(|preset| preset.id).collect();
    Ok(vec![
        (
            Some("The presets' ids, the one to begin with first."),
            "PRESETS",
            Literal::of(&ids)?,
        ),
        (
            Some("The datasets that come with Hearth: sizes in pixels, counts of images."),
            "DATASETS",
            Literal::map(Builtin::ALL.map(|known| (known.id(), Dataset::of(known))))?,
        ),
        (
            Some("The least and the most that a recipe's numbers may be."),
            "RECIPE_LIMITS",
            limits()?,
        ),
        (
            Some("The optimisers as they begin, each with the learning rate that suits it."),
            "OPTIMIZERS",
            optimizers()?,
        ),
        (
            Some("How the learning rate may go."),
            "SCHEDULES",
            Literal::of(&[Schedule::Constant, Schedule::Cosine])?,
        ),
        (
            None,
            "LOSSES",
            Literal::of(&[Loss::CrossEntropy, Loss::MeanSquaredError])?,
        ),
        (
            Some(
                "Every kind of layer, with the settings that it has and what a new one begins with.",
            ),
            "LAYERS",
            layers()?,
        ),
        (
            Some("The most layers that a network may have."),
            "MAX_LAYERS",
            Literal::of(&MAX_LAYERS)?,
        ),
    ])
}

#[derive(Serialize)]
struct Dataset {
    classes: usize,
    channels: usize,
    height: usize,
    width: usize,
    fit: Fit,
    train: usize,
    test: usize,
}

impl Dataset {
    fn of(known: Builtin) -> Self {
        let [channels, height, width] = known.shape();
        let (train, test) = known.counts();
        Dataset {
            classes: known.classes().len(),
            channels,
            height,
            width,
            fit: known.fit(),
            train,
            test,
        }
    }
}

#[derive(Serialize)]
struct Limits<T> {
    least: T,
    most: T,
}

fn limits() -> Result<Literal, Failure> {
    let whole = |least: usize, most: usize| Literal::of(&Limits { least, most });
    let float = |least: f64, most: f64| Literal::of(&Limits { least, most });
    let seed = Limits {
        least: 0,
        most: MAX_SEED,
    };
    let all = [
        (
            "learningRate",
            float(*LEARNING_RATES.start(), *LEARNING_RATES.end())?,
        ),
        (
            "batchSize",
            whole(*BATCH_SIZES.start(), *BATCH_SIZES.end())?,
        ),
        ("epochs", whole(*EPOCHS.start(), *EPOCHS.end())?),
        ("validationShare", float(0.0, MAX_VALIDATION_SHARE)?),
        ("seed", Literal::of(&seed)?),
        ("momentum", float(0.0, MAX_MOMENTUM)?),
        ("weightDecay", float(0.0, MAX_WEIGHT_DECAY)?),
    ];
    Ok(Literal::Map(
        all.map(|(key, value)| (key.into(), value)).into(),
    ))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Start {
    optimizer: OptimizerSpec,
    learning_rate: f64,
}

fn optimizers() -> Result<Literal, Failure> {
    let mut all = Vec::new();
    for optimizer in OptimizerSpec::ALL {
        let (kind, _) = Literal::of(&optimizer)?.without_kind()?;
        let start = Start {
            optimizer,
            learning_rate: optimizer.usual_rate(),
        };
        all.push((kind, Literal::of(&start)?));
    }
    Ok(Literal::Map(all))
}

fn layers() -> Result<Literal, Failure> {
    let all: Result<_, Failure> = LayerSpec::each()
        .iter()
        .map(|layer| Literal::of(layer)?.without_kind())
        .collect();
    Ok(Literal::Map(all?))
}
