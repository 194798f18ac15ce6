//! What a network may need in memory. The limits are counted in 64 bits, so that what would wrap in the 32 of WebAssembly
//! is refused natively as well; in the browser the same tests run in 32.

use burn::tensor::Device;
use hearth::model::{BATCH_SIZES, LayerSpec, Misfit, ModelSpec, Recipe, classic, presets};
use hearth::train::Trainer;
use wasm_bindgen_test::wasm_bindgen_test;

use super::fixture::{self, conv, short_recipe, spec};

fn ending(mut layers: Vec<LayerSpec>) -> ModelSpec {
    layers.extend([LayerSpec::Flatten, LayerSpec::Dense { units: 10 }]);
    spec(layers)
}

#[wasm_bindgen_test(unsupported = test)]
fn patches_that_would_wrap_in_32_bits_are_refused_at_their_layer() {
    // 28 pixels a side grow to 249; then 64 × 32 × 32 pixels in a patch, at 256 × 256 positions: 2^32 values, or 0.
    let mut layers = vec![conv(1, 4, 1, 3); 73];
    layers.extend(vec![conv(1, 2, 1, 1); 2]);
    layers.extend([conv(64, 1, 1, 0), conv(1, 32, 1, 19)]);
    layers.push(LayerSpec::MaxPool {
        size: 128,
        stride: 128,
    });
    let spec = ending(layers);
    let error = spec.check().expect_err("17 GB for one image");
    let Misfit::LayerMemory { megabytes, most } = error.misfit else {
        panic!("{error}");
    };
    assert_eq!((error.layer, megabytes, most), (76, 17_181, 256));
    let report = spec.describe();
    assert_eq!(report.layers.len(), 76, "the layers before are described");
    assert_eq!(report.problem.map(|problem| problem.layer), Some(76));
}

#[wasm_bindgen_test(unsupported = test)]
fn a_network_of_many_large_layers_is_refused_where_it_becomes_too_large() {
    let mut layers = vec![conv(1024, 1, 1, 0)];
    layers.extend(vec![LayerSpec::Gelu; 150]);
    let error = ending(layers).check().map(drop).expect_err("13 MB a layer");
    assert_eq!(error.misfit, Misfit::NetworkMemory { most: 1000 });
    assert!((50..100).contains(&error.layer), "{error}");
}

#[wasm_bindgen_test(unsupported = test)]
fn usual_networks_may_be_large() {
    let mut large = ending(vec![
        conv(64, 3, 1, 1),
        LayerSpec::Relu,
        conv(128, 3, 1, 1),
        LayerSpec::Relu,
        LayerSpec::GlobalAvgPool,
    ]);
    large.input.height = 128;
    large.input.width = 128;
    large.input.channels = 3;
    assert_eq!(large.check().map(|_| ()), Ok(()));
    for preset in presets() {
        let sizes = preset.spec.batch_sizes().expect("it fits");
        assert!(sizes.most >= 1024, "{} {sizes:?}", preset.id);
    }
    assert_eq!(
        classic().spec.batch_sizes().expect("it fits").most,
        *BATCH_SIZES.end()
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn a_batch_too_large_for_memory_is_refused_before_the_first_step() {
    let wide = ending(vec![
        conv(1024, 3, 1, 1),
        LayerSpec::Relu,
        conv(16, 3, 1, 1),
        LayerSpec::Relu,
    ]);
    let most = wide.describe().batch_sizes.most;
    // A gigabyte or three for the 64 or so images, which would be gigabytes for 256.
    assert!((32..256).contains(&most), "{most}");
    let start = |batch_size| {
        let recipe = Recipe {
            batch_size,
            ..short_recipe()
        };
        Trainer::new(wide.clone(), recipe, fixture::digits(), &Device::flex())
            .err()
            .map(|error| (error.code(), error.to_string()))
    };
    assert_eq!(start(most), None);
    let (code, sentence) = start(most + 1).expect("one too many");
    assert_eq!(code, "batch-too-large");
    assert!(sentence.contains(&format!("at most {most}")), "{sentence}");
}

#[wasm_bindgen_test(unsupported = test)]
fn batch_normalisation_of_single_values_needs_two_images() {
    let vector = spec(vec![
        LayerSpec::Flatten,
        LayerSpec::Dense { units: 12 },
        LayerSpec::BatchNorm,
        LayerSpec::Dense { units: 10 },
    ]);
    assert_eq!(vector.describe().batch_sizes.least, 2);
    // The pixels of one image have a variance.
    let map = ending(vec![conv(4, 3, 1, 0), LayerSpec::BatchNorm]);
    assert_eq!(map.describe().batch_sizes.least, 1);
    let recipe = Recipe {
        batch_size: 1,
        ..short_recipe()
    };
    let trainer = Trainer::new(vector, recipe, fixture::digits(), &Device::flex());
    assert_eq!(
        trainer.err().map(|error| error.code()),
        Some("batch-too-small")
    );
}
