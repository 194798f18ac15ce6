//! A training that is interrupted and taken up again ends as one that never stopped.

use burn::tensor::Device;
use hearth::infer::Session;
use hearth::model::weights::Weight;
use hearth::model::{Loss, ModelSpec, OptimizerSpec, Recipe, Schedule, classic, depthwise, digits};
use hearth::onnx::{self, NetworkFile};
use hearth::train::{TrainError, Trainer, TrainingEvent};
use wasm_bindgen_test::wasm_bindgen_test;

use super::fixture::{self, short_recipe};

/// Three epochs of 6 steps, with 64 of the 256 images held out.
fn recipe() -> Recipe {
    Recipe {
        epochs: 3,
        validation_share: 0.25,
        ..short_recipe()
    }
}

fn begin(spec: &ModelSpec, recipe: &Recipe) -> Trainer {
    let (spec, recipe) = (spec.clone(), recipe.clone());
    Trainer::new(spec, recipe, fixture::digits(), &Device::flex()).expect("all fits")
}

fn resume(file: &[u8], epochs: Option<usize>) -> Result<Trainer, TrainError> {
    let file: NetworkFile = onnx::network(file).expect("a file of our own");
    Trainer::resume(file, epochs, fixture::digits(), &Device::flex())
}

/// Until `epochs` have ended.
fn train(trainer: &mut Trainer, epochs: usize) {
    while trainer.history().len() < epochs {
        advance(trainer, 100);
    }
}

fn advance(trainer: &mut Trainer, units: usize) -> Vec<TrainingEvent> {
    pollster::block_on(trainer.advance(units)).expect("training goes on")
}

fn weights(trainer: &Trainer) -> Vec<Weight> {
    pollster::block_on(trainer.weights()).expect("weights")
}

fn checkpoint(trainer: &Trainer) -> Vec<u8> {
    pollster::block_on(trainer.checkpoint()).expect("a file")
}

/// To the last digit but one: a file's numbers are decimal.
fn same_history(a: &Trainer, b: &Trainer) {
    assert_eq!(a.history().len(), b.history().len());
    for (a, b) in a.history().iter().zip(b.history()) {
        let pairs = [
            (Some(a.train_loss), Some(b.train_loss)),
            (Some(a.train_accuracy), Some(b.train_accuracy)),
            (a.val_loss, b.val_loss),
            (a.val_accuracy, b.val_accuracy),
        ];
        for (a, b) in pairs {
            let apart = a.zip(b).map(|(a, b)| (a - b).abs());
            assert!(apart.is_some_and(|apart| apart < 1e-12), "{a:?} {b:?}");
        }
    }
}

/// The weights at the end of three epochs, and of two epochs, a file, and one more.
fn both_ways(spec: &ModelSpec, recipe: &Recipe) -> (Vec<Weight>, Vec<Weight>) {
    let mut whole = begin(spec, recipe);
    train(&mut whole, 3);
    let mut first = begin(spec, recipe);
    train(&mut first, 2);
    let mut second = resume(&checkpoint(&first), None).expect("it goes on");
    train(&mut second, 3);
    same_history(&whole, &second);
    (weights(&whole), weights(&second))
}

#[wasm_bindgen_test(unsupported = test)]
fn two_epochs_and_one_more_are_three_to_the_bit_with_every_optimiser() {
    let spec = classic().spec;
    for optimizer in [
        OptimizerSpec::SGD,
        OptimizerSpec::ADAM,
        OptimizerSpec::ADAM_W,
    ] {
        let recipe = Recipe {
            optimizer,
            ..recipe()
        };
        let (whole, resumed) = both_ways(&spec, &recipe);
        assert!(whole == resumed, "{optimizer:?}");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn a_resumed_run_has_the_masks_statistics_schedule_and_augmentation_of_the_whole_one() {
    let recipe = Recipe {
        schedule: Schedule::Cosine,
        augmentation: digits().recipe.augmentation,
        loss: Loss::MeanSquaredError,
        optimizer: OptimizerSpec::ADAM_W,
        ..recipe()
    };
    let (whole, resumed) = both_ways(&digits().spec, &recipe);
    assert!(whole == resumed);
}

#[wasm_bindgen_test(unsupported = test)]
fn a_run_can_be_taken_up_in_the_middle_of_an_epoch_and_before_its_validation() {
    let spec = depthwise().spec;
    let mut whole = begin(&spec, &recipe());
    train(&mut whole, 3);
    // 6 steps are an epoch whose validation has not begun.
    for steps in [2, 6, 8] {
        let mut first = begin(&spec, &recipe());
        let mut done = 0;
        while done < steps {
            let events = advance(&mut first, steps - done);
            let stepped = |event: &&TrainingEvent| matches!(event, TrainingEvent::Step { .. });
            done += events.iter().filter(stepped).count();
        }
        let mut second = resume(&checkpoint(&first), None).expect("it goes on");
        train(&mut second, 3);
        same_history(&whole, &second);
        assert!(weights(&whole) == weights(&second), "after {steps} steps");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn a_finished_run_can_be_given_more_epochs() {
    let two = Recipe {
        epochs: 2,
        ..recipe()
    };
    let mut finished = begin(&classic().spec, &two);
    train(&mut finished, 2);
    let file = checkpoint(&finished);
    let mut still = resume(&file, None).expect("it can be opened");
    assert_eq!(advance(&mut still, 1), [TrainingEvent::Done]);
    let mut on = resume(&file, Some(3)).expect("it goes on");
    train(&mut on, 3);
    let mut whole = begin(&classic().spec, &recipe());
    train(&mut whole, 3);
    assert!(weights(&whole) == weights(&on));
}

/// As when a field still holds what was typed for another training.
#[wasm_bindgen_test(unsupported = test)]
fn a_run_that_is_given_fewer_epochs_than_it_has_begun_ends_with_the_last_of_them() {
    let mut trainer = begin(&classic().spec, &recipe());
    train(&mut trainer, 2);
    advance(&mut trainer, 1);
    let mut resumed = resume(&checkpoint(&trainer), Some(1)).expect("it goes on");
    for _ in 0..100 {
        advance(&mut resumed, 10);
    }
    assert_eq!(resumed.history().len(), 3);
    assert!(matches!(
        advance(&mut resumed, 1)[..],
        [TrainingEvent::Done]
    ));
}

/// Earlier versions took a last image alone as a step: 6 an epoch for 256 images in batches of 51, where there are 5.
#[wasm_bindgen_test(unsupported = test)]
fn a_run_of_before_with_a_last_image_alone_goes_on_at_the_same_image() {
    let recipe = Recipe {
        batch_size: 51,
        ..short_recipe()
    };
    let begun = |epochs: usize, steps: usize| {
        let mut trainer = begin(&digits().spec, &recipe);
        train(&mut trainer, epochs);
        if steps > 0 {
            advance(&mut trainer, steps);
        }
        let mut file = onnx::network(&checkpoint(&trainer)).expect("a file of our own");
        file.checkpoint.as_mut().expect("state").position.step += epochs;
        Trainer::resume(file, None, fixture::digits(), &Device::flex()).expect("it goes on")
    };
    for (epochs, steps) in [(1, 0), (1, 2), (0, 3)] {
        let events = advance(&mut begun(epochs, steps), 1);
        let [TrainingEvent::Step { epoch, step, .. }, ..] = events[..] else {
            panic!("a step: {events:?}");
        };
        assert_eq!((epoch, step), (epochs + 1, 5 * epochs + steps + 1));
    }
    let ended = advance(&mut begun(2, 0), 1);
    assert_eq!(ended, [TrainingEvent::Done]);
}

#[wasm_bindgen_test(unsupported = test)]
fn a_checkpoint_answers_like_the_plain_file() {
    let mut trainer = begin(&classic().spec, &recipe());
    advance(&mut trainer, 3);
    let plain = pollster::block_on(trainer.onnx()).expect("a file");
    let file = checkpoint(&trainer);
    // Adam keeps two values for each weight.
    assert!(file.len() > 2 * plain.len());
    let (plain, with_state) = (Session::load(&plain), Session::load(&file));
    let (plain, with_state) = (plain.expect("it runs"), with_state.expect("it runs"));
    assert_eq!(plain.facts().parameters, with_state.facts().parameters);
    let image = fixture::digits().pixels(0).to_vec();
    assert_eq!(
        plain.probabilities(&image, 1).expect("an answer"),
        with_state.probabilities(&image, 1).expect("an answer")
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn what_cannot_be_gone_on_with_is_refused_in_a_sentence() {
    let mut trainer = begin(&classic().spec, &recipe());
    advance(&mut trainer, 3);
    let plain = pollster::block_on(trainer.onnx()).expect("a file");
    let error = resume(&plain, None).err().expect("no state");
    assert_eq!(error.code(), "no-training-state");

    let mut file = onnx::network(&checkpoint(&trainer)).expect("a file of our own");
    if let Some(recipe) = &mut file.facts.metadata.recipe {
        recipe.validation_share = 0.5;
    }
    let error = Trainer::resume(file, None, fixture::digits(), &Device::flex());
    let error = error.err().expect("other images are held out");
    assert_eq!(error.code(), "other-data");
    assert!(error.to_string().contains("192"), "{error}");

    // Files of before do not say what the data held; their name decides.
    for id in [None, Some("another".to_owned())] {
        let mut file = onnx::network(&checkpoint(&trainer)).expect("a file of our own");
        file.facts.metadata.dataset = Some("fashion-mnist".into());
        file.facts.metadata.dataset_id = id;
        let error = Trainer::resume(file, None, fixture::digits(), &Device::flex());
        let error = error.err().expect("as many images, but of clothes");
        assert_eq!(error.code(), "other-dataset");
        assert!(error.to_string().contains("fashion-mnist"), "{error}");
    }

    let mut file = onnx::network(&checkpoint(&trainer)).expect("a file of our own");
    file.facts.metadata.dataset_id = Some("another".into());
    let error = Trainer::resume(file, None, fixture::digits(), &Device::flex());
    let error = error.err().expect("of that name, but changed");
    assert_eq!(error.code(), "changed-data");
    assert!(error.to_string().contains("mnist"), "{error}");

    // As a tool leaves it that drops what no operator uses.
    let mut file = onnx::network(&checkpoint(&trainer)).expect("a file of our own");
    if let Some(checkpoint) = &mut file.checkpoint {
        checkpoint.state.truncate(1);
    }
    let error = Trainer::resume(file, None, fixture::digits(), &Device::flex());
    assert_eq!(
        error.err().expect("not all of it").code(),
        "no-training-state"
    );

    let mut file = onnx::network(&checkpoint(&trainer)).expect("a file of our own");
    if let Some(checkpoint) = &mut file.checkpoint {
        checkpoint.position.step = 1000;
    }
    let error = Trainer::resume(file, None, fixture::digits(), &Device::flex());
    assert_eq!(error.err().expect("nonsense").code(), "no-training-state");

    let mut file = onnx::network(&checkpoint(&trainer)).expect("a file of our own");
    if let Some(checkpoint) = &mut file.checkpoint {
        checkpoint.state[0].values.pop();
    }
    let error = Trainer::resume(file, None, fixture::digits(), &Device::flex());
    assert_eq!(
        error.err().expect("a value less").code(),
        "no-training-state"
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn the_same_data_go_on_under_another_name_and_in_files_of_before() {
    let mut trainer = begin(&classic().spec, &recipe());
    advance(&mut trainer, 3);
    let read = || onnx::network(&checkpoint(&trainer)).expect("a file of our own");
    let id = read().facts.metadata.dataset_id;
    assert_eq!(id.as_deref(), Some(fixture::digits().content_id()));
    let mut renamed = read();
    renamed.facts.metadata.dataset = Some("my digits".into());
    let mut older = read();
    older.facts.metadata.dataset_id = None;
    for file in [renamed, older] {
        Trainer::resume(file, None, fixture::digits(), &Device::flex()).expect("it goes on");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn a_file_is_the_start_of_a_training_with_another_recipe() {
    let mut first = begin(&classic().spec, &recipe());
    train(&mut first, 3);
    let file = onnx::network(&pollster::block_on(first.onnx()).expect("a file")).expect("ours");
    assert_eq!(file.spec, classic().spec);
    assert_eq!(file.weights, weights(&first));
    let gentle = Recipe {
        optimizer: OptimizerSpec::SGD,
        learning_rate: 1e-3,
        ..recipe()
    };
    let data = fixture::digits();
    let mut second = Trainer::with_weights(file.spec, gentle, &file.weights, data, &Device::flex())
        .expect("it all fits");
    train(&mut second, 1);
    let (before, after) = (first.history()[2], second.history()[0]);
    assert!(
        after.train_loss < before.train_loss,
        "it begins where the first one ended: {after:?} after {before:?}"
    );
}
