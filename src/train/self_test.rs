//! The self-test of a device: one training step of the very network that is to be trained, on the device and on the
//! CPU, from the same weights and images. Drivers differ and their errors are silent: a wrong gradient must not look like
//! a network that does not learn.

use burn::tensor::{Device, Transaction};
use serde::Serialize;
use web_time::Instant;

use super::trainer::Trainer;
use super::{TrainError, TrainingEvent};
use crate::data::Dataset;
use crate::model::weights::Weight;
use crate::model::{LayerSpec, ModelSpec, OptimizerSpec, Recipe, RollingValidation};

/// Most images in a self-test's step: on a GPU the recipe's own batch counts, since with few images all time goes into
/// asking; on an adapter that is software more would take long.
const MOST_IMAGES: usize = 256;
/// Multiply-adds, forward, that a self-test's step may take: a few seconds on a slow phone's CPU, which answers nothing
/// else meanwhile.
const MOST_MULTIPLY_ADDS: u64 = 2_000_000_000;
/// Seconds spent on measuring a device's speed, but for the step that ends them.
const SECONDS: f64 = 0.4;

/// Largest difference that rounding may cause, relative to what is compared. Measured between Flex and WebGPU on
/// SwiftShader over every kind of layer: loss and logits 1e-6, gradients 1e-5, the step of Adam 1e-3 (if a gradient
/// is nearly zero its sign is rounding's, and Adam steps by the sign). WGSL lets a driver be less exact, in `exp` and
/// `tanh` above all. A gradient that is wrong differs by about 1, of its own length: deep in a chain of sigmoids
/// gradients are a thousandth of the usual, and must be right all the same.
const ALLOWED_FORWARD: f32 = 1e-3;
const ALLOWED_GRADIENT: f32 = 1e-2;
const ALLOWED_UPDATE: f32 = 5e-2;
/// As shares of the root mean square of all gradients: what an array's are at least measured by. Smaller ones are
/// rounding's.
const LEAST_GRADIENT: f32 = 1e-4;
/// The same for a bias whose gradient is zero but for rounding. It was seen to differ by 0.0004 of the usual.
const LEAST_CANCELLED: f32 = 0.3;
/// As a share of the root mean square of an array's gradients: from what on a weight's step by the recipe's optimiser
/// counts.
const LEAST_STEP: f32 = 0.03;

/// How a device did.
#[derive(Serialize, Clone, Debug, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct SelfTest {
    /// Whether everything that was compared agrees with the CPU.
    pub agrees: bool,
    /// The furthest from what is allowed first.
    pub compared: Vec<Compared>,
    /// Training steps alone; 0 if nothing was measured because the device does not agree.
    pub gpu_images_per_second: f64,
    /// The same on the CPU.
    pub cpu_images_per_second: f64,
}

/// One array from both devices.
#[derive(Serialize, Clone, Debug, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Compared {
    pub what: Quantity,
    /// The name of the weights (see [`Weight`]); missing for what is the whole network's.
    #[cfg_attr(target_family = "wasm", tsify(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<String>,
    /// The layer they belong to, from 0.
    #[cfg_attr(target_family = "wasm", tsify(optional))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layer: Option<usize>,
    /// Length of the difference, relative to the length of what is compared (Euclidean); not finite if the device
    /// gave no number.
    pub error: f32,
    /// The largest that counts as rounding.
    pub allowed: f32,
}

#[derive(Serialize, Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub enum Quantity {
    Loss,
    Logits,
    /// How weights move in a plain step down the gradient.
    Gradient,
    /// How weights move in a step of the recipe's optimiser.
    Update,
}

impl Compared {
    pub fn agrees(&self) -> bool {
        // Not a number is not at most anything.
        self.error <= self.allowed
    }
}

/// What one step gave, on the host.
struct Step {
    loss: Vec<f32>,
    logits: Vec<f32>,
    /// Each array as it was, and its change.
    moved: Vec<(Weight, Vec<f32>)>,
}

/// Tries `device` (without autodiff) against the CPU with the first images of the run that is to come, `most` or fewer
/// at once; if it agrees, measures both.
///
/// # Errors
/// If recipe, spec and dataset do not go together, and if a device fails.
pub async fn self_test(
    spec: &ModelSpec,
    recipe: &Recipe,
    dataset: &Dataset,
    device: &Device,
    most: usize,
) -> Result<SelfTest, TrainError> {
    let recipe = &tried(recipe, spec, most);
    let compared = agreement(spec, recipe, dataset, device).await?;
    let agrees = compared.iter().all(Compared::agrees);
    let mut rate = [0.0; 2];
    if agrees {
        for (rate, device) in rate.iter_mut().zip([device, &Device::flex()]) {
            let (spec, recipe, dataset) = (spec.clone(), recipe.clone(), dataset.clone());
            *rate = images_per_second(Trainer::new(spec, recipe, dataset, device)?).await?;
        }
    }
    Ok(SelfTest {
        agrees,
        compared,
        gpu_images_per_second: rate[0],
        cpu_images_per_second: rate[1],
    })
}

/// What one step gives on `device` (without autodiff) against what it gives on the CPU, the furthest from what is
/// allowed first: loss, logits, gradients and the weights that the recipe's optimiser makes of them. Weights none of
/// whose gradients stands out from rounding have no step that could be compared.
///
/// # Errors
/// As [`self_test`].
pub async fn agreement(
    spec: &ModelSpec,
    recipe: &Recipe,
    dataset: &Dataset,
    device: &Device,
) -> Result<Vec<Compared>, TrainError> {
    // A step of length 1 straight down the gradient: the weights then differ as the gradients do.
    let plain = Recipe {
        learning_rate: 1.0,
        optimizer: OptimizerSpec::Sgd {
            momentum: 0.0,
            weight_decay: 0.0,
        },
        ..recipe.clone()
    };
    let both = async |recipe: &Recipe| -> Result<[Step; 2], TrainError> {
        let begin =
            |device: &Device| Trainer::new(spec.clone(), recipe.clone(), dataset.clone(), device);
        Ok([
            step(begin(device)?).await?,
            step(begin(&Device::flex())?).await?,
        ])
    };
    let mut compared = Vec::new();
    let [found, expected] = both(&plain).await?;
    for (what, found, expected) in [
        (Quantity::Loss, &found.loss, &expected.loss),
        (Quantity::Logits, &found.logits, &expected.logits),
    ] {
        compared.push(Compared {
            what,
            weight: None,
            layer: None,
            error: distance(found, expected) / length(expected),
            allowed: ALLOWED_FORWARD,
        });
    }
    let gradients: Vec<_> = expected
        .moved
        .iter()
        .map(|(_, change)| change.clone())
        .collect();
    let usual = usual(&expected);
    for ((weight, expected), (_, found)) in expected.moved.iter().zip(&found.moved) {
        let least = if is_cancelled(spec, weight) {
            LEAST_CANCELLED
        } else {
            LEAST_GRADIENT
        };
        let least = least * usual * (expected.len() as f32).sqrt();
        compared.push(Compared {
            what: Quantity::Gradient,
            weight: Some(weight.name.clone()),
            layer: weight.layer(),
            error: distance(found, expected) / scale(expected, weight).max(least),
            allowed: ALLOWED_GRADIENT,
        });
    }
    let [found, expected] = both(recipe).await?;
    for (((weight, expected), (_, found)), gradient) in
        expected.moved.iter().zip(&found.moved).zip(&gradients)
    {
        // Adam steps by the sign of a gradient at first, also if that is rounding's.
        let own = length(gradient) / (gradient.len().max(1) as f32).sqrt();
        let measure = if is_cancelled(spec, weight) {
            usual
        } else {
            own
        };
        let least = (LEAST_STEP * measure).max(LEAST_GRADIENT * usual);
        let counts = |value: &[f32]| -> Vec<f32> {
            let pairs = value.iter().zip(gradient);
            pairs
                .filter(|(_, g)| g.abs() >= least)
                .map(|(v, _)| *v)
                .collect()
        };
        let (found, expected) = (counts(found), counts(expected));
        if expected.is_empty() {
            continue;
        }
        compared.push(Compared {
            what: Quantity::Update,
            weight: Some(weight.name.clone()),
            layer: weight.layer(),
            error: distance(&found, &expected) / scale(&expected, weight),
            allowed: ALLOWED_UPDATE,
        });
    }
    let share = |compared: &Compared| compared.error / compared.allowed;
    compared.sort_by(|a, b| share(b).total_cmp(&share(a)));
    Ok(compared)
}

/// Whether `weight` is a bias that batch normalisation takes away again with the mean: its gradient is zero, but for
/// rounding. Pooling, convolving and weighing in between leave the same for all images what was the same.
fn is_cancelled(spec: &ModelSpec, weight: &Weight) -> bool {
    let Some(layer) = weight.layer().filter(|_| weight.name.ends_with(".bias")) else {
        return false;
    };
    let mut after = spec.layers.iter().skip(layer);
    if matches!(after.next(), Some(LayerSpec::BatchNorm)) {
        return false;
    }
    let passes = |layer: &&LayerSpec| {
        matches!(
            layer,
            LayerSpec::Conv { .. }
                | LayerSpec::Depthwise { .. }
                | LayerSpec::Dense { .. }
                | LayerSpec::MaxPool { .. }
                | LayerSpec::AvgPool { .. }
                | LayerSpec::GlobalAvgPool
                | LayerSpec::Flatten
        )
    };
    matches!(
        after.find(|layer| !passes(layer)),
        Some(LayerSpec::BatchNorm)
    )
}

/// The root mean square of the gradients of all weights and biases.
fn usual(step: &Step) -> f32 {
    let (mut squares, mut count) = (0.0f64, 0usize);
    for (weight, change) in &step.moved {
        if weight.is_learned() {
            squares += f64::from(length(change)).powi(2);
            count += change.len();
        }
    }
    (squares / count.max(1) as f64).sqrt() as f32
}

/// What a difference in the change of `weight` is measured by; if it hardly moves, its own rounding.
fn scale(change: &[f32], weight: &Weight) -> f32 {
    length(change) + 1e-4 * length(&weight.values) + f32::MIN_POSITIVE
}

fn tried(recipe: &Recipe, spec: &ModelSpec, most: usize) -> Recipe {
    let each = spec.describe().multiply_adds.max(1);
    let within = usize::try_from(MOST_MULTIPLY_ADDS / each).unwrap_or(usize::MAX);
    let images = recipe.batch_size.min(most).min(MOST_IMAGES).min(within);
    Recipe {
        // One alone has no variance that batch normalisation could divide by.
        batch_size: images.max(recipe.batch_size.min(2)),
        // Its time would count, and its images would not.
        rolling_validation: RollingValidation {
            every: 0,
            ..recipe.rolling_validation
        },
        ..recipe.clone()
    }
}

async fn step(mut trainer: Trainer) -> Result<Step, TrainError> {
    let before = trainer.weights().await?;
    let pending = trainer.one_step(0);
    let read = Transaction::default()
        .register(pending.loss)
        .register(pending.logits)
        .execute_async()
        .await
        .map_err(|error| TrainError::Device(error.to_string()))?;
    let mut values = Vec::with_capacity(2);
    for data in read {
        let data = data.try_into_vec::<f32>();
        values.push(data.map_err(|error| TrainError::Device(format!("{error:?}")))?);
    }
    let after = trainer.weights().await?;
    let change = |(before, after): (Weight, Weight)| {
        let pairs = after.values.iter().zip(&before.values);
        let change = pairs.map(|(after, before)| after - before).collect();
        (before, change)
    };
    Ok(Step {
        logits: values.pop().unwrap_or_default(),
        loss: values.pop().unwrap_or_default(),
        moved: before.into_iter().zip(after).map(change).collect(),
    })
}

fn distance(a: &[f32], b: &[f32]) -> f32 {
    if a.len() != b.len() {
        return f32::NAN;
    }
    let square = |(a, b): (&f32, &f32)| (a - b) * (a - b);
    a.iter().zip(b).map(square).sum::<f32>().sqrt()
}

fn length(values: &[f32]) -> f32 {
    values.iter().map(|value| value * value).sum::<f32>().sqrt()
}

/// How fast a run goes, once its first step has compiled what there is to compile.
async fn images_per_second(mut trainer: Trainer) -> Result<f64, TrainError> {
    trainer.advance(1).await?;
    let began = Instant::now();
    let (mut images, mut units) = (0, 1);
    while began.elapsed().as_secs_f64() < SECONDS {
        for event in trainer.advance(units).await? {
            match event {
                TrainingEvent::Step { images: more, .. } => images += more,
                // A dataset that small has been gone through.
                TrainingEvent::Done => return Ok(images as f64 / began.elapsed().as_secs_f64()),
                _ => {}
            }
        }
        units *= 2;
    }
    Ok(images as f64 / began.elapsed().as_secs_f64())
}
