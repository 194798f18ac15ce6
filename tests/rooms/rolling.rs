//! Validation while an epoch is under way.

use burn::tensor::Device;
use hearth::data::Split;
use hearth::model::{ModelSpec, Recipe, RollingValidation, classic, digits};
use hearth::onnx;
use hearth::train::{Trainer, TrainingEvent};
use wasm_bindgen_test::wasm_bindgen_test;

use super::fixture::{self, short_recipe};

/// Two epochs of 6 steps, with 64 of the 256 images held out.
fn recipe(every: usize, images: usize) -> Recipe {
    Recipe {
        validation_share: 0.25,
        rolling_validation: RollingValidation { every, images },
        ..short_recipe()
    }
}

fn begin(spec: ModelSpec, recipe: Recipe) -> Trainer {
    Trainer::new(spec, recipe, fixture::digits(), &Device::flex()).expect("all fits")
}

/// To the end, in pulls of `units`.
fn all_events(trainer: &mut Trainer, units: usize) -> Vec<TrainingEvent> {
    let mut events = Vec::new();
    while events.last() != Some(&TrainingEvent::Done) {
        events.extend(pollster::block_on(trainer.advance(units)).expect("training goes on"));
    }
    events
}

fn verdicts(events: &[TrainingEvent]) -> Vec<&TrainingEvent> {
    let rolling = |event: &&TrainingEvent| matches!(event, TrainingEvent::RollingValidation { .. });
    events.iter().filter(rolling).collect()
}

fn steps(events: &[TrainingEvent]) -> Vec<usize> {
    let step = |event: &TrainingEvent| match event {
        TrainingEvent::RollingValidation { step, .. } => Some(*step),
        _ => None,
    };
    events.iter().filter_map(step).collect()
}

#[wasm_bindgen_test(unsupported = test)]
fn the_weights_are_the_same_to_the_bit_with_and_without() {
    let run = |every| {
        let recipe = Recipe {
            augmentation: digits().recipe.augmentation,
            ..recipe(every, 20)
        };
        let mut trainer = begin(digits().spec, recipe);
        all_events(&mut trainer, 4);
        pollster::block_on(trainer.weights()).expect("weights")
    };
    assert!(run(0) == run(1));
}

#[wasm_bindgen_test(unsupported = test)]
fn a_verdict_comes_after_the_steps_that_the_recipe_asks_for_however_it_is_pulled() {
    let mut at_once = begin(classic().spec, recipe(4, 20));
    let events = all_events(&mut at_once, 1000);
    // Every 4, first at half of it, and at the end of an epoch.
    assert_eq!(steps(&events), [2, 4, 6, 8, 12]);
    let mut one_by_one = begin(classic().spec, recipe(4, 20));
    let again = all_events(&mut one_by_one, 1);
    assert_eq!(verdicts(&events), verdicts(&again));
    let mut never = begin(classic().spec, recipe(0, 20));
    assert!(steps(&all_events(&mut never, 3)).is_empty());
    assert!(never.watched().is_empty());
}

#[wasm_bindgen_test(unsupported = test)]
fn a_resumed_run_gives_the_verdicts_of_the_whole_one() {
    let mut whole = begin(classic().spec, recipe(4, 20));
    let events = all_events(&mut whole, 5);
    let mut first = begin(classic().spec, recipe(4, 20));
    for _ in 0..7 {
        pollster::block_on(first.advance(1)).expect("training goes on");
    }
    let file = pollster::block_on(first.checkpoint()).expect("a file");
    let file = onnx::network(&file).expect("a file of our own");
    let mut second =
        Trainer::resume(file, None, fixture::digits(), &Device::flex()).expect("it goes on");
    assert_eq!(whole.watched(), second.watched());
    let resumed = all_events(&mut second, 3);
    assert_eq!(verdicts(&resumed)[..], verdicts(&events)[3..]);
}

#[wasm_bindgen_test(unsupported = test)]
fn the_watched_images_are_held_out_and_one_of_each_class() {
    let trainer = begin(classic().spec, recipe(4, 60));
    let dataset = trainer.dataset();
    let labels = trainer.watched().iter().map(|&i| dataset.label(i as usize));
    assert_eq!(labels.collect::<Vec<_>>(), (0..10).collect::<Vec<_>>());
    assert!(
        trainer
            .watched()
            .iter()
            .all(|&i| dataset.split(i as usize) == Split::Validation)
    );
}

/// A sample that may be larger than what is held out is all of it.
#[wasm_bindgen_test(unsupported = test)]
fn the_sample_is_judged_as_the_epochs_end_judges_all_of_it() {
    let recipe = Recipe {
        epochs: 8,
        ..recipe(100, 1000)
    };
    let mut trainer = begin(classic().spec, recipe);
    let events = all_events(&mut trainer, 100);
    let last = verdicts(&events).pop().expect("at the end of each epoch");
    let TrainingEvent::RollingValidation {
        epoch,
        loss,
        accuracy,
        images,
        answers,
        ..
    } = last
    else {
        unreachable!("only those were asked for");
    };
    let record = trainer.history()[7];
    assert_eq!(
        (*epoch, *images, Some(*accuracy)),
        (8, 64, record.val_accuracy)
    );
    assert!(
        record
            .val_loss
            .is_some_and(|whole| (whole - loss).abs() < 1e-6)
    );
    let dataset = trainer.dataset();
    let right = answers
        .iter()
        .zip(trainer.watched())
        .filter(|(answer, i)| answer.index == dataset.label(**i as usize));
    assert!(
        answers.len() == 10 && right.count() >= 5,
        "eight epochs teach it most of them: {answers:?}"
    );
    assert!(
        answers
            .iter()
            .all(|answer| answer.p > 0.1 && answer.p <= 1.0)
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn a_recipe_of_an_older_file_has_the_usual_rolling_validation() {
    let mut json = serde_json::to_value(classic().recipe).expect("JSON");
    json.as_object_mut()
        .expect("an object")
        .remove("rollingValidation");
    let recipe: Recipe = serde_json::from_value(json).expect("it reads");
    assert_eq!(recipe.rolling_validation, RollingValidation::default());
}
