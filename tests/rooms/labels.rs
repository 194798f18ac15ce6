//! Lists of classes as people have them beside a model.

use hearth::onnx::labels;
use wasm_bindgen_test::wasm_bindgen_test;

const THREE: [&str; 3] = ["cat", "dog", "great auk"];

fn read(text: &str) -> Vec<String> {
    labels(text.as_bytes()).unwrap_or_else(|error| panic!("{text:?}: {error}"))
}

#[wasm_bindgen_test(unsupported = test)]
fn a_name_a_line_with_any_line_ending() {
    for text in [
        "cat\ndog\ngreat auk",
        "cat\r\ndog\r\ngreat auk\r\n\r\n",
        "cat\rdog\rgreat auk\r",
        "\u{feff}cat\ndog\ngreat auk\n",
        "  cat \n\tdog\ngreat auk  \n \n",
        "\"cat\"\n\"dog\"\n\"great auk\"\n",
        "'cat',\n'dog',\n'great auk'\n",
    ] {
        assert_eq!(read(text), THREE, "{text:?}");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn numbers_before_names_say_where_they_stand() {
    for text in [
        "0 cat\n1 dog\n2 great auk",
        "0: cat\n1: dog\n2: great auk",
        "2 great auk\n0 cat\n1 dog",
        "1\tcat\n2\tdog\n3\tgreat auk",
    ] {
        assert_eq!(read(text), THREE, "{text:?}");
    }
    let digits = ["0 zero", "1 one", "2 two", "3 three"].join("\n");
    assert_eq!(read(&digits), ["zero", "one", "two", "three"]);
    // These belong to the names.
    assert_eq!(read("5 dollars\n20 dollars"), ["5 dollars", "20 dollars"]);
    assert_eq!(read("0\n1\n2"), ["0", "1", "2"]);
}

#[wasm_bindgen_test(unsupported = test)]
fn synsets_lose_their_ids() {
    let text = "n01440764 tench, Tinca tinca\nn01443537 goldfish, Carassius auratus\n";
    let names = ["tench, Tinca tinca", "goldfish, Carassius auratus"];
    assert_eq!(read(text), names);
}

#[wasm_bindgen_test(unsupported = test)]
fn tables_with_a_header_or_not_and_with_numbers_or_not() {
    for text in [
        "index,label\n0,cat\n1,dog\n2,great auk\n",
        "label,index\ncat,0\ngreat auk,2\ndog,1\n",
        ",name\n0,cat\n1,dog\n2,great auk\n",
        "0,cat\n1,dog\n2,great auk\n",
        "cat;0\ndog;1\ngreat auk;2\n",
        "id\tname\n1\tcat\n2\tdog\n3\tgreat auk\n",
        "label\ncat\ndog\ngreat auk\n",
        "label,notes\ncat,small\ndog,loud\ngreat auk,\"gone, alas\"\n",
        "\"index\",\"label\"\r\n\"0\",\"cat\"\r\n\"1\",\"dog\"\r\n\"2\",\"great auk\"\r\n",
    ] {
        assert_eq!(read(text), THREE, "{text:?}");
    }
    let quoted = "index,label\n0,\"tench, Tinca tinca\"\n1,\"the \"\"big\"\" one\"\n";
    assert_eq!(read(quoted), ["tench, Tinca tinca", "the \"big\" one"]);
    // Commas alone make no table.
    let plain = "tench, Tinca tinca\ngoldfish, Carassius auratus";
    assert_eq!(
        read(plain),
        ["tench, Tinca tinca", "goldfish, Carassius auratus"]
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn json_of_every_usual_kind() {
    for text in [
        r#"["cat", "dog", "great auk"]"#,
        r#"{"0": "cat", "1": "dog", "2": "great auk"}"#,
        r#"{"2": "great auk", "1": "dog", "0": "cat"}"#,
        r#"{"cat": 0, "great auk": 2, "dog": 1}"#,
        r#"{"model_type": "vit", "hidden_size": 768, "id2label": {"0": "cat", "1": "dog", "2": "great auk"},
            "label2id": {"cat": 0, "dog": 1, "great auk": 2}, "num_channels": 3}"#,
        r#"{"label2id": {"cat": "0", "dog": "1", "great auk": "2"}}"#,
        r#"{"0": ["n02123045", "cat"], "1": ["n02084071", "dog"], "2": ["n01503061", "great auk"]}"#,
        r#"{"info": {"year": 2017}, "images": [], "annotations": [], "categories": [{"supercategory": "animal", "id": 17, "name": "dog"},
            {"id": 1, "name": "cat"}, {"id": 90, "name": "great auk"}]}"#,
        r#"{"tfjsVersion": "1.3.1", "packageName": "@teachablemachine/image", "labels": ["cat", "dog", "great auk"], "imageSize": 224}"#,
        r#"[{"id": 1, "name": "dog"}, {"id": 0, "name": "cat"}, {"id": 2, "name": "great auk"}]"#,
        r#"{"model": {"config": {"class_names": ["cat", "dog", "great auk"]}}}"#,
        // Numbers that stand before the list, and are none of its.
        r#"{"axes": {"height": 0, "width": 1}, "head": {"width": 256}, "net": {"id2label": {"0": "cat", "1": "dog", "2": "great auk"}}}"#,
        "{0: 'cat',\n 1: \"dog\",\n 2: 'great auk',}",
        "['cat', 'dog', 'great auk']",
        "\u{feff}[\"cat\",\r\n\"dog\",\r\n\"great auk\"]\r\n",
    ] {
        assert_eq!(read(text), THREE, "{text}");
    }
    assert_eq!(
        read("{0: \"cock's comb\", 1: 'a \\'b\\''}"),
        ["cock's comb", "a 'b'"]
    );
    assert_eq!(read("[UNK]\ncat"), ["[UNK]", "cat"]);
}

#[wasm_bindgen_test(unsupported = test)]
fn wide_characters_with_a_mark() {
    let text = "猫\r\n狗\r\nцапля";
    let little = text.encode_utf16().flat_map(u16::to_le_bytes);
    let little: Vec<u8> = [0xff, 0xfe].into_iter().chain(little).collect();
    let big = text.encode_utf16().flat_map(u16::to_be_bytes);
    let big: Vec<u8> = [0xfe, 0xff].into_iter().chain(big).collect();
    for bytes in [little, big] {
        assert_eq!(labels(&bytes).expect("a list"), ["猫", "狗", "цапля"]);
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn what_is_no_list_is_refused_in_a_sentence() {
    let deep = "[".repeat(100_000);
    let long = "x".repeat(1000);
    let many = "a\n".repeat(100_001);
    let huge = "a\n".repeat(4_000_001);
    for text in [
        "",
        " \r\n",
        "{",
        "[1, 2, 3]",
        "{}",
        r#"{"a": {"b": true}}"#,
        r#"{"size": {"height": 0, "width": 1}}"#,
        r#"{"size": {"height": 224, "width": 224}, "crop_pct": 0.875}"#,
        r#"{"modelTopology": {"versions": {"producer": 0}}, "names": ["a", "b"]}"#,
        r#"{"0": "cat", "2": "dog"}"#,
        r#"{"cat": 0, "dog": 0}"#,
        r#"{"cat": 9223372036854775808, "dog": 1}"#,
        r#"{"18446744073709551615": "cat", "0": "dog"}"#,
        r#"["cat", ""]"#,
        "index,label\n0,cat\n2,dog\n",
        "index,label\n0,cat\nx,dog\n",
        "index,label\n9223372036854775807,cat\n1,dog\n",
        &deep,
        &long,
        &many,
        &huge,
        "a\u{0}b\u{1}c",
    ] {
        let error = labels(text.as_bytes()).expect_err("no list").to_string();
        assert!(error.ends_with('.'), "{error}");
    }
    for bytes in [
        &[0xff, 0xfe, 0x41][..],
        &[0xff, 0x00, 0x80],
        b"\x89PNG\r\n\x1a\n",
    ] {
        labels(bytes).expect_err("no text");
    }
}
