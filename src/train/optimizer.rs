//! The optimiser's step, with a state of our own kept by the parameter's path, so that it can be saved, restored and
//! given to another device.

use std::any::Any;
use std::collections::HashMap;

use burn::module::{Module, ModuleMapper, Param};
use burn::optim::{Adam, AdamConfig, AdamState, GradientsParams, Optimizer as _};
use burn::tensor::Tensor;

use crate::model::OptimizerSpec;
use crate::model::network::Network;

pub struct Optimizer {
    adam: Adam,
    /// `AdamState<D>` of each parameter, `D` being the parameter's rank.
    states: HashMap<String, Box<dyn Any + Send>>,
}

impl Optimizer {
    pub fn new(spec: OptimizerSpec) -> Self {
        let OptimizerSpec::Adam {
            beta1,
            beta2,
            epsilon,
        } = spec;
        Optimizer {
            adam: AdamConfig::new()
                .with_beta_1(beta1 as f32)
                .with_beta_2(beta2 as f32)
                .with_epsilon(epsilon as f32)
                .build(),
            states: HashMap::new(),
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
}

struct Step<'a> {
    optimizer: &'a mut Optimizer,
    gradients: GradientsParams,
    learning_rate: f64,
    path: Vec<String>,
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
        let path = self.path.join(".");
        let state = self
            .optimizer
            .states
            .remove(&path)
            .and_then(|state| state.downcast::<AdamState<D>>().ok());
        let (updated, state) = self.optimizer.adam.step::<D>(
            self.learning_rate,
            tensor.inner(),
            gradient,
            state.map(|state| *state),
        );
        if let Some(state) = state {
            self.optimizer.states.insert(path, Box::new(state));
        }
        Param::from_mapped_value(id, Tensor::from_inner(updated).require_grad(), mapper)
    }
}
