use std::io::{IsTerminal, Write};
use std::time::Instant;

use burn::tensor::Device;
use hearth::data::{Builtin, Split};
use hearth::metrics::Report;
use hearth::model::{
    EpochRecord, Loss, ModelSpec, OptimizerSpec, Recipe, Schedule, preset, presets,
};
use hearth::onnx::{TestFacts, network, with_test};
use hearth::train::{Trainer, TrainingEvent};

use super::{
    Failure, LossName, OptimizerName, ScheduleName, TrainArguments, data, destination, print_json,
    read, test, warn,
};

/// Steps between two looks at the clock.
const PULL: usize = 20;

pub fn run(options: &TrainArguments, json: bool) -> Result<(), Failure> {
    if let Some(out) = &options.out {
        destination::prove(out)?;
    }
    let mut trainer = begin(options, json)?;
    if !json {
        let report = trainer.spec().describe();
        say!(
            "{}: {} parameters, {} multiply-adds, {} steps of {} images, seed {}",
            trainer.spec().name,
            report.parameters,
            report.multiply_adds,
            trainer.total_steps(),
            trainer.recipe().batch_size,
            trainer.recipe().seed
        );
    }
    let began = Instant::now();
    train(&mut trainer, options.steps, json)?;
    let seconds = began.elapsed().as_secs_f64();
    let file = pollster::block_on(trainer.onnx())?;
    if trainer.dataset().count(Split::Test) == 0 {
        let written = write(options, &trainer, file, None);
        if !json {
            say!("trained in {seconds:.1} s; there is no image to test on");
        }
        return written;
    }
    let tested = test::test(&file, trainer.dataset());
    // A test that fails does not cost the network.
    let written = write(options, &trainer, file, tested.as_ref().ok());
    if let (Err(_), Some(out)) = (&tested, &options.out) {
        match &written {
            Ok(()) => warn(format_args!(
                "the network is in {}, untested.",
                out.display()
            )),
            Err(error) => warn(error),
        }
    }
    let (report, _) = tested?;
    if json {
        print_json(&report)?;
    } else {
        let out = options.out.as_ref().filter(|_| written.is_ok());
        let place = out.map(|out| format!(" → {}", out.display()));
        say!("trained in {seconds:.1} s{}", place.unwrap_or_default());
        test::print(&report, trainer.dataset());
    }
    written
}

/// To the recipe's end, or for so many steps and what an epoch that ends with them is validated by.
fn train(trainer: &mut Trainer, steps: Option<usize>, json: bool) -> Result<(), Failure> {
    let mut left = steps.unwrap_or(usize::MAX);
    let mut ends_epoch = false;
    let mut speed = Speed::default();
    while left > 0 || ends_epoch {
        for event in pollster::block_on(trainer.advance(left.clamp(1, PULL)))? {
            match event {
                TrainingEvent::Step {
                    step,
                    steps_per_epoch,
                    total_steps,
                    loss,
                    images,
                    seconds,
                    ..
                } => {
                    left -= 1;
                    ends_epoch = step % steps_per_epoch == 0;
                    speed.add(images, seconds);
                    if !json && step % 100 == 0 {
                        progress(step, total_steps, loss, &speed);
                    }
                }
                TrainingEvent::Epoch(record) => {
                    ends_epoch = false;
                    if json {
                        print_json(&TrainingEvent::Epoch(record))?;
                    } else {
                        say!("{}", line(&record, &speed));
                    }
                }
                event @ TrainingEvent::RollingValidation { .. } => {
                    if json {
                        print_json(&event)?;
                    }
                }
                TrainingEvent::Validation { .. } => {}
                TrainingEvent::Done => return Ok(()),
            }
        }
    }
    Ok(())
}

/// Writes `file`, with the state and what the test gave, if it is to be written at all.
fn write(
    options: &TrainArguments,
    trainer: &Trainer,
    file: Vec<u8>,
    tested: Option<&(Report, TestFacts)>,
) -> Result<(), Failure> {
    let Some(out) = &options.out else {
        return Ok(());
    };
    let file = match options.state {
        true => pollster::block_on(trainer.checkpoint())?,
        false => file,
    };
    let file = match tested {
        Some((_, facts)) => with_test(&file, facts.clone())?,
        None => file,
    };
    destination::write(out, &file)
}

/// A new run, one from a file's weights, or one that goes on.
fn begin(options: &TrainArguments, json: bool) -> Result<Trainer, Failure> {
    let device = Device::flex();
    if let Some(path) = &options.resume {
        let file = network(&read(path)?)?;
        let labels = &file.facts.metadata.labels;
        let dataset = data::load_for(&options.data, &file.spec, Some(labels), json)?;
        return Ok(Trainer::resume(file, options.epochs, dataset, &device)?);
    }
    let preset = preset(&options.preset).ok_or_else(|| {
        let known: Vec<_> = presets().iter().map(|preset| preset.id).collect();
        let known = known.join(", ");
        format!("There is no preset {}: try {known}.", options.preset)
    })?;
    let recipe = recipe(options, preset.recipe)?;
    if let Some(path) = &options.from {
        let file = network(&read(path)?)?;
        let dataset = data::load_for(&options.data, &file.spec, None, json)?;
        let spec = Builtin::fitted(file.spec, dataset.content_id());
        let trainer = Trainer::with_weights(spec, recipe, &file.weights, dataset, &device);
        return Ok(trainer?);
    }
    let (spec, dataset) = match &options.spec {
        Some(path) => {
            let spec: ModelSpec = serde_json::from_slice(&read(path)?)
                .map_err(|error| format!("{}: {error}", path.display()))?;
            let dataset = data::load_for(&options.data, &spec, None, json)?;
            (spec, dataset)
        }
        None => data::load_with(options, preset.spec, json)?,
    };
    Ok(Trainer::new(spec, recipe, dataset, &device)?)
}

fn recipe(options: &TrainArguments, preset: Recipe) -> Result<Recipe, Failure> {
    Ok(Recipe {
        optimizer: optimizer(options, preset.optimizer)?,
        loss: match options.loss {
            Some(LossName::CrossEntropy) => Loss::CrossEntropy,
            Some(LossName::MeanSquaredError) => Loss::MeanSquaredError,
            None => preset.loss,
        },
        schedule: match options.schedule {
            Some(ScheduleName::Constant) => Schedule::Constant,
            Some(ScheduleName::Cosine) => Schedule::Cosine,
            None => preset.schedule,
        },
        epochs: options.epochs.unwrap_or(preset.epochs),
        batch_size: options.batch.unwrap_or(preset.batch_size),
        learning_rate: options.lr.unwrap_or(preset.learning_rate),
        seed: options.seed.unwrap_or(preset.seed),
        validation_share: options.validation.unwrap_or(preset.validation_share),
        ..preset
    })
}

/// The optimiser that is asked for; a setting that it does not have is refused, not passed over.
fn optimizer(options: &TrainArguments, preset: OptimizerSpec) -> Result<OptimizerSpec, Failure> {
    let mut chosen = match options.optimizer {
        Some(OptimizerName::Sgd) => OptimizerSpec::SGD,
        Some(OptimizerName::Adam) => OptimizerSpec::ADAM,
        Some(OptimizerName::Adamw) => OptimizerSpec::ADAM_W,
        None => preset,
    };
    if let Some(given) = options.momentum {
        match &mut chosen {
            OptimizerSpec::Sgd { momentum, .. } => *momentum = given,
            _ => return Err("--momentum goes with --optimizer sgd.".into()),
        }
    }
    if let Some(given) = options.weight_decay {
        match &mut chosen {
            OptimizerSpec::Sgd { weight_decay, .. } | OptimizerSpec::AdamW { weight_decay, .. } => {
                *weight_decay = given
            }
            OptimizerSpec::Adam { .. } => {
                return Err("--weight-decay goes with --optimizer sgd or adamw.".into());
            }
        }
    }
    Ok(chosen)
}

/// Images of training steps, and the seconds these took.
#[derive(Default)]
struct Speed {
    images: usize,
    seconds: f64,
}

impl Speed {
    fn add(&mut self, images: usize, seconds: f64) {
        self.images += images;
        self.seconds += seconds;
    }

    fn images_per_second(&self) -> f64 {
        self.images as f64 / self.seconds
    }
}

/// A line that the next one overwrites; a log file gets none.
fn progress(step: usize, total: usize, loss: f64, speed: &Speed) {
    let mut out = std::io::stdout();
    if out.is_terminal() {
        let pace = speed.images_per_second();
        // A terminal that is gone is no reason to stop training.
        let _ = write!(
            out,
            "\rstep {step}/{total}  loss {loss:.4}  {pace:.0} images/s "
        );
        let _ = out.flush();
    }
}

fn line(record: &EpochRecord, speed: &Speed) -> String {
    let validation = match (record.val_loss, record.val_accuracy) {
        (Some(loss), Some(accuracy)) => {
            format!(
                "  validation loss {loss:.4} accuracy {:.2} %",
                100.0 * accuracy
            )
        }
        _ => String::new(),
    };
    format!(
        "\repoch {}  loss {:.4}  accuracy {:.2} %{validation}  {:.0} images/s",
        record.epoch,
        record.train_loss,
        100.0 * record.train_accuracy,
        speed.images_per_second()
    )
}
