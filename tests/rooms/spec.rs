use super::fixture::{conv, spec};
use hearth::model::{LayerSpec, ModelSpec, classic, digits, fashion, presets};
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

#[wasm_bindgen_test(unsupported = test)]
fn every_preset_is_consistent() {
    for preset in presets() {
        assert_eq!(preset.spec.check().map(|_| ()), Ok(()));
        assert_eq!(preset.recipe.check(), Ok(()));
        assert_eq!(preset.id, preset.spec.name);
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
    assert_eq!((layer, message.contains("0.5")), (0, true), "{message}");
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
