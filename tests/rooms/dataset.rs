use hearth::data::idx::{Images, write_images, write_labels};
use hearth::data::order::shuffled;
use hearth::data::{
    Builtin, DataError, DataErrorKind, Dataset, IdxPair, Part, Split, mnist_classes, read_split,
};
use hearth::model::Fit;
use wasm_bindgen_test::wasm_bindgen_test;

/// A data set of 1 × 1 pixels, all training, with these labels.
fn training(classes: usize, labels: &[u16]) -> Dataset {
    let names = (0..classes).map(|class| format!("class {class}")).collect();
    let pixels = vec![0; labels.len()];
    let splits = vec![Split::Train; labels.len()];
    Dataset::new("test", names, [1, 1, 1], pixels, labels.to_vec(), splits).unwrap()
}

/// A file of images and one of labels.
type Files = (Vec<u8>, Vec<u8>);

fn idx(pixels: &[u8], height: usize, width: usize, labels: &[u8]) -> Files {
    let images = Images::new(pixels, height, width).unwrap();
    (
        write_images(&images).unwrap(),
        write_labels(labels).unwrap(),
    )
}

fn from_idx(train: &Files, test: &Files) -> Result<Dataset, DataError> {
    let train = IdxPair {
        images: &train.0,
        labels: &train.1,
    };
    let test = IdxPair {
        images: &test.0,
        labels: &test.1,
    };
    Dataset::from_idx("MNIST", mnist_classes(), train, test)
}

#[wasm_bindgen_test(unsupported = test)]
fn four_idx_files_make_a_data_set() {
    let train = idx(&[1, 2, 3, 4, 5, 6, 7, 8], 2, 2, &[3, 9]);
    let test = idx(&[9, 10, 11, 12], 2, 2, &[0]);
    let data = from_idx(&train, &test).unwrap();
    assert_eq!(
        (data.name(), data.len(), data.shape()),
        ("MNIST", 3, [1, 2, 2])
    );
    assert_eq!(data.classes()[9], "9");
    assert_eq!(
        (data.pixels(1), data.label(1), data.split(1)),
        (&[5, 6, 7, 8][..], 9, Split::Train)
    );
    assert_eq!(
        (data.pixels(2), data.label(2), data.split(2)),
        (&[9, 10, 11, 12][..], 0, Split::Test)
    );
    assert_eq!(data.indices(Split::Train), [0, 1]);
    assert_eq!(
        [Split::Train, Split::Validation, Split::Test].map(|split| data.count(split)),
        [2, 0, 1]
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn files_that_do_not_belong_together_are_named() {
    let good = idx(&[1, 2, 3, 4], 2, 2, &[3]);
    let error = |train: &Files, test: &Files| {
        let error = from_idx(train, test).unwrap_err();
        (error.kind().clone(), error.part())
    };
    assert_eq!(
        error(&idx(&[0; 8], 2, 2, &[1]), &good),
        (
            DataErrorKind::CountMismatch {
                images: 2,
                labels: 1
            },
            Some(Part::TrainLabels)
        )
    );
    assert_eq!(
        error(&good, &idx(&[0; 4], 2, 2, &[10])),
        (
            DataErrorKind::LabelOutOfRange {
                sample: 0,
                label: 10,
                classes: 10
            },
            Some(Part::TestLabels)
        )
    );
    assert_eq!(
        error(&good, &idx(&[0; 4], 1, 4, &[1])),
        (
            DataErrorKind::ShapesDiffer {
                train: [2, 2],
                test: [1, 4]
            },
            None
        )
    );
    let swapped = (good.1.clone(), good.0.clone());
    let swapped = from_idx(&swapped, &good).unwrap_err();
    assert!(
        swapped.to_string().starts_with("In the training images: "),
        "{swapped}"
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn what_does_not_add_up_is_refused() {
    let classes = || vec!["a".to_string(), "b".to_string()];
    let error = |shape, pixels: usize, labels: &[u16], splits: usize| {
        let (pixels, splits) = (vec![0; pixels], vec![Split::Train; splits]);
        let made = Dataset::new("x", classes(), shape, pixels, labels.to_vec(), splits);
        made.unwrap_err().kind().clone()
    };
    let empty = [0, 2, 3];
    assert_eq!(
        error(empty, 0, &[0, 1], 2),
        DataErrorKind::Shape { shape: empty }
    );
    let huge = [3, usize::MAX, 3];
    assert_eq!(
        error(huge, 0, &[0, 1], 2),
        DataErrorKind::Shape { shape: huge }
    );
    assert_eq!(
        error([1, 2, 3], 11, &[0, 1], 2),
        DataErrorKind::PixelCount { have: 11, need: 12 }
    );
    assert_eq!(
        error([1, 2, 3], 12, &[0, 1], 1),
        DataErrorKind::SplitCount {
            splits: 1,
            labels: 2
        }
    );
    assert_eq!(
        error([1, 2, 3], 12, &[0, 2], 2),
        DataErrorKind::LabelOutOfRange {
            sample: 1,
            label: 2,
            classes: 2
        }
    );
    let none = Dataset::new("x", vec![], [1, 1, 1], vec![], vec![], vec![]).unwrap_err();
    assert_eq!(*none.kind(), DataErrorKind::ClassCount { found: 0 });
    assert!(
        Dataset::new("x", classes(), [1, 1, 1], vec![], vec![], vec![])
            .unwrap()
            .is_empty()
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn validation_takes_its_share_of_every_class() {
    let labels: Vec<u16> = (0..1000)
        .map(|i| if i < 700 { 0 } else { 1 + (i % 2) as u16 })
        .collect();
    let mut data = training(3, &labels);
    data.hold_out_validation(0.1, 1);
    let held = data.indices(Split::Validation);
    let of = |class| {
        held.iter()
            .filter(|&&i| data.label(i as usize) == class)
            .count()
    };
    assert_eq!((held.len(), of(0), of(1), of(2)), (100, 70, 15, 15));
    assert_eq!(data.count(Split::Train), 900);
}

#[wasm_bindgen_test(unsupported = test)]
fn small_classes_give_their_share_together() {
    let labels: Vec<u16> = (0..40).map(|i| i % 10).collect();
    let mut data = training(10, &labels);
    data.hold_out_validation(0.1, 1);
    assert_eq!(data.count(Split::Validation), 4);
}

#[wasm_bindgen_test(unsupported = test)]
fn a_second_hold_out_replaces_the_first() {
    let labels: Vec<u16> = (0..200).map(|i| (i % 4) as u16).collect();
    let mut data = training(4, &labels);
    data.hold_out_validation(0.5, 1);
    let first = data.indices(Split::Validation);
    data.hold_out_validation(0.5, 2);
    let other = data.indices(Split::Validation);
    data.hold_out_validation(0.5, 1);
    assert_eq!(data.indices(Split::Validation), first);
    assert_ne!(other, first);
    data.hold_out_validation(0.0, 1);
    assert_eq!(data.count(Split::Train), 200);
    data.hold_out_validation(f32::NAN, 1);
    assert_eq!(data.count(Split::Validation), 0);
}

#[wasm_bindgen_test(unsupported = test)]
fn every_class_keeps_a_sample_to_learn_from() {
    let mut data = training(3, &[0, 0, 0, 0, 1]);
    data.hold_out_validation(1.0, 7);
    assert_eq!(data.count(Split::Train), 2);
    assert_eq!(data.split(4), Split::Train);
}

#[wasm_bindgen_test(unsupported = test)]
fn splits_that_came_with_the_data_stay() {
    let splits = [
        [Split::Train; 8].as_slice(),
        &[Split::Validation, Split::Test],
    ]
    .concat();
    let mut data = Dataset::new(
        "x",
        vec!["a".into()],
        [1, 1, 1],
        vec![0; 10],
        vec![0; 10],
        splits,
    )
    .unwrap();
    // There is a validation split: no more is taken from training.
    for share in [0.25, 0.0, 1.0] {
        data.hold_out_validation(share, 1);
        assert_eq!(data.indices(Split::Validation), [8]);
        assert_eq!(data.count(Split::Train), 8);
        assert_eq!(data.split(9), Split::Test);
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn the_content_has_an_id_that_the_name_does_not_change_and_everything_else_does() {
    let names = |a: &str, b: &str| vec![a.to_owned(), b.to_owned()];
    let splits = || vec![Split::Train, Split::Train, Split::Test];
    let id = |name: &str, classes, shape, pixels: &[u8], labels: &[u16], splits| {
        let data = Dataset::new(
            name,
            classes,
            shape,
            pixels.to_vec(),
            labels.to_vec(),
            splits,
        );
        data.expect("sound data").content_id().to_owned()
    };
    let shape = [1, 2, 1];
    let first = id(
        "x",
        names("a", "b"),
        shape,
        &[1, 2, 3, 4, 5, 6],
        &[0, 1, 0],
        splits(),
    );
    // Written down once, natively; the browser must give the same.
    assert_eq!(first, GOLDEN_ID);
    let same = id(
        "y",
        names("a", "b"),
        shape,
        &[1, 2, 3, 4, 5, 6],
        &[0, 1, 0],
        splits(),
    );
    assert_eq!(first, same);
    let others = [
        id(
            "x",
            names("ab", ""),
            shape,
            &[1, 2, 3, 4, 5, 6],
            &[0, 1, 0],
            splits(),
        ),
        id(
            "x",
            names("a", "c"),
            shape,
            &[1, 2, 3, 4, 5, 6],
            &[0, 1, 0],
            splits(),
        ),
        id(
            "x",
            names("a", "b"),
            [1, 1, 2],
            &[1, 2, 3, 4, 5, 6],
            &[0, 1, 0],
            splits(),
        ),
        id(
            "x",
            names("a", "b"),
            shape,
            &[1, 2, 3, 4, 5, 7],
            &[0, 1, 0],
            splits(),
        ),
        id(
            "x",
            names("a", "b"),
            shape,
            &[1, 2, 3, 4, 5, 6],
            &[0, 1, 1],
            splits(),
        ),
        id(
            "x",
            names("a", "b"),
            shape,
            &[1, 2, 3, 4, 5, 6],
            &[0, 1, 0],
            vec![Split::Train; 3],
        ),
    ];
    for (i, other) in others.iter().enumerate() {
        assert_ne!(*other, first, "{i}");
    }
    let mut held = training(2, &[0, 1, 0, 1, 0, 1, 0, 1]);
    let before = held.content_id().to_owned();
    held.hold_out_validation(0.5, 1);
    assert_eq!(held.content_id(), before);
}

const GOLDEN_ID: &str = "fa72d0978cd078886675f9c89ac0ace5";

#[wasm_bindgen_test(unsupported = test)]
fn a_dataset_of_hearths_own_is_known_by_its_name() {
    let files = idx(&[1, 2, 3, 4], 2, 2, &[3]);
    let pair = IdxPair {
        images: &files.0,
        labels: &files.1,
    };
    let data = Dataset::builtin(Builtin::FashionMnist, pair, pair).expect("sound files");
    assert_eq!(
        (data.content_id(), data.name()),
        ("fashion-mnist", "fashion-mnist")
    );
    assert_eq!(data.classes()[3], "Dress");
    let mnist = from_idx(&files, &files).expect("sound files");
    assert_eq!(mnist.content_id().len(), 32);
}

/// Written down once, natively; the browser must give the same.
#[wasm_bindgen_test(unsupported = test)]
fn a_shuffle_is_the_same_on_every_platform() {
    let indices: Vec<u32> = (0..10).collect();
    assert_eq!(shuffled(&indices, 1, 1), GOLDEN_SMALL);
    let indices: Vec<u32> = (0..60_000).collect();
    assert_eq!(shuffled(&indices, 42, 3)[..6], GOLDEN_LARGE);
    let mut data = training(2, &[0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1]);
    data.hold_out_validation(0.34, 5);
    assert_eq!(data.indices(Split::Validation), GOLDEN_HELD);
}

const GOLDEN_SMALL: [u32; 10] = [2, 0, 9, 7, 3, 1, 5, 8, 6, 4];
const GOLDEN_LARGE: [u32; 6] = [11637, 34014, 7822, 41508, 49730, 50688];
const GOLDEN_HELD: [u32; 4] = [0, 5, 8, 9];

#[wasm_bindgen_test(unsupported = test)]
fn a_shuffle_keeps_every_index_and_changes_with_seed_and_epoch() {
    let indices: Vec<u32> = (100..400).collect();
    let order = shuffled(&indices, 1, 1);
    let mut sorted = order.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, indices);
    assert_eq!(order, shuffled(&indices, 1, 1));
    assert_ne!(order, shuffled(&indices, 1, 2));
    assert_ne!(order, shuffled(&indices, 2, 1));
    assert_eq!(shuffled(&[], 1, 1), [0u32; 0]);
}

/// Over 6,000 shuffles of four, each of the 24 orders is as likely: χ² with 23 degrees of freedom stays under 49.7
/// with probability 0.999.
#[wasm_bindgen_test(unsupported = test)]
fn all_orders_are_equally_likely() {
    let mut counts = std::collections::HashMap::<Vec<u32>, u32>::new();
    for epoch in 0..6000 {
        *counts
            .entry(shuffled(&[0, 1, 2, 3], 11, epoch))
            .or_default() += 1;
    }
    assert_eq!(counts.len(), 24);
    let chi2: f64 = counts
        .values()
        .map(|&n| (f64::from(n) - 250.0).powi(2) / 250.0)
        .sum();
    assert!(chi2 < 49.7, "χ² = {chi2}");
}

#[wasm_bindgen_test(unsupported = test)]
fn the_built_in_datasets_are_known_by_name_with_ten_classes_each() {
    for builtin in Builtin::ALL {
        assert_eq!(Builtin::of(builtin.id()), Some(builtin));
        assert_eq!(builtin.classes().len(), 10);
    }
    assert_eq!(Builtin::of("mnist 2"), None);
    assert_eq!(Builtin::FashionMnist.classes()[9], "Ankle boot");
    assert_eq!(
        [Builtin::Mnist.fit(), Builtin::FashionMnist.fit()],
        [Fit::Digit, Fit::Whole]
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn one_split_alone_is_read_and_checked() {
    let (images, labels) = idx(&[1, 2, 3, 4, 5, 6, 7, 8], 2, 2, &[3, 9]);
    let pair = IdxPair {
        images: &images,
        labels: &labels,
    };
    let (read, classes) = read_split(pair, 10).unwrap();
    assert_eq!((read.count(), classes), (2, vec![3, 9]));
    let error = read_split(pair, 9).unwrap_err();
    let out_of_range = DataErrorKind::LabelOutOfRange {
        sample: 1,
        label: 9,
        classes: 9,
    };
    assert_eq!(*error.kind(), out_of_range);
}
