//! Training and testing on a person's own pictures.

use std::fs;
use std::io::Write;
use std::path::Path;

use hearth::model::Fit;
use hearth::onnx;
use image::{ImageFormat, Rgb, RgbImage};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::room::{Room, hearth, run, said};

const CLASSES: [(&str, [u8; 3]); 2] = [("green", [30, 180, 60]), ("red", [200, 40, 30])];

/// A disc of this colour, somewhere on a grey ground; another picture for each number.
fn picture(colour: [u8; 3], number: u32) -> Vec<u8> {
    let (x, y) = (12 + number * 7 % 17, 12 + number * 11 % 13);
    let picture = RgbImage::from_fn(40, 36, |column, row| {
        let far = column.abs_diff(x).pow(2) + row.abs_diff(y).pow(2);
        let grain = (column * 31 + row * 17 + number * 13) % 23;
        match far < 81 {
            true => Rgb(colour),
            false => Rgb([grain as u8 * 3 + 40; 3]),
        }
    });
    let mut file = std::io::Cursor::new(Vec::new());
    picture
        .write_to(&mut file, ImageFormat::Png)
        .expect("a picture");
    file.into_inner()
}

/// Names and files: `each` pictures of both classes.
fn pictures(each: u32) -> Vec<(String, Vec<u8>)> {
    let all = CLASSES.iter().flat_map(|(class, colour)| {
        (0..each).map(move |number| (format!("{class}/{number}.png"), picture(*colour, number)))
    });
    all.collect()
}

fn folder(at: &Path, files: &[(String, Vec<u8>)]) {
    for (name, bytes) in files {
        let path = at.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, bytes).expect("written");
    }
}

fn zipped(at: &Path, files: &[(String, Vec<u8>)]) {
    let mut zip = ZipWriter::new(fs::File::create(at).expect("made"));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in files {
        zip.start_file(name.as_str(), options).expect("a file");
        zip.write_all(bytes).expect("written");
    }
    zip.finish().expect("a zip");
}

fn training(room: &Room, data: &str, more: &[&str]) -> std::process::Output {
    let quick = [
        "train", "--preset", "photos", "--side", "32", "--epochs", "2", "--out", "net.onnx",
        "--data", data,
    ];
    run(hearth(&[&quick, more].concat()).current_dir(room.path("")))
}

/// The first line of JSON: what became of the files.
fn report(stdout: &[u8]) -> serde_json::Value {
    let text = said(stdout);
    serde_json::from_str(text.lines().next().expect("a line")).expect("JSON")
}

#[test]
fn a_folder_of_class_folders_is_learned_and_tested() {
    let room = Room::new("own-folder");
    folder(&room.path("discs"), &pictures(30));
    let done = training(&room, "discs", &["--json"]);
    assert!(done.status.success(), "{}", said(&done.stderr));
    let told = report(&done.stdout);
    assert_eq!(told["classes"], serde_json::json!(["green", "red"]));
    assert_eq!(
        (&told["train"], &told["validation"], &told["test"]),
        (&42.into(), &6.into(), &12.into())
    );
    let file = onnx::read(&room.read("net.onnx")).expect("a network");
    assert_eq!(file.input.dims(), [3, 32, 32]);
    assert_eq!(file.metadata.labels, ["green", "red"]);
    assert_eq!(file.preprocessing().fit, Fit::photo(1.0));
    assert_eq!(file.metadata.dataset.as_deref(), Some("discs"));
    assert_eq!(file.metadata.test.map(|test| test.n), Some(12));

    // The same pictures as a zip, with a folder around them: the same test images, as the seed says.
    let around: Vec<_> = pictures(30)
        .into_iter()
        .map(|(name, bytes)| (format!("all/{name}"), bytes))
        .collect();
    zipped(&room.path("discs.zip"), &around);
    let test = |more: &[&str]| {
        let asked = [&["test", "net.onnx", "--json", "--data"], more].concat();
        let done = run(hearth(&asked).current_dir(room.path("")));
        assert!(done.status.success(), "{}", said(&done.stderr));
        let line = said(&done.stdout);
        let report: serde_json::Value =
            serde_json::from_str(line.lines().nth(1).expect("two lines")).expect("JSON");
        (report["n"].clone(), report["accuracy"].clone())
    };
    assert_eq!(test(&["discs.zip"]), test(&["discs"]));
    assert_eq!(test(&["discs.zip", "--all"]).0, 60);
}

#[test]
fn a_training_goes_on_with_the_same_pictures_and_no_others() {
    let room = Room::new("own-resume");
    folder(&room.path("discs"), &pictures(12));
    let done = training(&room, "discs", &["--state"]);
    assert!(done.status.success(), "{}", said(&done.stderr));
    let resume = || {
        let asked = [
            "train", "--data", "discs", "--resume", "net.onnx", "--epochs", "3",
        ];
        run(hearth(&asked).current_dir(room.path("")))
    };
    let on = resume();
    assert!(on.status.success(), "{}", said(&on.stderr));
    fs::write(room.path("discs/red/0.png"), picture([220, 30, 30], 99)).expect("written");
    let refused = resume();
    assert!(!refused.status.success());
    let sentence = said(&refused.stderr);
    assert!(
        sentence.contains("no longer what this training saw"),
        "{sentence}"
    );
}

#[test]
fn what_a_zip_hides_is_refused_one_by_one_and_the_rest_comes_in() {
    let room = Room::new("own-hostile");
    let mut files = pictures(10);
    let cut = picture([1, 2, 3], 5)[..60].to_vec();
    let mut wide = picture([1, 2, 3], 6);
    // A head that promises 100,000 × 100,000 pixels.
    wide[16..24].copy_from_slice(&[0, 1, 0x86, 0xa0, 0, 1, 0x86, 0xa0]);
    let (_, same) = files[3].clone();
    files.extend([
        ("../outside.png".to_owned(), picture([1, 2, 3], 4)),
        ("red/cut.png".to_owned(), cut),
        ("red/wide.png".to_owned(), wide),
        ("red/text.png".to_owned(), b"no picture at all".to_vec()),
        ("red/notes.txt".to_owned(), b"notes".to_vec()),
        ("red/again.png".to_owned(), same),
        ("__MACOSX/red/._0.png".to_owned(), vec![0; 9]),
    ]);
    zipped(&room.path("own.zip"), &files);
    let done = training(&room, "own.zip", &["--json", "--steps", "1"]);
    assert!(done.status.success(), "{}", said(&done.stderr));
    let told = report(&done.stdout);
    let count = |key: &str| told[key].as_u64().expect("a count");
    assert_eq!(count("train") + count("validation") + count("test"), 20);
    let mut refused: Vec<(&str, &str)> = told["refused"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|left| {
            (
                left["file"].as_str().expect("a name"),
                left["code"].as_str().expect("a code"),
            )
        })
        .collect();
    refused.sort_unstable();
    assert_eq!(
        refused,
        [
            ("../outside.png", "unsafe-name"),
            ("red/again.png", "duplicate"),
            ("red/cut.png", "broken"),
            ("red/notes.txt", "no-picture"),
            ("red/text.png", "no-picture"),
            ("red/wide.png", "broken"),
        ]
    );
    let plain = training(&room, "own.zip", &["--steps", "1"]);
    assert!(
        said(&plain.stderr).contains("6 files are left out"),
        "{}",
        said(&plain.stderr)
    );
}

#[test]
fn a_table_and_an_export_say_label_split_and_size() {
    let room = Room::new("own-lists");
    let mut files: Vec<(String, Vec<u8>)> = pictures(8)
        .into_iter()
        .map(|(name, bytes)| (name.replace('/', "-"), bytes))
        .collect();
    let split = |at: usize| ["train", "train", "validation", "test"][at % 4];
    let rows = files.iter().enumerate().map(|(at, (name, _))| {
        let label = name.split('-').next().expect("a class");
        format!("{name},{label},{}\n", split(at))
    });
    let table: String = std::iter::once("file,label,split\n".to_owned())
        .chain(rows)
        .collect();
    files.push(("labels.csv".into(), table.into_bytes()));
    folder(&room.path("listed"), &files);
    let done = training(&room, "listed", &["--json", "--grey", "--steps", "1"]);
    assert!(done.status.success(), "{}", said(&done.stderr));
    let told = report(&done.stdout);
    assert_eq!(
        (&told["train"], &told["validation"], &told["test"]),
        (&8.into(), &4.into(), &4.into())
    );
    let file = onnx::read(&room.read("net.onnx")).expect("a network");
    assert_eq!(file.input.dims(), [1, 32, 32]);

    // The export's order of classes and its fit go before the folder's.
    files.pop();
    let samples: Vec<_> = files
        .iter()
        .enumerate()
        .map(|(at, (name, _))| serde_json::json!({"file": name, "label": name.split('-').next(), "split": split(at)}))
        .collect();
    let list = serde_json::json!({"hearth": 1, "name": "my discs", "classes": ["red", "green"],
        "input": {"channels": 3, "side": 40}, "fit": "whole", "samples": samples});
    files.push(("dataset.json".into(), list.to_string().into_bytes()));
    zipped(&room.path("export.zip"), &files);
    let done = run(hearth(&[
        "train",
        "--data",
        "export.zip",
        "--steps",
        "1",
        "--out",
        "net.onnx",
    ])
    .current_dir(room.path("")));
    assert!(done.status.success(), "{}", said(&done.stderr));
    let file = onnx::read(&room.read("net.onnx")).expect("a network");
    assert_eq!(
        (file.input.dims(), file.preprocessing().fit),
        ([3, 40, 40], Fit::Whole)
    );
    assert_eq!(file.metadata.labels, ["red", "green"]);
    assert_eq!(file.metadata.dataset.as_deref(), Some("my discs"));
}

#[test]
fn pictures_that_the_network_does_not_know_and_folders_of_nothing_are_refused() {
    let room = Room::new("own-nothing");
    folder(&room.path("discs"), &pictures(6));
    let done = training(&room, "discs", &["--steps", "1"]);
    assert!(done.status.success(), "{}", said(&done.stderr));
    fs::rename(room.path("discs/red"), room.path("discs/blue")).expect("moved");
    fs::create_dir(room.path("empty")).expect("made");
    fs::write(room.path("broken.zip"), b"PK\x03\x04 and no more").expect("written");
    for (data, says) in [
        ("discs", "knows no class blue"),
        ("empty", "no picture with a label"),
        ("broken.zip", "broken.zip"),
    ] {
        let refused = run(hearth(&["test", "net.onnx", "--data", data]).current_dir(room.path("")));
        assert!(!refused.status.success());
        let sentence = said(&refused.stderr);
        assert!(sentence.contains(says), "{sentence}");
    }
}

#[test]
fn near_duplicates_and_wrong_labels_are_looked_for() {
    let room = Room::new("own-check");
    let mut files = pictures(20);
    let (_, first) = files[0].clone();
    let brighter = image::load_from_memory(&first)
        .expect("a picture")
        .brighten(12);
    let mut again = std::io::Cursor::new(Vec::new());
    brighter
        .write_to(&mut again, ImageFormat::Png)
        .expect("a picture");
    files.push(("green/again.png".into(), again.into_inner()));
    files.push(("red/wrong.png".into(), picture(CLASSES[0].1, 77)));
    folder(&room.path("discs"), &files);
    let asked = [
        "check", "--data", "discs", "--side", "32", "--folds", "3", "--json",
    ];
    let done = run(hearth(&asked).current_dir(room.path("")));
    assert!(done.status.success(), "{}", said(&done.stderr));
    let line = said(&done.stdout);
    let told: serde_json::Value =
        serde_json::from_str(line.lines().nth(1).expect("two lines")).expect("JSON");
    assert!(
        !told["nearDuplicates"]
            .as_array()
            .expect("a list")
            .is_empty(),
        "{told}"
    );
    assert!(told["likelyWrong"].is_array(), "{told}");
}
