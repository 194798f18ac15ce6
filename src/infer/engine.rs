//! tract: a file as its messages and as a plan, and what it says if it cannot.

use tract_onnx::pb::ModelProto;
use tract_onnx::prelude::*;

use super::InferError;
use crate::onnx::{self, Facts};

/// tract's account, outermost cause first, in one line; an operator that it lacks by its name.
pub(super) fn engine(error: TractError) -> InferError {
    let causes: Vec<String> = error.chain().map(ToString::to_string).collect();
    let all = causes.join(": ");
    if let Some(rest) = all.split("Unimplemented(").nth(1) {
        let operator = rest.split(')').next().unwrap_or(rest);
        return InferError::Operator {
            operator: operator.to_owned(),
            node: String::new(),
        };
    }
    InferError::Engine(readable(&all))
}

/// The file as tract's messages, with all that [`onnx::converted`] does.
pub(super) fn proto(file: &[u8], tensors: &[&str]) -> Result<ModelProto, InferError> {
    let converted = onnx::converted(file, tensors)?;
    tract_onnx::onnx()
        .proto_model_for_read(&mut converted.as_slice())
        .map_err(engine)
}

/// An optimised network that gives these tensors for `batch` images. What none of them needs is not in it.
pub(super) fn plan_of<'a>(
    model: &ModelProto,
    facts: &Facts,
    outputs: impl Iterator<Item = &'a str>,
    batch: usize,
) -> Result<TypedModel, InferError> {
    let [channels, height, width] = facts.input.dims();
    let input = f32::fact([batch, channels, height, width]);
    tract_onnx::onnx()
        .model_for_proto_model(model)
        .and_then(|mut model| {
            model.select_outputs_by_name(outputs)?;
            model.with_input_fact(0, input.into())?.into_optimized()
        })
        .map_err(engine)
}

pub(super) fn values(output: &TValue) -> Result<Vec<f32>, InferError> {
    let values = output.to_plain_array_view::<f32>().map_err(engine)?;
    Ok(values.iter().copied().collect())
}

/// More says nothing to whoever reads it.
const LONGEST_ACCOUNT: usize = 300;

/// An account without numbers that wrapped around below zero, and no longer than anybody reads.
fn readable(account: &str) -> String {
    let mut text = String::with_capacity(account.len());
    let mut digits = String::new();
    for letter in account.chars().chain(['\n']) {
        if letter.is_ascii_digit() {
            digits.push(letter);
            continue;
        }
        let number = digits.parse::<u128>().unwrap_or(u128::MAX);
        text.push_str(match digits.is_empty() || number < WRAPPED {
            true => &digits,
            false => "a negative size",
        });
        digits.clear();
        text.push(letter);
    }
    let text = text.trim();
    match text.char_indices().nth(LONGEST_ACCOUNT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Beyond this a size is one that wrapped around.
const WRAPPED: u128 = 1 << 31;
