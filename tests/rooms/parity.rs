//! Both engines run the same file, so they check each other: Burn's logits against tract's.

use burn::module::Module;
use burn::tensor::Device;
use hearth::data::{Dataset, Split};
use hearth::infer::Session;
use hearth::model::{ModelSpec, classic, digits, presets};
use hearth::onnx::{self, Metadata};
use hearth::train::{Trainer, batch};
use wasm_bindgen_test::wasm_bindgen_test;

use super::fixture::{self, colour, each_layer, host, noise_for, short_recipe};

/// The largest difference between the engines' logits on test images, after a few steps (so that nothing is at its
/// first value, batch normalisation's running statistics least of all).
fn largest_difference(spec: &ModelSpec) -> f32 {
    let dataset = fixture::digits_as(spec.input.dims());
    let mut trainer = Trainer::new(
        spec.clone(),
        short_recipe(),
        dataset.clone(),
        &Device::flex(),
    )
    .expect("spec and data fit");
    pollster::block_on(trainer.advance(4)).expect("training goes on");
    let file = pollster::block_on(trainer.onnx()).expect("a file");
    let burn = burn_logits(spec, &trainer, &dataset);
    let session = Session::load_logits(&file).expect("tract runs it");
    let test = dataset.indices(Split::Test);
    let mut largest = 0.0f32;
    for (row, &index) in burn.chunks_exact(10).zip(&test) {
        let pixels = dataset.pixels(index as usize);
        let image = spec.preprocessing.image(pixels, spec.input.channels);
        let tract = session.run(&image).expect("an answer");
        assert_eq!(row.len(), tract.len());
        for (a, b) in row.iter().zip(&tract) {
            let apart = (a - b).abs();
            assert!(apart.is_finite(), "{a} and {b} are no numbers");
            largest = largest.max(apart);
        }
    }
    largest
}

fn burn_logits(spec: &ModelSpec, trainer: &Trainer, dataset: &Dataset) -> Vec<f32> {
    let device = Device::flex();
    let weights = pollster::block_on(trainer.weights()).expect("weights");
    let network = hearth::model::network::Network::new(spec, &weights, &device)
        .expect("its own weights fit")
        .valid();
    let test = dataset.indices(Split::Test);
    host(network.forward(batch(dataset, spec, &test, None, &device).images, None))
}

#[wasm_bindgen_test(unsupported = test)]
fn tract_gives_burns_logits_for_every_layer() {
    for (name, spec) in each_layer() {
        let difference = largest_difference(&spec);
        println!("{name}: {difference:.1e}");
        assert!(difference < 1e-4, "{name}: {difference}");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn tract_gives_burns_logits_for_every_preset() {
    for preset in presets() {
        let difference = largest_difference(&preset.spec);
        assert!(difference < 1e-4, "{}: {difference}", preset.id);
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn a_file_says_what_it_was_made_from() {
    let spec = digits().spec;
    let recipe = short_recipe();
    let trainer = Trainer::new(
        spec.clone(),
        recipe.clone(),
        fixture::digits(),
        &Device::flex(),
    )
    .expect("spec and data fit");
    let file = pollster::block_on(trainer.onnx()).expect("a file");
    let facts = onnx::read(&file).expect("our own file");
    assert_eq!(facts.outputs, ["logits", "probabilities", "features"]);
    assert_eq!(facts.metadata.spec, Some(spec.clone()));
    assert_eq!(facts.metadata.recipe, Some(recipe));
    assert_eq!(facts.metadata.labels.len(), 10);
    assert_eq!(facts.metadata.dataset.as_deref(), Some("mnist"));
    // Running statistics and dropout ratios are values, but no parameters.
    let statistics = 2 * (24 + 48 + 64 + 112) + 2;
    assert_eq!(facts.parameters, spec.describe().parameters + statistics);
}

#[wasm_bindgen_test(unsupported = test)]
fn a_files_test_facts_can_be_written_into_it() {
    let weights = hearth::model::weights::initial(&classic().spec, 1).expect("fits");
    let file = onnx::write(&classic().spec, &weights, &Metadata::default()).expect("fits");
    let facts = |accuracy| onnx::TestFacts {
        dataset: "mnist".into(),
        n: 10_000,
        accuracy,
    };
    let once = onnx::with_test(&file, facts(0.5)).expect("a file");
    let twice = onnx::with_test(&once, facts(0.99)).expect("a file");
    let read = onnx::read(&twice).expect("a file");
    assert_eq!(read.metadata.test, Some(facts(0.99)));
    assert_eq!(read.metadata.spec, Some(classic().spec));
    Session::load(&twice).expect("it still runs");
}

#[wasm_bindgen_test(unsupported = test)]
fn tract_gives_burns_logits_for_colour_images_that_are_not_square() {
    let spec = colour();
    let device = Device::flex();
    let weights = hearth::model::weights::initial(&spec, 6).expect("fits");
    let network = hearth::model::network::Network::new(&spec, &weights, &device)
        .expect("its own weights fit")
        .valid();
    let file = onnx::write(&spec, &weights, &Metadata::default()).expect("fits");
    let session = Session::load_logits(&file).expect("tract runs it");
    let images = noise_for(&spec, 3, 5, &device);
    let burn = host(network.forward(images.clone(), None));
    let tract: Vec<f32> = host(images)
        .chunks_exact(spec.input.len())
        .flat_map(|image| session.run(image).expect("an answer"))
        .collect();
    for (a, b) in burn.iter().zip(&tract) {
        assert!((a - b).abs() < 1e-4, "{a} {b}");
    }
}
