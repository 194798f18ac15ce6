use std::io::{IsTerminal, Write};
use std::time::Instant;

use burn::tensor::Device;
use hearth::model::{EpochRecord, Recipe, preset};
use hearth::onnx::with_test;
use hearth::train::{Trainer, TrainingEvent};

use super::{Failure, TrainArguments, data, print_json, test};

/// Steps between two looks at the clock.
const PULL: usize = 20;

pub fn run(options: &TrainArguments, json: bool) -> Result<(), Failure> {
    let dataset = data::load(&options.data)?;
    let preset = preset(&options.preset).ok_or_else(|| {
        format!(
            "There is no preset {}: try classic or digits.",
            options.preset
        )
    })?;
    let recipe = recipe(options, preset.recipe);
    let mut trainer = Trainer::new(preset.spec, recipe, dataset, &Device::flex())?;
    if !json {
        let report = trainer.spec().describe();
        println!(
            "{}: {} parameters, {} steps of {} images, seed {}",
            trainer.spec().name,
            report.parameters,
            trainer.total_steps(),
            trainer.recipe().batch_size,
            trainer.recipe().seed
        );
    }

    let began = Instant::now();
    let mut speed = Speed::default();
    'run: loop {
        for event in pollster::block_on(trainer.advance(PULL))? {
            match event {
                TrainingEvent::Step {
                    step,
                    total_steps,
                    loss,
                    images,
                    seconds,
                    ..
                } => {
                    speed.add(images, seconds);
                    if !json && step % 100 == 0 {
                        progress(step, total_steps, loss, &speed);
                    }
                    if options.steps.is_some_and(|most| step >= most) {
                        break 'run;
                    }
                }
                TrainingEvent::Epoch(record) if json => print_json(&TrainingEvent::Epoch(record))?,
                TrainingEvent::Epoch(record) => println!("{}", line(&record, &speed)),
                TrainingEvent::Validation { .. } => {}
                TrainingEvent::Done => break 'run,
            }
        }
    }
    let file = pollster::block_on(trainer.onnx())?;
    let (report, facts) = test::test(&file, trainer.dataset())?;
    let file = with_test(&file, facts)?;
    if let Some(out) = &options.out {
        std::fs::write(out, &file).map_err(|error| format!("{}: {error}", out.display()))?;
    }
    if json {
        print_json(&report)?;
    } else {
        let place = options
            .out
            .as_ref()
            .map(|out| format!(" → {}", out.display()));
        println!(
            "trained in {:.1} s{}",
            began.elapsed().as_secs_f64(),
            place.unwrap_or_default()
        );
        test::print(&report, trainer.dataset());
    }
    Ok(())
}

fn recipe(options: &TrainArguments, preset: Recipe) -> Recipe {
    Recipe {
        epochs: options.epochs.unwrap_or(preset.epochs),
        batch_size: options.batch.unwrap_or(preset.batch_size),
        learning_rate: options.lr.unwrap_or(preset.learning_rate),
        seed: options.seed.unwrap_or(preset.seed),
        validation_share: options.validation.unwrap_or(preset.validation_share),
        ..preset
    }
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
