//! Files of other formats are told by name, with what makes an ONNX of them.

use hearth::onnx::{OnnxErrorKind, external_files, foreign, read};
use wasm_bindgen_test::wasm_bindgen_test;

/// A ZIP that holds empty files of these names.
fn zip(names: &[&str]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut directory = Vec::new();
    for name in names {
        let at = file.len() as u32;
        let length = name.len() as u16;
        file.extend(b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0");
        file.extend([0; 12]);
        file.extend(length.to_le_bytes());
        file.extend([0; 2]);
        file.extend(name.as_bytes());
        directory.extend(b"PK\x01\x02\x14\0\x14\0\0\0\0\0\0\0\0\0");
        directory.extend([0; 12]);
        directory.extend(length.to_le_bytes());
        directory.extend([0; 12]);
        directory.extend(at.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let start = file.len() as u32;
    let count = names.len() as u16;
    file.extend(&directory);
    file.extend(b"PK\x05\x06\0\0\0\0");
    file.extend(count.to_le_bytes());
    file.extend(count.to_le_bytes());
    file.extend((directory.len() as u32).to_le_bytes());
    file.extend(start.to_le_bytes());
    file.extend([0; 2]);
    file
}

fn files() -> Vec<(&'static str, Vec<u8>)> {
    let header = br#"{"conv.weight":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#;
    let mut safetensors = (header.len() as u64).to_le_bytes().to_vec();
    safetensors.extend(header);
    safetensors.extend([0; 4]);
    let keras = ["metadata.json", "config.json", "model.weights.h5"];
    let torch = ["net/data.pkl", "net/byteorder", "net/data/0", "net/version"];
    let package = ["Manifest.json", "Data/com.apple.CoreML/model.mlmodel"];
    let folder = ["a/saved_model.pb", "a/variables/variables.index"];
    // `08 01`, and one graph with what is said of it (tags) and its nodes.
    let saved = b"\x08\x01\x12\x0f\x0a\x07\x22\x05serve\x12\x04\x0a\x02\x0a\x00";
    let core_ml = b"\x08\x04\x12\x02\x0a\x00\xa2\x1f\x02\x0a\x00";
    vec![
        ("format-keras", zip(&keras)),
        ("format-pytorch", zip(&torch)),
        (
            "format-pytorch",
            b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.".to_vec(),
        ),
        ("format-coreml", zip(&package)),
        ("format-coreml", core_ml.to_vec()),
        ("format-saved-model", zip(&folder)),
        ("format-saved-model", saved.to_vec()),
        (
            "format-tfjs-layers",
            zip(&["model.json", "metadata.json", "weights.bin"]),
        ),
        ("format-tfjs", zip(&["model.json", "group1-shard1of1.bin"])),
        (
            "format-tfjs",
            br#"{"format": "graph-model", "modelTopology": {"node": [], "versions": {}}}"#.to_vec(),
        ),
        (
            "format-tfjs-layers",
            br#"{"format": "layers-model", "modelTopology": {"class_name": "Sequential"}}"#
                .to_vec(),
        ),
        ("format-hdf5", b"\x89HDF\r\n\x1a\n\0\0\0\0".to_vec()),
        ("format-tflite", b"\x1c\0\0\0TFL3\x14\0\x20\0".to_vec()),
        ("format-safetensors", safetensors),
        (
            "format-pickle",
            b"\x80\x04\x95\x1f\0\0\0\0\0\0\0\x8c\x11sklearn.neural.".to_vec(),
        ),
        (
            "format-pickle",
            b"\x80\x03csklearn.linear_model\nLogisticRegression\n.".to_vec(),
        ),
        (
            "format-openvino",
            br#"<?xml version="1.0"?><net name="net" version="11"><layers></layers></net>"#
                .to_vec(),
        ),
        (
            "format-ncnn",
            b"7767517\n3 3\nInput data 0 1 data\n".to_vec(),
        ),
    ]
}

#[wasm_bindgen_test(unsupported = test)]
fn formats_are_told_by_what_is_in_the_file() {
    for (code, file) in files() {
        let format = foreign(&file, Some("model.onnx")).unwrap_or_else(|| panic!("{code}"));
        assert_eq!(format.code, code);
        let error = read(&file).expect_err("no ONNX");
        assert_eq!((error.code(), error.kind()), (code, OnnxErrorKind::NotOnnx));
        // Whichever of the two is asked first.
        if let Err(first) = external_files(&file) {
            assert_eq!(first, error);
        }
        let sentence = error.to_string();
        assert!(sentence.starts_with("This is a"), "{sentence}");
        if let Some(command) = format.command {
            assert!(sentence.ends_with(command), "{sentence}");
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn a_name_tells_only_what_the_content_does_not() {
    let tflite = foreign(b"\x1c\0\0\0TFL3", Some("model.keras")).expect("a format");
    assert_eq!(tflite.code, "format-tflite");
    let pickle = foreign(b"\x78\x9c", Some("model.joblib")).expect("a format");
    assert_eq!(pickle.code, "format-pickle");
    assert_eq!(foreign(b"\x78\x9c", Some("model.onnx")), None);
    assert_eq!(foreign(b"\x78\x9c", None), None);
}

#[wasm_bindgen_test(unsupported = test)]
fn what_is_cut_short_or_no_model_never_panics() {
    for (_, file) in files() {
        for end in 0..file.len() {
            let _ = foreign(&file[..end], None);
        }
    }
    for file in [&b""[..], b"PK\x03\x04", b"hello", &[0xff; 64]] {
        assert_eq!(read(file).expect_err("no model").code(), "onnx-unreadable");
    }
    // What ends behind the version of the format, or anywhere within the graph.
    let whole = include_bytes!("../fixtures/external/inside.onnx");
    for end in [2, 20, 100, whole.len() / 2] {
        let error = read(&whole[..end]).expect_err("a part");
        assert_eq!(error.code(), "onnx-cut-short", "{end}");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn an_onnx_is_no_other_format() {
    for file in [
        &include_bytes!("../../www/public/models/digits.onnx")[..],
        include_bytes!("../fixtures/pytorch-residual.onnx"),
        include_bytes!("../fixtures/other-exporters.onnx"),
    ] {
        assert_eq!(foreign(file, None), None);
    }
}
