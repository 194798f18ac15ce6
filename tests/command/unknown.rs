//! What is none of a network's classes, on the command line.

use hearth::onnx;
use serde_json::Value;

use super::room::{Room, hearth, run, said};

const DIGITS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/www/public/models/digits.onnx");

fn told(room: &Room, arguments: &[&str]) -> Value {
    let mut command = hearth(arguments);
    let ended = run(command.arg("--json").current_dir(room.path("")));
    assert!(ended.status.success(), "{}", said(&ended.stderr));
    serde_json::from_slice(&ended.stdout).expect("JSON")
}

fn printed(room: &Room, arguments: &[&str]) -> String {
    let ended = run(hearth(arguments).current_dir(room.path("")));
    assert!(ended.status.success(), "{}", said(&ended.stderr));
    said(&ended.stdout)
}

#[test]
fn calibrate_adds_a_score_and_changes_nothing_else() {
    let room = Room::new("calibrate");
    let arguments = ["calibrate", DIGITS, "--data", "digits", "--keep", "0.9"];
    let first = told(&room, &[&arguments[..], &["--out", "first.onnx"]].concat());
    assert_eq!(first["images"], 256);
    assert!(
        first["kept"]
            .as_f64()
            .is_some_and(|kept| (0.7..=1.0).contains(&kept))
    );
    printed(&room, &[&arguments[..], &["--out", "second.onnx"]].concat());
    let file = room.read("first.onnx");
    assert!(
        file == room.read("second.onnx"),
        "the same images, the same file"
    );
    let before = onnx::network(&std::fs::read(DIGITS).expect("it is there")).expect("sound");
    let after = onnx::network(&file).expect("sound");
    assert_eq!((before.spec, before.weights), (after.spec, after.weights));
    let threshold = after.facts.metadata.reject.expect("it has one").threshold;
    assert_eq!(
        first["threshold"].as_f64().map(|told| told as f32),
        Some(threshold)
    );

    let report = told(&room, &["test", "first.onnx", "--data", "digits"]);
    let refusals = &report["refusals"];
    let count = |key: &str| refusals[key].as_u64().expect("a number");
    assert_eq!(
        count("answered") + count("refused"),
        report["n"].as_u64().expect("a number")
    );
    let all = ["test", "first.onnx", "--data", "digits", "--no-reject"];
    assert!(told(&room, &all).get("refusals").is_none());
    assert!(printed(&room, &all[..4]).contains("none of these: "));
    assert!(!printed(&room, &all).contains("none of these"));

    let info = told(&room, &["info", "first.onnx"]);
    assert_eq!(
        info["reject"]["threshold"].as_f64().map(|told| told as f32),
        Some(threshold)
    );
    assert!(printed(&room, &["info", "first.onnx"]).contains("\nnone      of the classes if"));
}

#[test]
fn what_cannot_be_calibrated_is_refused() {
    let room = Room::new("calibrate-refused");
    for (arguments, part) in [
        (["calibrate", DIGITS, "--keep", "1.5"], "from 0 to 1"),
        (
            ["calibrate", "missing.onnx", "--keep", "0.9"],
            "missing.onnx",
        ),
    ] {
        let mut command = hearth(&arguments);
        command.args(["--data", "digits", "--out", "net.onnx"]);
        let ended = run(command.current_dir(room.path("")));
        assert!(!ended.status.success());
        assert!(
            said(&ended.stderr).contains(part),
            "{}",
            said(&ended.stderr)
        );
    }
    assert!(!room.path("net.onnx").exists());
}

#[test]
fn predict_says_none_of_these_unless_it_is_told_not_to() {
    let room = Room::new("predict-none");
    let side = 140;
    let save = |name: &str, ink: &dyn Fn(u32, u32) -> bool| {
        let picture = image::GrayImage::from_fn(side, side, |x, y| {
            image::Luma([if ink(x, y) { 0 } else { 255 }])
        });
        picture.save(room.path(name)).expect("written");
    };
    save("one.png", &|x, y| {
        (66..74).contains(&x) && (20..120).contains(&y)
    });
    // A grid: four lines across and four down.
    let line = |at: u32| (20..120).contains(&at) && (at - 20) % 30 < 8;
    let within = |at: u32| (20..118).contains(&at);
    save("grid.png", &|x, y| {
        (line(x) && within(y)) || (line(y) && within(x))
    });
    let lines = |more: &[&str]| {
        let mut command = hearth(&["predict", DIGITS, "one.png", "grid.png", "--json"]);
        let ended = run(command.args(more).current_dir(room.path("")));
        assert!(ended.status.success(), "{}", said(&ended.stderr));
        let lines = said(&ended.stdout);
        let lines = lines
            .lines()
            .map(|line| serde_json::from_str(line).expect("JSON"));
        lines.collect::<Vec<Value>>()
    };
    let answers = lines(&[]);
    assert_eq!(answers[0]["none"], false);
    assert_eq!(answers[0]["predictions"][0]["label"], "1");
    assert_eq!(answers[1]["none"], true);
    assert!(answers[1]["novelty"].as_f64() > answers[0]["novelty"].as_f64());
    // What it would be is told in any case.
    assert_eq!(answers[1]["predictions"].as_array().map(Vec::len), Some(3));
    for answer in lines(&["--no-reject"]) {
        assert!(answer.get("none").is_none() && answer.get("novelty").is_none());
    }
    let text = printed(&room, &["predict", DIGITS, "one.png", "grid.png"]);
    let (one, grid) = text.split_once('\n').expect("two lines");
    assert!(one.starts_with("one.png: 1 "), "{one}");
    assert!(grid.starts_with("grid.png: none of these"), "{grid}");
}
