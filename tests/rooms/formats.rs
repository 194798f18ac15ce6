//! What the names and lists of a folder or an archive say of its pictures.

use hearth::data::formats::{Export, Listed, Listing, Refusal, Row, rows};
use hearth::data::{DataError, DataErrorKind, Split};
use hearth::pixels::Fit;

fn listing(files: &[(&str, &str)]) -> Result<Listing, DataError> {
    let paths = files.iter().map(|(path, _)| (*path).to_owned()).collect();
    Listing::of(paths, |path| {
        let file = files.iter().find(|(name, _)| *name == path);
        Ok(file.expect("it is listed").1.as_bytes().to_vec())
    })
}

fn of_paths(paths: &[&str]) -> Listing {
    let files: Vec<_> = paths.iter().map(|path| (*path, "")).collect();
    listing(&files).expect("no lists")
}

/// Path, class and split of each sample.
fn told(listing: &Listing) -> Vec<(&str, Option<&str>, Option<Split>)> {
    let class = |label: u16| listing.classes[usize::from(label)].as_str();
    let told = |sample: &'_ Listed| (sample.label.map(class), sample.split);
    let samples = listing.samples.iter();
    samples
        .map(|sample| {
            let (label, split) = told(sample);
            (sample.path.as_str(), label, split)
        })
        .collect()
}

#[test]
fn the_folder_is_the_class_whatever_lies_above() {
    let plain = of_paths(&["dog/2.png", "cat/1.JPG", "cat/deep/3.webp"]);
    assert_eq!(plain.classes, ["cat", "dog"]);
    assert_eq!(
        told(&plain),
        [
            ("cat/1.JPG", Some("cat"), None),
            ("cat/deep/3.webp", Some("cat"), None),
            ("dog/2.png", Some("dog"), None),
        ]
    );
    let wrapped = of_paths(&["pets/all/dog/2.png", "pets/all/cat/1.jpg"]);
    assert_eq!(wrapped.classes, ["cat", "dog"]);
    // A single class is no folder that counts for nothing.
    assert_eq!(of_paths(&["cat/1.png", "cat/2.png"]).classes, ["cat"]);
    let loose = of_paths(&["1.png", "cat/2.png"]);
    assert_eq!(told(&loose)[0], ("1.png", None, None));
}

#[test]
fn folders_of_splits_are_splits_if_everything_lies_in_them() {
    let split = of_paths(&[
        "d/Train/cat/1.png",
        "d/val/cat/2.png",
        "d/validation/dog/3.png",
        "d/test/dog/4.png",
    ]);
    assert_eq!(split.classes, ["cat", "dog"]);
    let splits: Vec<_> = split
        .samples
        .iter()
        .filter_map(|sample| sample.split)
        .collect();
    let expected = [
        Split::Train,
        Split::Test,
        Split::Validation,
        Split::Validation,
    ];
    assert_eq!(splits, expected);
    let only = of_paths(&["train/cat/1.png", "train/dog/2.png"]);
    assert_eq!(
        (only.classes.len(), only.samples[0].split),
        (2, Some(Split::Train))
    );
    // A class may be called so.
    let class = of_paths(&["test/1.png", "exam/2.png"]);
    assert_eq!(
        (class.classes.as_slice(), class.samples[0].split),
        (&["exam".into(), "test".into()][..], None)
    );
}

#[test]
fn an_export_without_its_lists_is_still_read() {
    let export = of_paths(&["images/cat/1.png", "images/dog/2.png", "unlabelled/3.png"]);
    assert_eq!(export.classes, ["cat", "dog"]);
    assert_eq!(told(&export)[2], ("unlabelled/3.png", None, None));
}

#[test]
fn what_is_no_sample_is_left_out_one_by_one() {
    let found = of_paths(&[
        "cat/1.png",
        "../evil.png",
        "/etc/passwd",
        "cat/..\\..\\x.png",
        "C:\\x.png",
        "cat/notes.txt",
        ".DS_Store",
        "__MACOSX/cat/._1.png",
        "cat/Thumbs.db",
    ]);
    assert_eq!(told(&found), [("cat/1.png", Some("cat"), None)]);
    let refused: Vec<_> = found
        .refused
        .iter()
        .map(|refused| (refused.file.as_str(), refused.why.code()))
        .collect();
    assert_eq!(
        refused,
        [
            ("../evil.png", "unsafe-name"),
            ("/etc/passwd", "unsafe-name"),
            ("cat/..\\..\\x.png", "unsafe-name"),
            ("C:\\x.png", "unsafe-name"),
            ("cat/notes.txt", "no-picture"),
        ]
    );
    assert_eq!(of_paths(&[]), Listing::default());
}

#[test]
fn a_table_says_label_and_split() {
    let row = |file: &str, label: Option<&str>, split| Row {
        file: file.into(),
        label: label.map(str::to_owned),
        split,
    };
    let expected = [
        row("a.png", Some("cat, black"), Some(Split::Test)),
        row("b.png", None, None),
    ];
    for table in [
        "\u{feff}file,label,split\na.png,\"cat, black\",test\nb.png,,\n",
        "split;Label;FileName\r\ntest;\"cat, black\";a.png\r\n;;b.png\r\n",
        "a.png\tcat, black\ttest\nb.png\t\n",
    ] {
        assert_eq!(
            rows(table.as_bytes()).expect("a table"),
            expected,
            "{table}"
        );
    }
    assert_eq!(rows(b"").expect("nothing"), []);
    let line = |table: &str| match rows(table.as_bytes()).expect_err("broken").kind() {
        DataErrorKind::TableUnreadable { line, .. } => *line,
        other => panic!("{other:?}"),
    };
    assert_eq!(
        line("file,label,split\na.png,cat,train\nb.png,dog,nowhere\n"),
        3
    );
    assert_eq!(line("a.png,cat\nb.png\n"), 2);
    assert_eq!(
        rows(&[b'a', b',', 0xff, b'\n'])
            .expect_err("no UTF-8")
            .kind()
            .code(),
        "table-unreadable"
    );
}

#[test]
fn files_are_those_of_the_table_beside_them() {
    let table = "file,label,split\na.png,cat,train\n./sub/b.png,dog,val\ngone.png,cat,\n../up.png,cat,\na.png,dog,\n";
    let found = listing(&[
        ("x/labels.csv", table),
        ("x/a.png", ""),
        ("x/sub/b.png", ""),
        ("x/c.png", ""),
        ("x/readme.md", ""),
    ]);
    let found = found.expect("a table");
    assert_eq!(
        told(&found),
        [
            ("x/a.png", Some("cat"), Some(Split::Train)),
            ("x/sub/b.png", Some("dog"), Some(Split::Validation)),
            ("x/c.png", None, None),
        ]
    );
    let refused: Vec<_> = found
        .refused
        .iter()
        .map(|refused| refused.why.clone())
        .collect();
    assert_eq!(refused, [Refusal::Missing, Refusal::UnsafeName]);
}

const EXPORT: &str = r#"{"hearth": 1, "name": "pets", "classes": ["dog", "cat", "none yet"],
    "input": {"channels": 3, "side": 64}, "fit": {"photo": {"crop": 1}},
    "samples": [
        {"file": "images/cat/1.png", "label": "cat", "split": "test", "pinned": true, "origin": "camera", "name": "mine.png"},
        {"file": "unlabelled/2.png", "label": null, "split": "train", "pinned": false, "origin": "drawing", "name": ""},
        {"file": "images/dog/gone.png", "label": "dog", "split": "validation", "pinned": false, "origin": "file", "name": "x"}
    ]}"#;

#[test]
fn an_export_is_read_as_it_was_written() {
    let found = listing(&[
        ("pets/dataset.json", EXPORT),
        ("pets/labels.csv", "file,label\nnonsense"),
        ("pets/images/cat/1.png", ""),
        ("pets/unlabelled/2.png", ""),
    ]);
    let found = found.expect("an export");
    assert_eq!(found.classes, ["dog", "cat", "none yet"]);
    assert_eq!(
        (found.name.as_deref(), found.fit),
        (Some("pets"), Some(Fit::photo(1.0)))
    );
    assert_eq!(
        found.input.map(|input| (input.channels, input.side)),
        Some((3, 64))
    );
    assert_eq!(
        told(&found),
        [
            ("pets/images/cat/1.png", Some("cat"), Some(Split::Test)),
            ("pets/unlabelled/2.png", None, Some(Split::Train)),
        ]
    );
    assert!(found.samples[0].pinned && found.is_export);
    assert_eq!(found.refused[0].why, Refusal::Missing);

    let export = Export::read(EXPORT.as_bytes()).expect("an export");
    let again = serde_json::to_vec(&export).expect("JSON");
    assert_eq!(Export::read(&again).expect("an export"), export);
}

#[test]
fn an_export_that_cannot_be_is_refused_in_a_sentence() {
    let version = EXPORT.replace("\"hearth\": 1", "\"hearth\": 2");
    let class = EXPORT.replace("\"label\": \"cat\"", "\"label\": \"cow\"");
    for (json, says) in [
        (version.as_str(), "version"),
        (class.as_str(), "cow"),
        ("{}", "hearth"),
        ("PK", "expected"),
    ] {
        let error = Export::read(json.as_bytes()).expect_err("it cannot be");
        assert_eq!(error.kind().code(), "export-unreadable");
        assert!(error.to_string().contains(says), "{error}");
    }
}
