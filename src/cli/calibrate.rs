//! A network of Hearth's own learns to say *none of these*.

use hearth::data::{Dataset, Split};
use hearth::infer::Embedder;
use hearth::model::head::RejectFacts;
use hearth::model::spread::Known;
use hearth::onnx;
use serde::Serialize;

use super::{CalibrateArguments, Failure, data, destination, print_json, read};

/// Images that tract works on at once.
const BATCH: usize = 16;

#[derive(Serialize)]
struct Calibrated {
    /// Images that it was measured on.
    images: usize,
    #[serde(flatten)]
    facts: RejectFacts,
    /// Of the file, before and after.
    bytes: [usize; 2],
}

pub fn run(options: &CalibrateArguments, json: bool) -> Result<(), Failure> {
    let file = read(&options.model)?;
    destination::prove(&options.out)?;
    let facts = onnx::read(&file)?;
    let dataset = data::load_facts(&options.data, &facts, json)?;
    let known = dataset.classes().len();
    let labels = facts.metadata.labels.len();
    if labels != known {
        return Err(format!("The model knows {labels} classes, the dataset has {known}.").into());
    }
    let (features, labels) = features(&file, &dataset)?;
    let novelty = Known {
        features: &features,
        labels: &labels,
        dimension: features.len() / labels.len().max(1),
        classes: known,
    }
    .novelty(options.keep);
    let novelty = novelty.ok_or("There are too few training images to say what is known.")?;
    let calibrated = onnx::with_novelty(&file, &novelty)?;
    destination::write(&options.out, &calibrated)?;
    let told = Calibrated {
        images: labels.len(),
        facts: novelty.facts,
        bytes: [file.len(), calibrated.len()],
    };
    if json {
        return print_json(&told);
    }
    say!(
        "measured on {} images: {:.1} % of known ones are kept, novelty above {:.3} is none of the classes; {} bytes more",
        told.images,
        100.0 * told.facts.kept,
        told.facts.threshold,
        told.bytes[1] as i64 - told.bytes[0] as i64
    );
    Ok(())
}

/// Of the images that the network has learned from, with their labels.
fn features(file: &[u8], dataset: &Dataset) -> Result<(Vec<f32>, Vec<u16>), Failure> {
    let embedder = Embedder::load(file, BATCH)?;
    let indices = dataset.indices(Split::Train);
    let mut features = Vec::with_capacity(indices.len() * embedder.dimension());
    for indices in indices.chunks(BATCH) {
        let images = indices.iter().map(|&index| dataset.pixels(index as usize));
        let pixels: Vec<u8> = images.flatten().copied().collect();
        features.extend(embedder.embed(&pixels, indices.len())?);
    }
    let labels = indices
        .iter()
        .map(|&index| dataset.label(index as usize) as u16);
    Ok((features, labels.collect()))
}
