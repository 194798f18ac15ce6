//! The numbers that a training is given.

use burn::tensor::Device;
use hearth::data::{Dataset, IdxPair, mnist_classes};
use hearth::model::{MAX_SEED, Recipe, mlp};
use hearth::onnx;
use hearth::train::Trainer;

use super::room::{Room, run, said};

/// As `--steps` ends it, with the training's state.
fn trained(room: &Room, more: &[&str]) -> onnx::NetworkFile {
    let done = run(&mut room.training(&[&["--state"], more].concat()));
    assert!(done.status.success(), "{}", said(&done.stderr));
    onnx::network(&room.read("net.onnx")).expect("a network")
}

#[test]
fn so_many_steps_are_taken() {
    let room = Room::new("steps");
    // 8 steps are an epoch.
    for steps in [1, 5, 8, 9, 21] {
        let file = trained(&room, &["--steps", &steps.to_string(), "--epochs", "4"]);
        let position = file.checkpoint.expect("a state").position;
        assert_eq!(position.step, steps);
        assert_eq!(file.facts.metadata.history.len(), steps / 8);
    }
}

#[test]
fn an_epoch_that_the_last_step_ends_is_validated() {
    let room = Room::new("validated");
    let more = ["--steps", "6", "--validation", "0.25", "--epochs", "2"];
    let history = trained(&room, &more).facts.metadata.history;
    assert_eq!(history.len(), 1);
    assert!(history[0].val_accuracy.is_some());
}

#[test]
fn no_step_leaves_the_network_as_it_begins() {
    let room = Room::new("no-step");
    let file = trained(&room, &["--steps", "0", "--seed", "7"]);
    assert_eq!(file.checkpoint.expect("a state").position.step, 0);
    let part = |name: &str| room.read(&format!("digits/{name}.idx"));
    let (images, labels) = (part("train-images"), part("train-labels"));
    let (test_images, test_labels) = (part("test-images"), part("test-labels"));
    let train = IdxPair {
        images: &images,
        labels: &labels,
    };
    let test = IdxPair {
        images: &test_images,
        labels: &test_labels,
    };
    let dataset = Dataset::from_idx("digits", mnist_classes(), train, test).expect("sound");
    let recipe = Recipe {
        seed: 7,
        ..mlp().recipe
    };
    let fresh = Trainer::new(mlp().spec, recipe, dataset, &Device::flex()).expect("it fits");
    assert_eq!(
        file.weights,
        pollster::block_on(fresh.weights()).expect("weights")
    );
}

#[test]
fn a_seed_is_kept_exactly_or_refused() {
    let room = Room::new("seeds");
    let seed = MAX_SEED.to_string();
    let file = trained(&room, &["--steps", "0", "--seed", &seed]);
    assert_eq!(
        file.facts.metadata.recipe.map(|recipe| recipe.seed),
        Some(MAX_SEED)
    );
    // 2^53, nanoseconds since 1970, more than 64 bits, and what is no whole number.
    for seed in [
        "9007199254740992",
        "1764077938123456789",
        "99999999999999999999",
        "-1",
        "1.5",
        "x",
    ] {
        let refused = run(&mut room.training(&["--steps", "0", "--seed", seed]));
        let sentence = said(&refused.stderr);
        assert!(!refused.status.success());
        assert!(
            sentence.contains("a seed is a whole number from 0 to 9007199254740991"),
            "{sentence}"
        );
    }
}

#[test]
fn a_negative_number_is_a_number_and_no_option() {
    let room = Room::new("negative");
    for (option, says) in [
        ("--steps", "a whole number"),
        ("--epochs", "a whole number"),
        ("--batch", "a whole number"),
        ("--lr", "learning rate"),
        ("--validation", "validation share"),
    ] {
        let refused = run(&mut room.training(&[option, "-1"]));
        let sentence = said(&refused.stderr);
        assert!(!refused.status.success());
        assert!(sentence.contains(says), "{sentence}");
    }
}
