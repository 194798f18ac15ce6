//! A head on another network's features: one file, of which the network's part is the network's own, byte for byte.

use hearth::infer::{Embedder, Layers, Session};
use hearth::model::head::{
    Head, HeadFacts, HeadKind, Measure, Novelty, NoveltyPart, RejectFacts, Step,
};
use hearth::model::random::Stream;
use hearth::model::weights::Weight;
use hearth::model::{LayerSpec, weights};
use hearth::onnx::{self, DatasetFacts, Metadata, OnnxErrorKind, TestFacts};
use wasm_bindgen_test::wasm_bindgen_test;

use super::fixture::{conv, digits, spec};
use super::raw::{fields, graph, messages, text};

const DIGITS: &[u8] = include_bytes!("../../www/public/models/digits.onnx");
const LITE0: &[u8] = include_bytes!("../../www/public/models/lite0.onnx");
/// What [`small_head_file`] gives, and what onnxruntime answers with it (`tests/fixtures/head.py`).
const HEAD: &[u8] = include_bytes!("../fixtures/head.onnx");
const ANSWERS: &str = include_str!("../fixtures/head.json");

/// A network with 8 features and three classes.
pub fn small_file() -> Vec<u8> {
    let spec = spec(vec![
        conv(4, 5, 4, 0),
        LayerSpec::Relu,
        LayerSpec::MaxPool { size: 3, stride: 3 },
        LayerSpec::Flatten,
        LayerSpec::Dense { units: 8 },
        LayerSpec::Relu,
        LayerSpec::Dense { units: 3 },
    ]);
    let values = weights::initial(&spec, 5).expect("fits");
    let metadata = Metadata {
        labels: vec!["a".into(), "b".into(), "c".into()],
        dataset: Some("letters".into()),
        dataset_id: Some("0123".into()),
        test: Some(TestFacts {
            dataset: "letters".into(),
            n: 10,
            accuracy: 0.5,
        }),
        ..Metadata::default()
    };
    onnx::write(&spec, &values, &metadata).expect("fits")
}

/// A head of every step, with a novelty of every measure.
pub fn head(features: usize, classes: usize) -> Head {
    let mut random = Stream::new(features as u64);
    let mut values =
        |count: usize| -> Vec<f32> { (0..count).map(|_| random.unit() - 0.4).collect() };
    let stretch = Step::Stretch {
        mean: values(features),
        axes: values(2 * features),
        gains: values(2),
    };
    let rows = |values: Vec<f32>| -> Vec<f32> {
        let each = values.chunks_exact(features);
        each.flat_map(|row| Step::Normalise.apply(row.to_vec()))
            .collect()
    };
    let part = |steps: Vec<Step>, measure: Measure| NoveltyPart {
        steps,
        measure,
        mean: 0.3,
        deviation: 0.7,
    };
    let unit = || vec![Step::SquareRoot, Step::Normalise];
    let neighbours = |nearest, values: Vec<f32>| Measure::Neighbours {
        rows: rows(values),
        nearest,
    };
    let narrow = Step::Dense {
        weight: values(features * 3),
        bias: values(3),
    };
    let parts = vec![
        part(unit(), neighbours(3, values(5 * features))),
        part(unit(), neighbours(1, values(4 * features))),
        part(unit(), neighbours(9, values(2 * features))),
        part(
            vec![Step::Normalise, narrow],
            Measure::Centres {
                centres: values(3 * 4),
            },
        ),
        part(
            vec![stretch.clone()],
            Measure::Centres {
                centres: values(features),
            },
        ),
        part(Vec::new(), Measure::Energy),
    ];
    let dense =
        |inputs: usize, outputs: usize, values: &mut dyn FnMut(usize) -> Vec<f32>| Step::Dense {
            weight: values(inputs * outputs),
            bias: values(outputs),
        };
    Head {
        facts: HeadFacts {
            kind: HeadKind::Mlp,
            backbone: String::new(),
            samples: 30,
            copies: 4,
            strength: 0.5,
            temperature: 1.7,
            accuracy: 0.9,
            seed: 3,
        },
        features,
        classes: (0..classes).map(|class| format!("class {class}")).collect(),
        steps: vec![
            Step::SquareRoot,
            stretch,
            dense(features, 6, &mut values),
            Step::Relu,
            Step::Normalise,
            dense(6, classes, &mut values),
        ],
        novelty: Some(Novelty {
            parts,
            facts: RejectFacts {
                threshold: 0.25,
                kept: 0.95,
            },
        }),
    }
}

pub fn signs() -> Option<DatasetFacts> {
    Some(DatasetFacts {
        name: "signs".into(),
        id: "abcd".into(),
    })
}

fn small_head_file() -> Vec<u8> {
    onnx::with_head(&small_file(), &head(8, 4), signs(), &[]).expect("fits")
}

/// Sixteen images of MNIST's.
fn pixels() -> Vec<u8> {
    let data = digits();
    (0..16).flat_map(|i| data.pixels(i).to_vec()).collect()
}

#[cfg(not(target_family = "wasm"))]
#[test]
#[ignore = "writes a fixture: see tests/fixtures/head.py"]
fn write_the_fixture() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/");
    std::fs::write(format!("{folder}head.onnx"), small_head_file()).expect("written");
}

#[wasm_bindgen_test(unsupported = test)]
fn tract_gives_onnxruntimes_answers() {
    assert!(
        small_head_file() == HEAD,
        "the fixture is another file than is written now"
    );
    let expected: Vec<serde_json::Value> = serde_json::from_str(ANSWERS).expect("JSON");
    for batch in [1, 5] {
        let session = Session::load_batched(HEAD, batch).expect("tract runs it");
        let answers = session.answers(&pixels(), 16).expect("answers");
        let embedder = Embedder::load(HEAD, batch).expect("tract runs it");
        let features = embedder.embed(&pixels(), 16).expect("features");
        assert_eq!((answers.novelty.len(), embedder.shape()), (16, &[8][..]));
        for (i, expected) in expected.iter().enumerate() {
            let list = |key: &str| -> Vec<f32> {
                serde_json::from_value(expected[key].clone()).expect("numbers")
            };
            near(&answers.probabilities[i * 4..][..4], &list("probabilities"));
            near(&answers.novelty[i..=i], &list("novelty"));
            near(&features[i * 8..][..8], &list("features"));
        }
    }
}

fn near(found: &[f32], expected: &[f32]) {
    assert_eq!(found.len(), expected.len());
    for (a, b) in found.iter().zip(expected) {
        assert!((a - b).abs() < 1e-4, "{found:?} instead of {expected:?}");
    }
}

/// Of a network of the page's own, and of one whose weights are kept in 8 bits.
#[wasm_bindgen_test(unsupported = test)]
fn a_file_answers_as_its_head_does() {
    for (file, features, count) in [(DIGITS, 112, 16), (LITE0, 1280, 1)] {
        let head = head(features, 3);
        let grafted = onnx::with_head(file, &head, signs(), &[]).expect("fits");
        let session = Session::load_batched(&grafted, count.min(4)).expect("tract runs it");
        assert_eq!(session.labels(), head.classes);
        let shape = session.facts().input;
        let images = match shape.channels {
            1 => pixels(),
            _ => (0..shape.len()).map(|i| (i * 7 % 251) as u8).collect(),
        };
        let answers = session.answers(&images, count).expect("answers");
        let features = Embedder::load(file, 1).expect("tract runs it");
        let features = features.embed(&images, count).expect("features");
        let novelty = head.novelty.as_ref().expect("it has one");
        for (i, features) in features.chunks_exact(head.features).enumerate() {
            let logits = head.logits(features);
            let powers: Vec<f32> = logits
                .iter()
                .map(|x| (x / head.facts.temperature).exp())
                .collect();
            let sum: f32 = powers.iter().sum();
            let expected: Vec<f32> = powers.iter().map(|power| power / sum).collect();
            near(&answers.probabilities[i * 3..][..3], &expected);
            near(&answers.novelty[i..=i], &[novelty.score(features, &logits)]);
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn the_backbone_stays_byte_for_byte_and_nothing_else_of_it_is_left() {
    for (file, features) in [(DIGITS, 112), (LITE0, 1280)] {
        let grafted = onnx::with_head(file, &head(features, 3), signs(), &[]).expect("fits");
        let (old, new) = (graph(file), graph(&grafted));
        let is_answer = |output: &str| {
            output.starts_with("novelty")
                || matches!(output, "logits" | "probabilities" | "classes.weight")
        };
        let outputs = |node: &[u8]| messages(node, 2).into_iter().map(text).collect::<Vec<_>>();
        let kept: Vec<&[u8]> = messages(&old, 1)
            .into_iter()
            .filter(|node| !outputs(node).iter().any(|name| is_answer(name)))
            .collect();
        let nodes = messages(&new, 1);
        assert_eq!(nodes[..kept.len()], kept[..], "operators");
        let name = |tensor: &[u8]| {
            messages(tensor, 8)
                .into_iter()
                .map(text)
                .next()
                .unwrap_or_default()
        };
        let classifier = |name: &str| {
            name.starts_with("classes.")
                || ["17.weight", "17.bias"].contains(&name)
                || name.starts_with("novelty.")
        };
        let kept: Vec<&[u8]> = messages(&old, 5)
            .into_iter()
            .filter(|tensor| !classifier(&name(tensor)))
            .collect();
        let tensors = messages(&new, 5);
        assert_eq!(tensors[..kept.len()], kept[..], "weights");
        let added = &tensors[kept.len()..];
        let own = |name: &str| name.starts_with("head.") || name.starts_with("novelty.");
        assert!(added.iter().all(|tensor| own(&name(tensor))));
        assert!(
            tensors
                .iter()
                .all(|tensor| !name(tensor).starts_with("classes."))
        );
        // The image's description, the version of the operators, the licence.
        assert_eq!(messages(&new, 11), messages(&old, 11));
        assert_eq!(messages(&grafted, 8), messages(file, 8));
        assert_eq!(
            onnx::read(&grafted).expect("sound").outputs,
            ["logits", "probabilities", "features", "novelty"]
        );
        let id = onnx::backbone_id(file).expect("features");
        assert_eq!(id.len(), 32);
        assert_eq!(onnx::backbone_id(&grafted).expect("features"), id);
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn metadata_is_the_heads_and_the_rest_stays() {
    let backbone = small_file();
    let before = onnx::read(&backbone).expect("sound");
    let facts = onnx::read(&small_head_file()).expect("sound");
    assert_eq!(facts.name, "signs");
    let metadata = &facts.metadata;
    assert_eq!(metadata.labels, head(8, 4).classes);
    assert_eq!(metadata.dataset.as_deref(), Some("signs"));
    assert_eq!(metadata.dataset_id.as_deref(), Some("abcd"));
    assert_eq!((&metadata.spec, &metadata.test), (&None, &None));
    assert_eq!(metadata.preprocessing, Some(before.preprocessing()));
    let expected = HeadFacts {
        backbone: before.name,
        ..head(8, 4).facts
    };
    assert_eq!(metadata.head, Some(expected));
    assert_eq!(metadata.reject.map(|facts| facts.threshold), Some(0.25));

    // Its licence is a backbone's, whatever answers.
    let keys = |file: &[u8]| -> Vec<String> {
        let entries = messages(file, 14).into_iter();
        entries.map(|entry| text(messages(entry, 1)[0])).collect()
    };
    let lite0 = onnx::with_head(LITE0, &head(1280, 3), None, &[]).expect("fits");
    let found = keys(&lite0);
    for key in ["license", "source", "hearth.preprocessing", "hearth.head"] {
        assert_eq!(
            found.iter().filter(|found| *found == key).count(),
            1,
            "{key}"
        );
    }
    assert!(!found.contains(&"hearth.dataset".to_owned()), "{found:?}");
    assert_eq!(
        onnx::read(&lite0).expect("sound").name,
        "EfficientNet-Lite0"
    );
}

/// Looked into, a file shows its network and its head, but not what judges them.
#[wasm_bindgen_test(unsupported = test)]
fn a_score_is_no_part_of_the_network() {
    let with = small_head_file();
    let mut plain = head(8, 4);
    plain.novelty = None;
    let without = onnx::with_head(&small_file(), &plain, None, &[]).expect("fits");
    let stages = |file: &[u8]| {
        let layers = Layers::load(file).expect("tract runs it");
        let answer = layers.stages()[layers.answer()].clone();
        assert_eq!(answer.operator.as_deref(), Some("Softmax"));
        layers.stages().to_vec()
    };
    assert_eq!(stages(&with), stages(&without));
    assert_eq!(onnx::operators(&with), onnx::operators(&without));
}

#[wasm_bindgen_test(unsupported = test)]
fn another_head_takes_the_place_of_the_first() {
    let first = small_head_file();
    let mut second = head(8, 2);
    second.novelty = None;
    let other = onnx::with_head(&first, &second, None, &[]).expect("fits");
    let direct = onnx::with_head(&small_file(), &second, None, &[]).expect("fits");
    assert_eq!(messages(&graph(&other), 1), messages(&graph(&direct), 1));
    assert_eq!(messages(&graph(&other), 5), messages(&graph(&direct), 5));
    let facts = onnx::read(&other).expect("sound");
    let head = facts.metadata.head.expect("a head");
    assert_eq!((facts.outputs.len(), facts.metadata.reject), (3, None));
    assert_eq!(
        head.backbone,
        onnx::read(&small_file()).expect("sound").name
    );
    assert_eq!(facts.metadata.dataset, None);
}

#[wasm_bindgen_test(unsupported = test)]
fn layers_that_have_learned_too_are_replaced_by_name() {
    let backbone = small_file();
    let network = onnx::network(&backbone).expect("sound");
    let mut weight = network
        .weights
        .iter()
        .find(|w| w.name == "4.weight")
        .expect("it has it")
        .clone();
    weight.values.iter_mut().for_each(|value| *value *= 2.0);
    let tuned = onnx::with_head(&backbone, &head(8, 4), None, &[weight.clone()]).expect("fits");
    let ids = [&backbone, &tuned].map(|file| onnx::backbone_id(file).expect("features"));
    assert_ne!(ids[0], ids[1]);
    let embed = |file: &[u8]| {
        let embedder = Embedder::load_at(file, 1, "after.4").expect("tract runs it");
        embedder.embed(&pixels()[..784], 1).expect("features")
    };
    // The biases are 0.
    let twice: Vec<f32> = embed(&backbone).iter().map(|x| 2.0 * x).collect();
    near(&embed(&tuned), &twice);

    // Kept in 8 bits: by the name of what is unpacked, or its own.
    let block = |name: &str| {
        let graph = graph(LITE0);
        let tensors = messages(&graph, 5);
        let tensor = tensors
            .into_iter()
            .find(|tensor| text(messages(tensor, 8)[0]) == format!("{name}.int8"));
        let dims = fields(tensor.expect("it is there"))
            .into_iter()
            .filter(|(number, _)| *number == 1);
        let shape: Vec<usize> = dims
            .flat_map(|(_, value)| super::raw::varints(value))
            .collect();
        let values = vec![0.01; shape.iter().product()];
        Weight {
            name: name.into(),
            shape,
            values,
        }
    };
    let plain = block("head.weight");
    let by_bytes = Weight {
        name: "head.weight.int8".into(),
        ..plain.clone()
    };
    let files = [plain, by_bytes]
        .map(|weight| onnx::with_head(LITE0, &head(1280, 3), None, &[weight]).expect("fits"));
    assert!(files[0] == files[1]);
    let graph = graph(&files[0]);
    let names: Vec<String> = messages(&graph, 5)
        .iter()
        .map(|tensor| text(messages(tensor, 8)[0]))
        .collect();
    assert!(names.contains(&"head.weight".to_owned()));
    assert!(!names.iter().any(|name| name.starts_with("head.weight.")));
    assert!(Session::load(&files[0]).is_ok());

    let mut unknown = weight.clone();
    unknown.name = "40.weight".into();
    let mut turned = weight.clone();
    turned.shape.reverse();
    let mut behind = weight;
    (behind.name, behind.shape, behind.values) = ("6.bias".into(), vec![3], vec![0.0; 3]);
    for weight in [unknown, turned, behind] {
        let name = weight.name.clone();
        let error = onnx::with_head(&backbone, &head(8, 4), None, &[weight]).expect_err(&name);
        assert!(error.to_string().contains(&name), "{error}");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn what_does_not_fit_is_refused() {
    let backbone = small_file();
    let refused = |change: fn(&mut Head)| {
        let mut head = head(8, 4);
        change(&mut head);
        let error = onnx::with_head(&backbone, &head, None, &[]).expect_err("does not fit");
        assert_eq!(error.kind(), OnnxErrorKind::Malformed);
        assert!(error.to_string().ends_with('.'));
    };
    refused(|head| head.features = 9);
    refused(|head| head.classes.truncate(3));
    refused(|head| head.classes.clear());
    refused(|head| head.facts.temperature = 0.0);
    refused(|head| head.facts.temperature = f32::NAN);
    refused(|head| {
        head.steps.pop();
    });
    refused(|head| {
        if let Some(Step::Dense { weight, .. }) = head.steps.last_mut() {
            weight[1] = f32::INFINITY;
        }
    });
    refused(|head| head.novelty.iter_mut().for_each(|n| n.parts.clear()));
    refused(|head| {
        head.novelty
            .iter_mut()
            .for_each(|n| n.parts[0].deviation = 0.0)
    });
    refused(|head| {
        head.novelty
            .iter_mut()
            .for_each(|n| n.facts.threshold = f32::NAN)
    });
    refused(|head| {
        if let Some(novelty) = &mut head.novelty {
            novelty.parts[0].measure = Measure::Neighbours {
                rows: vec![0.0; 7],
                nearest: 1,
            };
        }
    });

    let one_layer = spec(vec![LayerSpec::Flatten, LayerSpec::Dense { units: 3 }]);
    let values = weights::initial(&one_layer, 1).expect("fits");
    let renamed = onnx::write(&one_layer, &values, &Metadata::default()).expect("fits");
    let renamed = replaced(&renamed, b"features", b"featurez");
    let error = onnx::with_head(&renamed, &head(784, 4), None, &[]).expect_err("no features");
    assert_eq!(error.kind(), OnnxErrorKind::Unsupported);
    assert!(onnx::backbone_id(&renamed).is_err());
    assert!(Embedder::load(&renamed, 1).is_err());
}

/// All places where one stands, of the same length.
fn replaced(file: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    let mut file = file.to_vec();
    for at in 0..file.len() - old.len() {
        if file[at..].starts_with(old) {
            file[at..at + new.len()].copy_from_slice(new);
        }
    }
    file
}

/// Cut anywhere, or with a byte changed: a sentence or a file, never a panic.
#[wasm_bindgen_test(unsupported = test)]
fn hostile_files_are_refused() {
    let file = small_head_file();
    let head = head(8, 2);
    let novelty = head.novelty.clone().expect("it has one");
    let mut random = Stream::new(9);
    for end in (0..file.len()).step_by(61) {
        let _ = onnx::with_head(&file[..end], &head, None, &[]);
        let _ = onnx::with_novelty(&file[..end], &novelty);
        let _ = onnx::backbone_id(&file[..end]);
        let mut spoilt = file.clone();
        spoilt[end] ^= 1 << (random.unit() * 8.0) as u8;
        if let Ok(grafted) = onnx::with_head(&spoilt, &head, None, &[]) {
            onnx::read(&grafted).expect("what is written can be read");
        }
        let _ = onnx::with_novelty(&spoilt, &novelty);
        let _ = onnx::backbone_id(&spoilt);
    }
}

/// What is not declared here stays: a field of a later version of ONNX in an operator, in the graph and around it.
#[wasm_bindgen_test(unsupported = test)]
fn fields_that_nobody_knows_survive() {
    let mut file = small_file();
    // Number 900, of bytes: appended to a message it is one more field of it.
    let strange = [0xa2, 0x38, 0x03, b'n', b'e', b'w'];
    file.extend(strange);
    let mut around = vec![0x3a, strange.len() as u8];
    around.extend(strange);
    file.extend(around);
    let tested = TestFacts {
        dataset: "letters".into(),
        n: 7,
        accuracy: 1.0,
    };
    for file in [
        onnx::with_head(&file, &head(8, 4), None, &[]).expect("fits"),
        onnx::with_novelty(&file, &head(8, 3).novelty.expect("has one")).expect("fits"),
        onnx::with_test(&file, tested.clone()).expect("fits"),
    ] {
        assert!(fields(&file).iter().any(|(number, _)| *number == 900));
        assert!(
            fields(&graph(&file))
                .iter()
                .any(|(number, _)| *number == 900)
        );
    }
    let facts = onnx::read(&onnx::with_test(&file, tested.clone()).expect("fits"));
    assert_eq!(facts.expect("sound").metadata.test, Some(tested));
}
