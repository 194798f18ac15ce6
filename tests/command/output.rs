//! What is printed and written, and that no training is lost over it.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use hearth::onnx;

use super::room::{Room, hearth, run, said};

#[test]
fn a_reader_that_leaves_does_not_end_a_training() {
    let room = Room::new("reader-leaves");
    let mut training = room.training(&["--epochs", "3"]);
    let mut running = training
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut first = String::new();
    let printed = running.stdout.take().expect("it is piped");
    BufReader::new(printed)
        .read_line(&mut first)
        .expect("a line");
    assert!(first.starts_with("mlp: "), "{first}");
    // The pipe is closed now.
    let ended = running.wait_with_output().expect("it ends");
    assert!(ended.status.success(), "{}", said(&ended.stderr));
    let history = onnx::read(&room.read("net.onnx"))
        .expect("a network")
        .metadata
        .history;
    assert_eq!(history.len(), 3);
}

#[test]
fn the_other_commands_survive_it_too() {
    let model = concat!(env!("CARGO_MANIFEST_DIR"), "/www/public/models/digits.onnx");
    for arguments in [
        vec!["info", model],
        vec!["info", model, "--json"],
        vec!["constants"],
    ] {
        let mut running = hearth(&arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        drop(running.stdout.take());
        let ended = running.wait_with_output().expect("it ends");
        assert!(ended.status.success(), "{}", said(&ended.stderr));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn what_cannot_be_printed_for_want_of_room_is_a_failure() {
    let model = concat!(env!("CARGO_MANIFEST_DIR"), "/www/public/models/digits.onnx");
    let full = std::fs::File::options().write(true).open("/dev/full");
    let full = full.expect("Linux has it");
    let ended = run(hearth(&["info", model]).stdout(full));
    assert!(!ended.status.success());
    let sentence = said(&ended.stderr);
    assert!(sentence.contains("standard output"), "{sentence}");
}

#[test]
fn a_place_that_cannot_be_written_is_refused_before_the_first_step() {
    let room = Room::new("no-place");
    let files = std::fs::read_dir(room.path("")).expect("a folder").count();
    for out in ["missing/net.onnx", "digits"] {
        let refused = run(&mut room.training(&["--steps", "1", "--out", out]));
        assert!(!refused.status.success());
        assert!(refused.stdout.is_empty(), "{}", said(&refused.stdout));
        let sentence = said(&refused.stderr);
        assert!(
            sentence.contains(out) && sentence.contains("--out"),
            "{sentence}"
        );
    }
    assert_eq!(
        std::fs::read_dir(room.path("")).expect("a folder").count(),
        files
    );
}

#[test]
fn a_file_that_is_there_stays_until_another_takes_its_place() {
    let room = Room::new("old-file");
    std::fs::write(room.path("net.onnx"), "old").expect("written");
    // What a browser calls a file that it has not finished.
    std::fs::write(room.path("net.onnx.part"), "mine").expect("written");
    let failed = run(&mut room.training(&["--data", "missing"]));
    assert!(!failed.status.success());
    assert_eq!(room.read("net.onnx"), b"old");
    let done = run(&mut room.training(&["--steps", "1"]));
    assert!(done.status.success(), "{}", said(&done.stderr));
    onnx::read(&room.read("net.onnx")).expect("a network");
    assert_eq!(room.read("net.onnx.part"), b"mine");
    let names = std::fs::read_dir(room.path("")).expect("a folder");
    assert_eq!(names.count(), 3, "and the digits");
}

#[cfg(unix)]
#[test]
fn a_link_stays_one_even_to_what_is_not_there_yet() {
    let room = Room::new("link");
    std::os::unix::fs::symlink("real.onnx", room.path("net.onnx")).expect("a link");
    for _ in ["not there", "there"] {
        let done = run(&mut room.training(&["--steps", "1"]));
        assert!(done.status.success(), "{}", said(&done.stderr));
        assert!(room.path("net.onnx").is_symlink());
        onnx::read(&room.read("real.onnx")).expect("a network");
        std::fs::write(room.path("real.onnx"), "old").expect("written");
    }
}

/// /dev/full can be opened and takes nothing: a disk that has filled up meanwhile.
#[cfg(target_os = "linux")]
#[test]
fn a_network_that_cannot_be_written_in_the_end_is_written_beside() {
    let room = Room::new("full-disk");
    std::os::unix::fs::symlink("/dev/full", room.path("net.onnx")).expect("a link");
    std::fs::write(room.path("net-1.onnx"), "mine").expect("written");
    let ended = run(&mut room.training(&["--steps", "1"]));
    assert!(!ended.status.success());
    let sentence = said(&ended.stderr);
    assert!(
        sentence.contains("the network is in net-2.onnx"),
        "{sentence}"
    );
    onnx::read(&room.read("net-2.onnx")).expect("a network");
    assert_eq!(room.read("net-1.onnx"), b"mine");
}
