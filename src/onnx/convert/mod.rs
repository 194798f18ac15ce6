//! A file as the engines take it. People's files come in many kinds (channels last, bytes, halves, fixed batches, shapes
//! that contradict each other, operators that an engine lacks or has in another form); whatever is brought into one form is
//! brought into it here, once, when a file is opened. What the engines see then: one input of 32-bit floats
//! `[batch, channels, height, width]`, no shapes but the input's, and operators that they have.
//!
//! Tensors keep their names, so that whatever is asked for by name is found; those that are new begin with `hearth.`.

mod floats;
mod functions;
mod input;
mod names;
mod operators;
mod prune;
mod shapes;
mod weights;

pub(super) use floats::floats_of;
use prost::Message;

use super::input::image_input;
use super::read::{decode, unmade};
use super::{Metadata, OnnxError};

/// The file with all that this room does; what `tensors` do not need is left out, and they are its outputs. With no
/// `tensors` its outputs are those that it has.
///
/// # Errors
/// If the file is broken, or needs what no conversion here can give.
pub fn converted(file: &[u8], tensors: &[&str]) -> Result<Vec<u8>, OnnxError> {
    let mut model = decode(file)?;
    let metadata = Metadata::of(&model.metadata_props);
    functions::inline(&mut model);
    if let Some(graph) = &mut model.graph {
        let image = image_input(graph, metadata.size)?;
        if let Some(missing) = tensors.iter().find(|&&name| !prune::makes(graph, name)) {
            return Err(unmade(missing));
        }
        if !tensors.is_empty() {
            prune::keep(graph, tensors);
        }
        shapes::forget(graph);
        floats::widen(graph);
        input::bring(graph, &image);
    }
    operators::replace(&mut model)?;
    // Behind the operators: some of those that are put in their places take weights in 8 bits.
    if let Some(graph) = &mut model.graph {
        weights::expand(graph)?;
        names::unique(graph);
    }
    Ok(model.encode_to_vec())
}
