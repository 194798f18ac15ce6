//! Files of every kind that people have (tests/fixtures/kinds.py), against onnxruntime.

use hearth::infer::Session;
use hearth::onnx::{self, Settings};
use hearth::pixels::{Fit, KnownPreprocessing, Preprocessing};
use serde::Deserialize;
use wasm_bindgen_test::wasm_bindgen_test;

const FILES: &[u8] = include_bytes!("../fixtures/kinds.bin");
const TOLD: &str = include_str!("../fixtures/kinds.json");
/// Of floats, and of those that have 16 bits on the way.
const NEAR: f32 = 1e-4;
const NEAR_IN_HALVES: f32 = 1e-3;

#[derive(Deserialize)]
struct Told {
    images: Vec<Vec<u8>>,
    kinds: Vec<Kind>,
}

#[derive(Deserialize)]
struct Kind {
    kind: String,
    start: usize,
    bytes: usize,
    #[serde(default)]
    preprocessing: serde_json::Value,
    /// Probabilities of each image; missing of files that are refused.
    expected: Option<Vec<Vec<f32>>>,
    /// The code of the refusal, or `true`.
    #[serde(default)]
    refused: serde_json::Value,
}

impl Kind {
    fn file(&self) -> &'static [u8] {
        &FILES[self.start..self.start + self.bytes]
    }

    fn preprocessing(&self) -> Preprocessing {
        let known = serde_json::from_value::<KnownPreprocessing>(self.preprocessing.clone());
        match known {
            Ok(known) => known.preprocessing([1, 28, 28]),
            Err(_) => serde_json::from_value(self.preprocessing.clone()).expect("a preprocessing"),
        }
    }
}

fn told() -> Told {
    serde_json::from_str(TOLD).expect("the fixture")
}

#[wasm_bindgen_test(unsupported = test)]
fn files_of_every_kind_answer_as_in_onnxruntime() {
    let Told { images, kinds } = told();
    let pixels = images.concat();
    let mut right = 0;
    for kind in &kinds {
        let Some(expected) = &kind.expected else {
            continue;
        };
        let settings = Settings {
            preprocessing: Some(kind.preprocessing()),
            ..Settings::default()
        };
        let file = onnx::with_settings(kind.file(), &settings)
            .unwrap_or_else(|error| panic!("{}: {error}", kind.kind));
        let near = match kind.kind.contains("float16") {
            true => NEAR_IN_HALVES,
            false => NEAR,
        };
        for batch in [1, 3] {
            let session = Session::load_batched(&file, batch)
                .unwrap_or_else(|error| panic!("{}: {error}", kind.kind));
            let answered = session
                .probabilities(&pixels, images.len())
                .expect("answers");
            let expected: Vec<f32> = expected.concat();
            assert_eq!(answered.len(), expected.len(), "{}", kind.kind);
            let apart = answered.iter().zip(&expected).map(|(a, b)| (a - b).abs());
            let furthest = apart.fold(0.0, f32::max);
            assert!(furthest <= near, "{}: {furthest}", kind.kind);
        }
        right += 1;
    }
    assert!(right >= 45, "{right} kinds");
}

#[wasm_bindgen_test(unsupported = test)]
fn what_cannot_be_run_is_refused_in_a_sentence() {
    let Told { kinds, .. } = told();
    let mut refused = 0;
    for kind in kinds.iter().filter(|kind| kind.expected.is_none()) {
        let Err(error) = Session::load(kind.file()) else {
            panic!("{} was opened", kind.kind);
        };
        if let Some(code) = kind.refused.as_str() {
            assert_eq!(error.code(), code, "{}: {error}", kind.kind);
        }
        let sentence = error.to_string();
        // Or with the command that makes an ONNX of it.
        let whole = sentence.ends_with('.') || error.code().starts_with("format-");
        assert!(whole, "{}: {sentence}", kind.kind);
        // Sizes that have wrapped around, and the names of Rust's types, say nothing to a person.
        let long = sentence.split(|c: char| !c.is_ascii_digit());
        assert!(
            long.map(str::len).max() < Some(14) && !sentence.contains("::"),
            "{}: {sentence}",
            kind.kind
        );
        refused += 1;
    }
    assert!(refused >= 15, "{refused} kinds");
}

/// The digits of files that want bytes are all taken for one and the same where they get shares, and the other way round.
#[wasm_bindgen_test(unsupported = test)]
fn what_a_file_is_given_is_told_by_its_first_operators() {
    use hearth::infer::Trial;
    let Told { kinds, .. } = told();
    let likeliest = |name: &str| {
        let kind = kinds.iter().find(|kind| kind.kind == name).expect("a kind");
        let trial = Trial::load(kind.file()).expect("it runs");
        trial.proposals()[0].known
    };
    assert_eq!(likeliest("no metadata"), KnownPreprocessing::Digits);
    for name in [
        "bytes (uint8)",
        "int32",
        "bytes, channels last",
        "floats of 0 to 255",
        "divides by 255 itself",
    ] {
        assert_eq!(likeliest(name), KnownPreprocessing::Bytes, "{name}");
    }
    assert_eq!(
        KnownPreprocessing::Bytes.preprocessing([1, 28, 28]).fit,
        Fit::Digit
    );
}

/// A few bytes are an operator, or an array of weights: a message for each would take hundreds of times their size.
#[wasm_bindgen_test(unsupported = test)]
fn millions_of_empty_parts_are_refused_before_they_are_read() {
    for part in [b"\x0a\x00", b"\x2a\x00", b"\x6a\x00"] {
        let graph = part.repeat(1_000_000);
        let mut file = vec![0x08, 8, 0x3a];
        let mut length = graph.len();
        while length >= 0x80 {
            file.push(length as u8 | 0x80);
            length >>= 7;
        }
        file.push(length as u8);
        file.extend(graph);
        for error in [
            onnx::read(&file).expect_err("too many"),
            onnx::external_files(&file).expect_err("too many"),
        ] {
            assert_eq!(error.code(), "onnx-nodes");
        }
    }
}
