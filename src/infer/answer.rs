//! Which of a file's outputs answers.

use super::InferError;
use crate::onnx::{Element, Ending, Facts, LOGITS, OutputFacts, PROBABILITIES};

/// The output that answers, and all that could.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Answer {
    pub output: OutputFacts,
    /// With more than one, nothing in the file tells which it is.
    pub all: Vec<String>,
}

/// What the file's settings say; otherwise the output that has one of Hearth's own names; otherwise, of those that are
/// numbers for classes, those that are as many as the labels, and of these those that end in a softmax or a sigmoid.
///
/// # Errors
/// If no output is a list of numbers.
pub(super) fn answer(facts: &Facts) -> Result<Answer, InferError> {
    let named = |name: &str| facts.ends.iter().find(|output| output.name == name);
    let own = facts.metadata.output.as_deref();
    let known = own.into_iter().chain([PROBABILITIES, LOGITS]);
    let mut left: Vec<&OutputFacts> = facts.ends.iter().filter(|o| could_answer(o)).collect();
    let settled = known.filter_map(named).find(|output| output.is_tensor);
    narrow(&mut left, |output| {
        facts.metadata.labels.len() > 1 && output.count() == Some(facts.metadata.labels.len())
    });
    narrow(&mut left, |output| output.ending != Ending::Other);
    let all = left.iter().map(|output| output.name.clone()).collect();
    let chosen = settled.or_else(|| left.first().copied());
    let output = chosen.cloned().ok_or_else(|| no_answer(facts))?;
    match settled.is_some() && own.is_none() {
        // Hearth's own names: there is nothing to ask.
        true => Ok(Answer {
            all: vec![output.name.clone()],
            output,
        }),
        false => Ok(Answer { output, all }),
    }
}

/// Leaves those that fit, if any does.
fn narrow(outputs: &mut Vec<&OutputFacts>, fits: impl Fn(&OutputFacts) -> bool) {
    if outputs.iter().any(|output| fits(output)) {
        outputs.retain(|output| fits(output));
    }
}

/// Floats, one list of at least two for each image, or one behind a sigmoid.
fn could_answer(output: &OutputFacts) -> bool {
    let is_float = matches!(
        output.element,
        Element::Float32 | Element::Float16 | Element::Float64
    );
    let is_list = output.shape.as_ref().is_none_or(|sides| {
        let own = if sides.len() > 1 { &sides[1..] } else { sides };
        own.iter().filter(|&&side| side != Some(1)).count() <= 1
    });
    let is_enough = match output.count() {
        Some(1) => output.ending == Ending::Sigmoid,
        _ => true,
    };
    output.is_tensor && is_float && is_list && is_enough
}

/// No output is a list of numbers for classes: what there is, said.
pub(super) fn no_answer(facts: &Facts) -> InferError {
    let text = |output: &OutputFacts| {
        let sides = output.shape.iter().flatten();
        let sides: Vec<String> = sides
            .map(|side| side.map_or_else(|| "?".to_owned(), |side| side.to_string()))
            .collect();
        let element = output.element.name();
        format!("{} ({element} [{}])", output.name, sides.join(", "))
    };
    let all: Vec<String> = facts.ends.iter().map(text).collect();
    InferError::NoAnswer(all.join(", "))
}
