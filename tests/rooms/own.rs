//! Trainings on a person's own images: grey or in colour, of any size and any number of classes.

use burn::tensor::Device;
use hearth::data::{Dataset, Split};
use hearth::infer::Session;
use hearth::model::random::Stream;
use hearth::model::{
    Fit, ImageShape, LayerSpec, ModelSpec, Preprocessing, Recipe, RollingValidation,
};
use hearth::pixels::augment::Augmentation;
use hearth::train::{Trainer, TrainingEvent};
use wasm_bindgen_test::wasm_bindgen_test;

use super::fixture::{conv, short_recipe};

/// Images that are bright where their class says, with noise: `each` for training, a third of it for validation and
/// for test.
fn patches(shape: [usize; 3], classes: usize, each: usize) -> Dataset {
    let [_, height, width] = shape;
    let mut stream = Stream::new(7);
    let (mut pixels, mut labels, mut splits) = (Vec::new(), Vec::new(), Vec::new());
    for (split, count) in [
        (Split::Train, each),
        (Split::Validation, each / 3),
        (Split::Test, each / 3),
    ] {
        for class in (0..classes).flat_map(|class| vec![class; count]) {
            labels.push(class as u16);
            splits.push(split);
            for at in 0..shape.iter().product() {
                let column = at % width * classes / width;
                let row = at / width % height;
                let bright = column == class && row > height / 4;
                pixels.push((stream.unit() * 60.0) as u8 + if bright { 180 } else { 0 });
            }
        }
    }
    let names = (0..classes).map(|class| format!("class {class}")).collect();
    Dataset::new("patches", names, shape, pixels, labels, splits).expect("sound data")
}

fn spec([channels, height, width]: [usize; 3], classes: usize) -> ModelSpec {
    ModelSpec {
        name: "own".into(),
        input: ImageShape {
            channels,
            height,
            width,
        },
        preprocessing: Preprocessing {
            fit: Fit::photo(1.0),
            ..Preprocessing::PHOTO
        },
        layers: vec![
            conv(8, 3, 2, 1),
            LayerSpec::BatchNorm,
            LayerSpec::Relu,
            LayerSpec::MaxPool { size: 2, stride: 2 },
            LayerSpec::Flatten,
            LayerSpec::Dense { units: classes },
        ],
    }
}

fn recipe() -> Recipe {
    Recipe {
        learning_rate: 3e-3,
        batch_size: 16,
        epochs: 4,
        validation_share: 0.2,
        augmentation: Some(Augmentation {
            shift_pixels: 0.5,
            scale: 0.05,
            ..Augmentation::default()
        }),
        rolling_validation: RollingValidation {
            every: 2,
            images: 12,
        },
        ..short_recipe()
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn grey_and_colour_of_every_size_are_learned() {
    for (shape, classes) in [
        ([1, 8, 8], 2),
        ([3, 32, 32], 3),
        ([1, 40, 24], 4),
        ([3, 128, 128], 2),
    ] {
        let data = patches(shape, classes, 24);
        let mut trainer =
            Trainer::new(spec(shape, classes), recipe(), data, &Device::flex()).expect("it fits");
        // Every class is watched, and then again up to ten.
        assert_eq!(trainer.watched().len(), 10);
        let first = |i: usize| trainer.dataset().label(trainer.watched()[i] as usize);
        assert_eq!(
            (0..classes).map(first).collect::<Vec<_>>(),
            (0..classes).collect::<Vec<_>>()
        );
        let mut answers = 0;
        'run: loop {
            for event in pollster::block_on(trainer.advance(50)).expect("it goes on") {
                match event {
                    TrainingEvent::RollingValidation {
                        answers: given,
                        images,
                        ..
                    } => {
                        assert_eq!((given.len(), images), (10, 12));
                        assert!(given.iter().all(|answer| answer.index < classes));
                        answers += 1;
                    }
                    TrainingEvent::Done => break 'run,
                    _ => {}
                }
            }
        }
        assert!(answers > 0);
        let last = trainer.history().last().copied().expect("epochs");
        assert!(last.val_accuracy > Some(0.9), "{shape:?}: {last:?}");
        // All that the data came with are validated on, and no others.
        assert_eq!(trainer.dataset().count(Split::Train), 24 * classes);

        let file = pollster::block_on(trainer.onnx()).expect("a file");
        let session = Session::load(&file).expect("it runs");
        let data = trainer.dataset();
        let right = data.indices(Split::Test).into_iter().filter(|&i| {
            let p = session
                .probabilities(data.pixels(i as usize), 1)
                .expect("an answer");
            let best = (0..classes).max_by(|&a, &b| p[a].total_cmp(&p[b]));
            best == Some(data.label(i as usize))
        });
        assert!(
            right.count() * 10 >= 9 * data.count(Split::Test),
            "{shape:?}"
        );
    }
}

/// More classes than are watched, and than a byte counts.
#[wasm_bindgen_test(unsupported = test)]
fn three_hundred_classes_are_no_more_than_a_longer_last_layer() {
    let shape = [1, 8, 8];
    let labels: Vec<u16> = (0..600).map(|i| i % 300).collect();
    let names = (0..300).map(|class| class.to_string()).collect();
    let data = Dataset::new(
        "many",
        names,
        shape,
        vec![9; 600 * 64],
        labels,
        vec![Split::Train; 600],
    );
    let recipe = Recipe {
        epochs: 1,
        ..recipe()
    };
    let mut trainer = Trainer::new(
        spec(shape, 300),
        recipe,
        data.expect("sound data"),
        &Device::flex(),
    )
    .expect("it fits");
    assert_eq!(trainer.watched().len(), 10);
    let events = pollster::block_on(trainer.advance(3)).expect("it goes on");
    assert!(matches!(events[0], TrainingEvent::Step { .. }));
}
