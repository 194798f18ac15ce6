//! The optimiser's step, with a state of our own kept by the parameter's name, so that it can be saved, restored and
//! given to another device.

use std::collections::BTreeMap;

use burn::module::{Module, ModuleMapper, Param};
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor, TensorData, Transaction};

use super::TrainError;
use crate::kernels::{self, AdamStep};
use crate::model::OptimizerSpec;
use crate::model::network::Network;
use crate::model::weights::{self, Weight};

/// What the arrays of a state are called: `{weight}.{part}`.
mod part {
    /// The mean of the gradients.
    pub const FIRST: &str = "moment1";
    /// The mean of their squares.
    pub const SECOND: &str = "moment2";
    pub const VELOCITY: &str = "velocity";
}

pub struct Optimizer {
    rule: Rule,
    /// By the name of the weight, as [`Weight::name`] has it.
    states: BTreeMap<String, State>,
}

enum Rule {
    Sgd {
        momentum: f64,
        weight_decay: f64,
    },
    /// Adam, and AdamW if the decay is above 0.
    Adam {
        beta1: f32,
        beta2: f32,
        epsilon: f32,
        weight_decay: f64,
    },
}

/// Of one parameter, flat.
#[derive(Clone)]
#[allow(
    clippy::large_enum_variant,
    reason = "a tensor's handle is that large, and there is one state for each parameter"
)]
enum State {
    Velocity(Tensor<1>),
    /// `moments` after so many `steps`.
    Moments {
        steps: usize,
        moments: [Tensor<1>; 2],
    },
}

impl Optimizer {
    pub fn new(spec: OptimizerSpec) -> Self {
        let rule = match spec {
            OptimizerSpec::Sgd {
                momentum,
                weight_decay,
            } => Rule::Sgd {
                momentum,
                weight_decay,
            },
            OptimizerSpec::Adam {
                beta1,
                beta2,
                epsilon,
            } => Rule::Adam {
                beta1: beta1 as f32,
                beta2: beta2 as f32,
                epsilon: epsilon as f32,
                weight_decay: 0.0,
            },
            OptimizerSpec::AdamW {
                beta1,
                beta2,
                epsilon,
                weight_decay,
            } => Rule::Adam {
                beta1: beta1 as f32,
                beta2: beta2 as f32,
                epsilon: epsilon as f32,
                weight_decay,
            },
        };
        Optimizer {
            rule,
            states: BTreeMap::new(),
        }
    }

    /// The network after one step down `gradients` at `learning_rate`.
    pub fn step(
        &mut self,
        learning_rate: f64,
        network: Network,
        gradients: GradientsParams,
    ) -> Network {
        network.map(&mut Step {
            optimizer: self,
            gradients,
            learning_rate,
            path: Vec::new(),
        })
    }

    /// What it remembers of earlier steps, copied to the host: for each weight its moments or its velocity, flat.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn state(&self) -> Result<Vec<Weight>, TrainError> {
        let mut names = Vec::new();
        let mut transaction = Transaction::default();
        for (name, state) in &self.states {
            let parts = match state {
                State::Velocity(velocity) => vec![(part::VELOCITY, velocity)],
                State::Moments {
                    moments: [first, second],
                    ..
                } => vec![(part::FIRST, first), (part::SECOND, second)],
            };
            for (part, tensor) in parts {
                names.push(format!("{name}.{part}"));
                transaction = transaction.register(tensor.clone());
            }
        }
        let data = transaction.execute_async().await;
        let data = data.map_err(|error| TrainError::Device(error.to_string()))?;
        names
            .into_iter()
            .zip(data)
            .map(|(name, data)| {
                let values = data
                    .try_into_vec::<f32>()
                    .map_err(|error| TrainError::Device(format!("{error:?}")))?;
                Ok(Weight {
                    name,
                    shape: vec![values.len()],
                    values,
                })
            })
            .collect()
    }

    /// Goes on from what [`Optimizer::state`] has saved after `steps` steps, on `device` (without autodiff). A weight
    /// whose arrays are missing begins anew.
    pub fn restore(&mut self, saved: &[Weight], steps: usize, device: &Device) {
        let tensor = |name: &str, part: &str| -> Option<Tensor<1>> {
            let name = format!("{name}.{part}");
            let array = saved.iter().find(|array| array.name == name)?;
            let data = TensorData::new(array.values.clone(), [array.values.len()]);
            Some(Tensor::from_data(data, device))
        };
        let names = saved.iter().filter_map(|array| array.name.rsplit_once('.'));
        for (name, _) in names {
            let state = match self.rule {
                Rule::Sgd { .. } => tensor(name, part::VELOCITY).map(State::Velocity),
                Rule::Adam { .. } => tensor(name, part::FIRST)
                    .zip(tensor(name, part::SECOND))
                    .map(|(first, second)| State::Moments {
                        steps,
                        moments: [first, second],
                    }),
            };
            if let Some(state) = state {
                self.states.insert(name.to_owned(), state);
            }
        }
    }

    /// Whether it goes on with `name` as if it had never stopped: plain SGD remembers nothing.
    pub fn knows(&self, name: &str) -> bool {
        matches!(self.rule, Rule::Sgd { momentum, .. } if momentum == 0.0)
            || self.states.contains_key(name)
    }

    /// One parameter after its step. L2 is for weights alone: a bias moves the whole map and normalisation its scale,
    /// so that shrinking them does not make the function smoother.
    fn update(
        &mut self,
        name: &str,
        learning_rate: f64,
        value: Tensor<1>,
        gradient: Tensor<1>,
    ) -> Tensor<1> {
        let state = self.states.remove(name);
        let decays = name.ends_with(".weight");
        let (value, state) = match &self.rule {
            Rule::Sgd {
                momentum,
                weight_decay,
            } => {
                let gradient = match decays && *weight_decay > 0.0 {
                    true => gradient + value.clone().mul_scalar(*weight_decay),
                    false => gradient,
                };
                let velocity = match state {
                    Some(State::Velocity(velocity)) => velocity.mul_scalar(*momentum) + gradient,
                    _ => gradient,
                };
                let value = value - velocity.clone().mul_scalar(learning_rate);
                // Without momentum there is nothing to remember.
                (
                    value,
                    (*momentum > 0.0).then_some(State::Velocity(velocity)),
                )
            }
            Rule::Adam {
                beta1,
                beta2,
                epsilon,
                weight_decay,
            } => {
                let (steps, moments) = match state {
                    Some(State::Moments { steps, moments }) => (steps + 1, moments),
                    _ => (1, [gradient.zeros_like(), gradient.zeros_like()]),
                };
                let power = i32::try_from(steps).unwrap_or(i32::MAX);
                let width = (1.0 - beta2.powi(power)).sqrt();
                let decay = if decays {
                    learning_rate * weight_decay
                } else {
                    0.0
                };
                let step = AdamStep {
                    decay: (1.0 - decay) as f32,
                    beta1: *beta1,
                    beta2: *beta2,
                    correction: width / (1.0 - beta1.powi(power)),
                    epsilon: epsilon * width,
                    rate: learning_rate,
                };
                let (value, moments) = kernels::adam(value, gradient, moments, step);
                (value, Some(State::Moments { steps, moments }))
            }
        };
        if let Some(state) = state {
            self.states.insert(name.to_owned(), state);
        }
        value
    }
}

struct Step<'a> {
    optimizer: &'a mut Optimizer,
    gradients: GradientsParams,
    learning_rate: f64,
    path: Vec<String>,
}

impl Step<'_> {
    /// The weight's name for the parameter at hand, whose path is such as `layers`, `3`, `Conv`, `weight`.
    fn name(&self) -> String {
        let layer = self.path.iter().find_map(|step| step.parse().ok());
        let part = match self.path.last().map(String::as_str) {
            Some("gamma") => "scale",
            Some("beta") => "bias",
            part => part.unwrap_or_default(),
        };
        weights::name(layer.unwrap_or_default(), part)
    }
}

impl ModuleMapper for Step<'_> {
    fn enter_module(&mut self, name: &str, _container: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let (id, tensor, mapper) = param.consume();
        // Running statistics have no gradient and are no parameters.
        let Some(gradient) = self.gradients.remove::<D>(id) else {
            return Param::from_mapped_value(id, tensor, mapper);
        };
        let shape = tensor.dims();
        let flat = |tensor: Tensor<D>| tensor.reshape([-1]);
        let name = self.name();
        let updated = self.optimizer.update(
            &name,
            self.learning_rate,
            flat(tensor.inner()),
            flat(gradient),
        );
        let updated = Tensor::from_inner(updated.reshape(shape)).require_grad();
        Param::from_mapped_value(id, updated, mapper)
    }
}
