//! Weights beside the model's file, as `tests/fixtures/external.py` writes them with Python's `onnx`.

use hearth::infer::Session;
use hearth::onnx::{external_files, with_external};
use wasm_bindgen_test::wasm_bindgen_test;

const INSIDE: &[u8] = include_bytes!("../fixtures/external/inside.onnx");
const ONE: &[u8] = include_bytes!("../fixtures/external/one.onnx");
const EACH: &[u8] = include_bytes!("../fixtures/external/each.onnx");
const DATA: &[u8] = include_bytes!("../fixtures/external/one.onnx.data");

fn one(name: &str) -> Vec<(String, Vec<u8>)> {
    vec![(name.to_owned(), DATA.to_vec())]
}

fn each() -> Vec<(String, Vec<u8>)> {
    let files = [
        (
            "bias.value",
            &include_bytes!("../fixtures/external/bias.value")[..],
        ),
        (
            "conv.bias",
            include_bytes!("../fixtures/external/conv.bias"),
        ),
        (
            "conv.weight",
            include_bytes!("../fixtures/external/conv.weight"),
        ),
        (
            "dense.weight",
            include_bytes!("../fixtures/external/dense.weight"),
        ),
    ];
    files
        .map(|(name, bytes)| (name.to_owned(), bytes.to_vec()))
        .into()
}

fn scores(file: &[u8]) -> Vec<f32> {
    let image: Vec<f32> = (0..784).map(|i| (i as f32 * 0.37).sin()).collect();
    let session = Session::load(file).expect("it runs");
    session.run(&image).expect("scores")
}

/// `ONE` with other names, of the same length, for the file with its weights: for each place where it is named the next,
/// and then the last.
fn renamed(names: &[&[u8]]) -> Vec<u8> {
    let old = b"one.onnx.data";
    let mut names = names.iter();
    let mut name = names.next().expect("a name");
    let mut file = ONE.to_vec();
    for at in 0..=file.len() - old.len() {
        if &file[at..at + old.len()] == old {
            file[at..at + old.len()].copy_from_slice(name);
            name = names.next().unwrap_or(name);
        }
    }
    file
}

#[wasm_bindgen_test(unsupported = test)]
fn a_model_names_the_files_that_it_needs() {
    assert_eq!(external_files(INSIDE).expect("a model"), [""; 0]);
    assert_eq!(external_files(ONE).expect("a model"), ["one.onnx.data"]);
    let mut names = external_files(EACH).expect("a model");
    names.sort_unstable();
    assert_eq!(
        names,
        ["bias.value", "conv.bias", "conv.weight", "dense.weight"]
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn weights_from_one_file_or_from_many_are_put_inside() {
    let wanted = scores(INSIDE);
    for (file, files) in [(ONE, one("one.onnx.data")), (EACH, each())] {
        let whole = with_external(file, &files).expect("all is there");
        assert_eq!(external_files(&whole).expect("a model"), [""; 0]);
        assert_eq!(scores(&whole), wanted);
    }
    let same = with_external(INSIDE, &[]).expect("nothing is missing");
    assert_eq!(same, INSIDE);
}

#[wasm_bindgen_test(unsupported = test)]
fn folders_in_names_do_not_count() {
    let wanted = scores(INSIDE);
    for (inside, given) in [
        (&b"./wei/ghts.da"[..], "ghts.da"),
        (b"..\\weights.da", "weights.da"),
        (b"../../etc/pas", "pas"),
        (b"one.onnx.data", "somewhere/else/one.onnx.data"),
    ] {
        let file = renamed(&[inside]);
        let whole = with_external(&file, &one(given)).expect("all is there");
        assert_eq!(scores(&whole), wanted);
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn files_of_one_name_in_two_folders_are_not_confused() {
    let wanted = scores(INSIDE);
    let file = renamed(&[b"a/weights.bin", b"b/weights.bin"]);
    let noise: Vec<u8> = DATA.iter().map(|byte| byte ^ 0x55).collect();
    let two = |first: &str, second: &str| {
        let all = [(first, DATA), (second, DATA)];
        all.map(|(name, bytes)| (name.to_owned(), bytes.to_vec()))
    };
    for given in [
        two("a/weights.bin", "b/weights.bin"),
        two("net/a/weights.bin", "net/b/weights.bin"),
        two("b\\weights.bin", ".\\a\\weights.bin"),
    ] {
        let whole = with_external(&file, &given).expect("all is there");
        assert_eq!(scores(&whole), wanted);
    }
    let mut other = two("a/weights.bin", "b/weights.bin");
    other[0].1 = noise;
    let whole = with_external(&file, &other).expect("all is there");
    assert_ne!(
        whole,
        with_external(&file, &two("a/weights.bin", "b/weights.bin")).expect("so")
    );
    for given in [
        &one("weights.bin")[..],
        &two("c/weights.bin", "d/weights.bin"),
    ] {
        let error = with_external(&file, given).expect_err("which one?");
        assert_eq!(error.code(), "onnx-external");
        assert_eq!(error.values(), ["a/weights.bin, b/weights.bin"]);
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn what_is_missing_or_too_short_is_told() {
    let error = with_external(ONE, &one("other.data")).expect_err("missing");
    assert_eq!(error.code(), "onnx-external");
    assert_eq!(error.values(), ["one.onnx.data"]);
    let short = vec![("one.onnx.data".to_owned(), DATA[..100].to_vec())];
    let error = with_external(ONE, &short).expect_err("too short");
    assert_eq!(error.code(), "onnx-external-short");
    let [name, needed, found] = error.values() else {
        panic!("{:?}", error.values());
    };
    assert_eq!((name.as_str(), found.as_str()), ("one.onnx.data", "100"));
    assert!(needed.parse::<usize>().is_ok_and(|needed| needed > 100));
}

#[wasm_bindgen_test(unsupported = test)]
fn a_broken_file_never_panics() {
    for end in 0..ONE.len() {
        let _ = external_files(&ONE[..end]);
        let _ = with_external(&ONE[..end], &one("one.onnx.data"));
    }
    for place in 0..ONE.len() {
        for value in [0, 1, 0x7f, 0xff] {
            let mut damaged = ONE.to_vec();
            damaged[place] = value;
            let _ = with_external(&damaged, &one("one.onnx.data"));
        }
    }
}
