//! A network's values as plain numbers: what is saved, sent to another worker and written into a file.

use super::random::{Stream, mix};
use super::{LayerSpec, ModelSpec, OutputShape};

/// One named array. Names are `{layer}.{part}`, the layer counted from 0: `weight` and `bias` of convolution and
/// dense layers; `scale`, `bias`, `mean` and `variance` of batch normalisation.
#[derive(Clone, Debug, PartialEq)]
pub struct Weight {
    pub name: String,
    /// Convolution `[filters, channels, kernel, kernel]`, depthwise `[channels, 1, kernel, kernel]`, dense
    /// `[inputs, units]`, all others `[n]`.
    pub shape: Vec<usize>,
    pub values: Vec<f32>,
}

impl Weight {
    pub fn new(layer: usize, part: &str, shape: Vec<usize>, values: Vec<f32>) -> Self {
        Weight {
            name: name(layer, part),
            shape,
            values,
        }
    }

    /// Whether the optimiser moves it; batch normalisation's statistics are counted instead.
    pub fn is_learned(&self) -> bool {
        !self.name.ends_with(".mean") && !self.name.ends_with(".variance")
    }

    /// The layer it belongs to, from 0.
    pub fn layer(&self) -> Option<usize> {
        self.name.split_once('.')?.0.parse().ok()
    }
}

pub fn name(layer: usize, part: &str) -> String {
    format!("{layer}.{part}")
}

/// Names and shapes of everything a network of this spec holds, in the order of its layers.
///
/// # Errors
/// If the spec does not fit.
pub fn shapes(spec: &ModelSpec) -> Result<Vec<(String, Vec<usize>)>, super::SpecError> {
    let outputs = spec.check()?;
    let mut input = OutputShape::Map(spec.input);
    let mut all = Vec::new();
    for (i, (layer, output)) in spec.layers.iter().zip(outputs).enumerate() {
        match (layer, input) {
            (
                LayerSpec::Conv {
                    filters, kernel, ..
                },
                OutputShape::Map(map),
            ) => {
                all.push((
                    name(i, "weight"),
                    vec![*filters, map.channels, *kernel, *kernel],
                ));
                all.push((name(i, "bias"), vec![*filters]));
            }
            (LayerSpec::Depthwise { kernel, .. }, OutputShape::Map(map)) => {
                all.push((name(i, "weight"), vec![map.channels, 1, *kernel, *kernel]));
                all.push((name(i, "bias"), vec![map.channels]));
            }
            (LayerSpec::Dense { units }, _) => {
                all.push((name(i, "weight"), vec![input.len(), *units]));
                all.push((name(i, "bias"), vec![*units]));
            }
            (LayerSpec::BatchNorm, _) => {
                let features = input.dims()[0];
                for part in ["scale", "bias", "mean", "variance"] {
                    all.push((name(i, part), vec![features]));
                }
            }
            _ => {}
        }
        input = output;
    }
    Ok(all)
}

/// The weights training starts from: Glorot-uniform (Glorot & Bengio 2010) for convolution and dense layers, zero
/// biases, and a batch normalisation that changes nothing. Decided by the seed alone, on every machine and device.
///
/// # Errors
/// If the spec does not fit.
pub fn initial(spec: &ModelSpec, seed: u64) -> Result<Vec<Weight>, super::SpecError> {
    Ok(shapes(spec)?
        .into_iter()
        .enumerate()
        .map(|(index, (name, shape))| {
            let count = shape.iter().product();
            let values = match name.rsplit('.').next() {
                Some("weight") => {
                    let depthwise = is_depthwise(spec, &name);
                    glorot_uniform(&shape, depthwise, mix(&[seed, index as u64]))
                }
                Some("scale" | "variance") => vec![1.0; count],
                _ => vec![0.0; count],
            };
            Weight {
                name,
                shape,
                values,
            }
        })
        .collect())
}

/// Whether the weight belongs to a depthwise convolution: of one channel its shape alone would not say so.
fn is_depthwise(spec: &ModelSpec, name: &str) -> bool {
    let layer = name.split('.').next().and_then(|layer| layer.parse().ok());
    let layer: Option<&LayerSpec> = layer.and_then(|layer: usize| spec.layers.get(layer));
    matches!(layer, Some(LayerSpec::Depthwise { .. }))
}

/// Uniform between ±√(6 / (fan in + fan out)).
fn glorot_uniform(shape: &[usize], depthwise: bool, key: u64) -> Vec<f32> {
    let (fan_in, fan_out) = match shape {
        // Depthwise: each value comes from one channel and goes to one.
        [_, 1, height, width] if depthwise => (height * width, height * width),
        [filters, channels, height, width] => (channels * height * width, filters * height * width),
        [inputs, units] => (*inputs, *units),
        _ => (shape.iter().product(), 1),
    };
    let limit = (6.0 / (fan_in + fan_out) as f32).sqrt();
    let mut stream = Stream::new(key);
    (0..shape.iter().product())
        .map(|_| (2.0 * stream.unit() - 1.0) * limit)
        .collect()
}
