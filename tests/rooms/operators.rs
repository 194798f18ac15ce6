//! Operators that the engine lacks, or computes otherwise than the standard says.

#[cfg(not(target_family = "wasm"))]
use std::{env, fs, panic, path::Path};

use hearth::infer::{InferError, Session};
use serde::Deserialize;
use wasm_bindgen_test::wasm_bindgen_test;

/// Numbers that may differ from onnxruntime's by so much, or by that part of them.
const NEAR: f32 = 1e-4;

/// What tests/fixtures/operators.py wrote: one image, and networks with what onnxruntime answers to it.
#[derive(Deserialize)]
struct Contents {
    image: Vec<f32>,
    networks: Vec<Network>,
}

#[derive(Deserialize)]
struct Network {
    name: String,
    /// Its file's, behind the one before it.
    bytes: usize,
    /// Numbers in the answer, of which some are kept: from the first to the last, as far from each other.
    count: usize,
    answer: Vec<f32>,
    /// Of those that have no answer: the error's code, and what the sentence tells of the file.
    refused: Vec<String>,
}

fn contents() -> (Contents, &'static [u8]) {
    let all = include_bytes!("../fixtures/operators.bin");
    let line = all.iter().position(|&byte| byte == b'\n').expect("a line");
    let (head, files) = all.split_at(line + 1);
    (serde_json::from_slice(head).expect("sound JSON"), files)
}

/// What of a network's answer is others than onnxruntime's.
fn differing(network: &Network, file: &[u8], image: &[f32]) -> Option<String> {
    let answer = Session::load(file).and_then(|session| session.run(image));
    let answer = match answer {
        Ok(answer) if answer.len() == network.count => answer,
        Ok(answer) => return Some(format!("{} numbers, not {}", answer.len(), network.count)),
        Err(error) => return Some(error.to_string()),
    };
    let last = network.answer.len().saturating_sub(1).max(1);
    let mut pairs = network.answer.iter().enumerate().map(|(place, &expected)| {
        let own = answer[place * (network.count - 1) / last];
        (own, expected)
    });
    pairs
        .find(|(own, expected)| {
            (own - expected).abs().is_nan()
                || (own - expected).abs() > NEAR * expected.abs().max(1.0)
        })
        .map(|(own, expected)| format!("{own} for {expected}"))
}

#[wasm_bindgen_test(unsupported = test)]
fn operators_answer_as_in_onnxruntime_or_are_refused_by_name() {
    let (contents, mut files) = contents();
    let mut wrong = Vec::new();
    for network in &contents.networks {
        let (file, rest) = files.split_at(network.bytes);
        files = rest;
        let why = match network.refused.as_slice() {
            [] => differing(network, file, &contents.image),
            told => {
                let error = Session::load(file).err();
                let said = error.map(|error| told_by(&error)).unwrap_or_default();
                (said != told).then(|| format!("{said:?} for {told:?}"))
            }
        };
        wrong.extend(why.map(|why| format!("{}: {why}", network.name)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(files.is_empty());
}

/// Its code, and what its sentence tells of the file.
fn told_by(error: &InferError) -> Vec<String> {
    let code = [error.code().to_owned()];
    code.into_iter().chain(error.values()).collect()
}

/// Runs each network of the folder HEARTH_NETWORKS (NAME.onnx with its image, NAME.in, as 32-bit floats) and writes beside
/// it what it answers (NAME.out, likewise) or why it does not (NAME.error: the code, then the sentence). The programs of
/// bench/foreign compare that with onnxruntime.
#[cfg(not(target_family = "wasm"))]
#[test]
#[ignore = "measures a folder of networks"]
fn a_folder_of_networks() {
    let folder = env::var_os("HEARTH_NETWORKS").expect("HEARTH_NETWORKS");
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("a file").path();
        if path.extension().is_some_and(|kind| kind == "onnx") {
            run_beside(&path);
        }
    }
}

#[cfg(not(target_family = "wasm"))]
fn run_beside(path: &Path) {
    for old in ["out", "error"] {
        let _ = fs::remove_file(path.with_extension(old));
    }
    let file = fs::read(path).expect("a network");
    let raw = fs::read(path.with_extension("in")).expect("its image");
    let image: Vec<f32> = raw
        .as_chunks::<4>()
        .0
        .iter()
        .map(|&bytes| f32::from_le_bytes(bytes))
        .collect();
    let answer = panic::catch_unwind(|| Session::load_logits(&file)?.run(&image));
    let (kind, bytes) = match answer {
        Ok(Ok(values)) => {
            let bytes = values.iter().flat_map(|value| value.to_le_bytes());
            ("out", bytes.collect())
        }
        Ok(Err(error)) => ("error", said(&error).into_bytes()),
        Err(_) => ("error", b"panic\nThe engine panicked.".to_vec()),
    };
    fs::write(path.with_extension(kind), bytes).expect("it can be written");
}

#[cfg(not(target_family = "wasm"))]
fn said(error: &InferError) -> String {
    format!("{}\n{error}", error.code())
}
