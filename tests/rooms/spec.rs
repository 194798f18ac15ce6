use super::fixture::{conv, spec};
use hearth::model::{
    Fit, ImageShape, LayerSpec, MAX_MOMENTUM, MAX_SEED, ModelSpec, OptimizerSpec, OutputShape,
    Recipe, classic, digits, fashion, photos, presets,
};
use wasm_bindgen_test::wasm_bindgen_test;

fn problem(layers: Vec<LayerSpec>) -> (usize, String) {
    let error = spec(layers).check().expect_err("this does not fit");
    (error.layer, error.misfit.to_string())
}

#[wasm_bindgen_test(unsupported = test)]
fn the_classic_network_is_the_one_in_the_textbook() {
    let report = classic().spec.describe();
    let shapes: Vec<_> = report
        .layers
        .iter()
        .map(|layer| layer.shape.clone())
        .collect();
    assert_eq!(report.parameters, 34_826);
    assert_eq!(
        shapes,
        [
            vec![32, 26, 26],
            vec![32, 26, 26],
            vec![32, 13, 13],
            vec![64, 11, 11],
            vec![64, 11, 11],
            vec![64, 5, 5],
            vec![1600],
            vec![10]
        ]
    );
    assert_eq!(report.problem, None);
}

#[wasm_bindgen_test(unsupported = test)]
fn the_shipped_networks_fit_into_a_megabyte_each() {
    for preset in [digits(), fashion()] {
        assert!(preset.spec.describe().parameters * 4 < 1_000_000);
    }
}

/// In 32 bits 0.99999999 is 1, by which Adam would divide to 0, and 1e-50 is 0.
#[wasm_bindgen_test(unsupported = test)]
fn a_recipes_numbers_are_checked_in_the_precision_that_they_are_used_in() {
    let adam = |beta1, beta2, epsilon| OptimizerSpec::Adam {
        beta1,
        beta2,
        epsilon,
    };
    let adam_w = |beta1, beta2, epsilon| OptimizerSpec::AdamW {
        beta1,
        beta2,
        epsilon,
        weight_decay: 0.01,
    };
    let sgd = |momentum| OptimizerSpec::Sgd {
        momentum,
        weight_decay: 0.0,
    };
    let checked = |optimizer| {
        let recipe = Recipe {
            optimizer,
            ..Recipe::default()
        };
        recipe.check().map_err(|error| error.to_string())
    };
    for (optimizer, field) in [
        (adam(0.999_999_99, 0.999, 1e-7), "beta1"),
        (adam(0.9, 0.999_999_99, 1e-7), "beta2"),
        (adam(0.9, 0.999, 1e-50), "epsilon"),
        (adam(0.9, 0.999, f64::NAN), "epsilon"),
        (adam_w(-0.1, 0.999, 1e-7), "beta1"),
        (adam_w(0.9, f64::NAN, 1e-7), "beta2"),
        (adam_w(0.9, 0.999, 0.0), "epsilon"),
        (sgd(0.999_999_99), "momentum"),
    ] {
        let sentence = checked(optimizer).expect_err("it cannot be calculated with");
        assert!(sentence.contains(field), "{sentence}");
    }
    assert!((MAX_MOMENTUM as f32) < 1.0);
    let extreme = [adam(0.0, MAX_MOMENTUM, 1e-30), sgd(MAX_MOMENTUM)];
    for optimizer in OptimizerSpec::ALL.into_iter().chain(extreme) {
        assert_eq!(checked(optimizer), Ok(()));
    }
    let (layer, message) = problem(vec![LayerSpec::Dropout { rate: 0.999_999_99 }]);
    assert_eq!((layer, message.contains("rate")), (0, true), "{message}");
}

#[wasm_bindgen_test(unsupported = test)]
fn a_seed_is_one_that_javascript_can_have() {
    let with = |seed| Recipe {
        seed,
        ..Recipe::default()
    };
    assert_eq!(with(MAX_SEED).check(), Ok(()));
    let sentence = with(MAX_SEED + 1)
        .check()
        .expect_err("too large")
        .to_string();
    assert!(sentence.contains("9007199254740991"), "{sentence}");
    // One from before there was a limit goes on as it began, and is shown as the largest.
    assert_eq!(with(u64::MAX).check_begun(), Ok(()));
    assert_eq!(with(u64::MAX).for_javascript().seed, MAX_SEED);
}

#[wasm_bindgen_test(unsupported = test)]
fn every_preset_is_consistent() {
    for preset in presets() {
        assert_eq!(preset.spec.check().map(|_| ()), Ok(()));
        assert_eq!(preset.recipe.check(), Ok(()));
        assert_eq!(preset.id, preset.spec.name);
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn the_preset_for_photos_takes_grey_and_colour_of_every_size_and_any_number_of_classes() {
    for side in [28, 32, 48, 64, 96, 128] {
        for (channels, classes) in [(1, 2), (3, 10), (3, 300)] {
            let input = ImageShape {
                channels,
                height: side,
                width: side,
            };
            let spec = photos().spec.made_for(input, Fit::Whole, classes);
            let shapes = spec.check().expect("it fits");
            assert_eq!(shapes.last(), Some(&OutputShape::Vector(classes)), "{side}");
            assert_eq!((spec.input, spec.preprocessing.fit), (input, Fit::Whole));
            assert!(spec.batch_sizes().expect("there is memory").most > 128);
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn what_does_not_fit_is_said_at_its_layer_with_what_would() {
    let dense = LayerSpec::Dense { units: 10 };
    let (layer, message) = problem(vec![conv(4, 3, 1, 0), dense.clone()]);
    assert_eq!(
        (layer, message.contains("Flatten before")),
        (1, true),
        "{message}"
    );

    let (layer, message) = problem(vec![conv(4, 29, 1, 0), LayerSpec::Flatten, dense.clone()]);
    assert_eq!(
        (layer, message.contains("at most 28")),
        (0, true),
        "{message}"
    );

    let (layer, message) = problem(vec![LayerSpec::Flatten, LayerSpec::Flatten, dense.clone()]);
    assert_eq!((layer, message.contains("already")), (1, true), "{message}");

    let (layer, message) = problem(vec![LayerSpec::Flatten, dense.clone(), LayerSpec::Relu]);
    assert_eq!(
        (layer, message.contains("last layer")),
        (2, true),
        "{message}"
    );

    let (layer, message) = problem(vec![
        LayerSpec::Dropout { rate: 1.0 },
        LayerSpec::Flatten,
        dense,
    ]);
    assert_eq!((layer, message.contains("try 0.3")), (0, true), "{message}");
}

#[wasm_bindgen_test(unsupported = test)]
fn hostile_sizes_are_refused_and_never_overflow() {
    let most = usize::MAX;
    let hostile = [
        LayerSpec::Dense { units: most },
        LayerSpec::Dense { units: 0 },
        conv(most, 3, 1, 0),
        conv(8, most, 1, 0),
        conv(8, 3, 0, 0),
        conv(8, 3, 1, most),
        LayerSpec::MaxPool { size: 0, stride: 1 },
        LayerSpec::MaxPool {
            size: 2,
            stride: most,
        },
        LayerSpec::Dropout { rate: f64::NAN },
    ];
    for layer in hostile {
        let (at, _) = problem(match layer {
            LayerSpec::Dense { .. } => vec![LayerSpec::Flatten, layer],
            _ => vec![layer, LayerSpec::Flatten, LayerSpec::Dense { units: 10 }],
        });
        assert!(at <= 1);
    }
    let mut many = vec![conv(1024, 3, 1, 1); 4];
    many.extend([LayerSpec::Flatten, LayerSpec::Dense { units: 10 }]);
    assert!(problem(many).1.contains("parameters"));
    assert_eq!(problem(vec![]).0, 0);
}

#[wasm_bindgen_test(unsupported = test)]
fn a_spec_survives_json() {
    let spec = digits().spec;
    let json = serde_json::to_string(&spec).expect("plain data");
    assert!(
        json.contains(r#"{"kind":"maxPool","size":2,"stride":2}"#),
        "{json}"
    );
    assert_eq!(
        serde_json::from_str::<ModelSpec>(&json).expect("the same"),
        spec
    );
}
