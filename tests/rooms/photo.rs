//! Photos: what a network is given of them, and what the shipped networks say to some.

use std::collections::BTreeMap;

use hearth::infer::Session;
use hearth::onnx::{self, FEATURES};
use hearth::pixels::{Filter, Rgba, photo};
use wasm_bindgen_test::wasm_bindgen_test;

const LITE0: &[u8] = include_bytes!("../../www/public/models/lite0.onnx");
const LITE2: &[u8] = include_bytes!("../../www/public/models/lite2.onnx");
const DIGITS: &[u8] = include_bytes!("../../www/public/models/digits.onnx");
const CAT: &[u8] = include_bytes!("../fixtures/photos/chelsea-128.rgb");
const COFFEE: &[u8] = include_bytes!("../fixtures/photos/coffee-128.rgb");

/// What `tests/fixtures/photos.py` had Pillow do.
#[derive(serde::Deserialize)]
struct Case {
    /// Width and height of the corner of the source that is the picture.
    picture: [usize; 2],
    /// `[channels, height, width]`
    image: [usize; 3],
    crop: f32,
}

fn cases() -> Vec<Case> {
    serde_json::from_str(include_str!("../fixtures/photos/pillow-cases.json")).expect("our own")
}

/// 90 × 67 pixels, partly transparent.
const SOURCE: &[u8] = include_bytes!("../fixtures/photos/pillow-source.rgba");
const SOURCE_WIDTH: usize = 90;

fn corner([width, height]: [usize; 2]) -> Vec<u8> {
    let rows = SOURCE.chunks_exact(4 * SOURCE_WIDTH).take(height);
    rows.flat_map(|row| &row[..4 * width]).copied().collect()
}

fn opaque(rgb: &[u8]) -> Vec<u8> {
    let pixels = rgb.as_chunks::<3>().0.iter();
    pixels.flat_map(|&[r, g, b]| [r, g, b, 255]).collect()
}

fn best(session: &Session, rgb: &[u8], side: usize) -> Vec<String> {
    let rgba = opaque(rgb);
    let picture = Rgba::new(&rgba, side, side).expect("a picture");
    let photo = session.photo(picture, 5).expect("an answer");
    photo
        .predictions
        .into_iter()
        .map(|best| best.label)
        .collect()
}

#[wasm_bindgen_test(unsupported = test)]
fn the_middle_of_a_photo_is_pillows_to_the_last_bit() {
    let mut expected = &include_bytes!("../fixtures/photos/pillow-expected.bin")[..];
    for case in cases() {
        let [channels, height, width] = case.image;
        let rgba = corner(case.picture);
        let picture = Rgba::new(&rgba, case.picture[0], case.picture[1]).expect("a picture");
        let image = photo::fit(picture, case.image, case.crop, Filter::Bicubic);
        let (now, rest) = expected.split_at(channels * height * width);
        let different = image.iter().zip(now).filter(|(a, b)| a != b).count();
        assert_eq!((image.len(), different), (now.len(), 0), "{:?}", case.image);
        expected = rest;
    }
    assert!(expected.is_empty());
}

/// Sizes at which 0.875 of the side is a whole number that floating point misses.
#[wasm_bindgen_test(unsupported = test)]
fn the_crop_is_a_whole_number_of_pixels_where_there_is_one() {
    for (short, long, side) in [(488, 500, 224), (344, 400, 260), (920, 920, 224)] {
        let rgba: Vec<u8> = (0..short * long * 4)
            .map(|i| match i % 4 {
                3 => 255,
                _ => ((i as u32).wrapping_mul(2_654_435_761) >> 24) as u8,
            })
            .collect();
        let whole = Rgba::new(&rgba, long, short).expect("a picture");
        let crop = short * 7 / 8;
        let (left, top) = ((long - crop).div_ceil(2), (short - crop).div_ceil(2));
        let middle: Vec<u8> = (top..top + crop)
            .flat_map(|y| {
                let start = (y * long + left) * 4;
                rgba[start..start + crop * 4].to_vec()
            })
            .collect();
        let middle = Rgba::new(&middle, crop, crop).expect("a picture");
        assert!(
            photo::fit(whole, [3, side, side], 0.875, Filter::Bicubic)
                == photo::fit(middle, [3, side, side], 1.0, Filter::Bicubic),
            "{short} × {long}"
        );
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn the_shipped_networks_know_a_cat_and_a_cup_of_coffee() {
    for file in [LITE0, LITE2] {
        let session = Session::load(file).expect("tract runs it");
        let cats = best(&session, CAT, 128);
        assert!(
            ["tiger cat", "Egyptian cat", "tabby"].contains(&cats[0].as_str()),
            "{cats:?}"
        );
        let cups = best(&session, COFFEE, 128);
        assert_eq!(cups[0], "espresso", "{cups:?}");
        assert_eq!((cats.len(), session.labels().len()), (5, 1000));
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn a_files_preprocessing_and_parameters_are_read_without_a_spec() {
    let facts = onnx::read(LITE0).expect("our own file");
    let preprocessing = facts.preprocessing();
    // FACTS of the published network: (x − 127) / 128.
    assert_eq!(preprocessing.image(&[127, 255, 127], 3), [0.0, 1.0, 0.0]);
    assert_eq!(facts.input.dims(), [3, 224, 224]);
    assert!(
        (4_600_000..4_800_000).contains(&facts.parameters),
        "{}",
        facts.parameters
    );
    let drawing = Session::load(LITE0).expect("tract runs it");
    assert!(!drawing.takes_drawings());
}

#[wasm_bindgen_test(unsupported = test)]
fn the_embedding_and_the_last_map_come_when_asked_for() {
    let session = Session::load_with(LITE0, &[FEATURES, "map"]).expect("tract runs it");
    let rgba = opaque(CAT);
    let picture = Rgba::new(&rgba, 128, 128).expect("a picture");
    let photo = session.photo(picture, 1).expect("an answer");
    let [features, map] = photo.inner.as_slice() else {
        panic!("both were asked for");
    };
    assert_eq!(
        (features.name.as_str(), &features.shape[..]),
        (FEATURES, &[1, 1280][..])
    );
    assert_eq!(
        (map.name.as_str(), &map.shape[..]),
        ("map", &[1, 1280, 7, 7][..])
    );
    // The embedding is each channel's mean.
    for (mean, channel) in features.values.iter().zip(map.values.chunks_exact(49)) {
        let expected: f32 = channel.iter().sum::<f32>() / 49.0;
        assert!((mean - expected).abs() < 1e-4, "{mean} for {expected}");
    }
    let plain = Session::load(LITE0).expect("tract runs it");
    let alone = plain.photo(picture, 1).expect("an answer");
    assert!(alone.inner.is_empty());
    assert!((alone.predictions[0].p - photo.predictions[0].p).abs() < 1e-5);
    assert!(Session::load_with(LITE0, &["no such tensor"]).is_err());
}

#[wasm_bindgen_test(unsupported = test)]
fn pictures_of_any_size_are_answered() {
    let session = Session::load(LITE0).expect("tract runs it");
    for (width, height) in [(1, 1), (1, 900), (900, 1), (3, 2), (1999, 17)] {
        let rgba: Vec<u8> = (0..width * height * 4).map(|i| (i * 31) as u8).collect();
        let picture = Rgba::new(&rgba, width, height).expect("a picture");
        let photo = session.photo(picture, 3).expect("an answer");
        assert_eq!(photo.predictions.len(), 3, "{width} × {height}");
        assert!(photo.predictions[0].p.is_finite());
    }
}

/// A sheet of paper on a dark table, lit from the left, photographed a little blurred, with an image of MNIST written on
/// it. The table shows as a `margin` of that share on every side.
fn sheet(digit: &[u8], width: usize, height: usize, margin: f32) -> Vec<u8> {
    let (side, left, top) = (height / 2, width * 2 / 5, height / 4);
    let ink = |x: f32, y: f32| {
        let at = |x: isize, y: isize| match (usize::try_from(x), usize::try_from(y)) {
            (Ok(x), Ok(y)) if x < 28 && y < 28 => f32::from(digit[y * 28 + x]) / 255.0,
            _ => 0.0,
        };
        let (column, row) = (x.floor() as isize, y.floor() as isize);
        let (right, below) = (x - x.floor(), y - y.floor());
        let upper = at(column, row) * (1.0 - right) + at(column + 1, row) * right;
        let lower = at(column, row + 1) * (1.0 - right) + at(column + 1, row + 1) * right;
        upper * (1.0 - below) + lower * below
    };
    let mut rgba = Vec::with_capacity(4 * width * height);
    for y in 0..height {
        for x in 0..width {
            let within = |place: usize, side: usize| {
                let share = place as f32 / side as f32;
                share > margin && share < 1.0 - margin
            };
            let on_paper = within(x, width) && within(y, height);
            let light = 1.0 - 0.55 * x as f32 / width as f32;
            let grain = ((x * 7 + y * 13) % 11) as f32 - 5.0;
            let scale = 28.0 / side as f32;
            let written = ink(
                (x as f32 - left as f32) * scale,
                (y as f32 - top as f32) * scale,
            );
            let colour = if on_paper {
                225.0 - 165.0 * written
            } else {
                60.0
            };
            let v = (light * colour + grain).clamp(0.0, 255.0) as u8;
            rgba.extend([
                v,
                (f32::from(v) * 0.97) as u8,
                (f32::from(v) * 0.9) as u8,
                255,
            ]);
        }
    }
    rgba
}

#[wasm_bindgen_test(unsupported = test)]
fn digits_on_photographs_of_unevenly_lit_paper_are_read() {
    let session = Session::load(DIGITS).expect("tract runs it");
    let images = &include_bytes!("../fixtures/mnist-test-64-images.idx")[16..];
    let labels = &include_bytes!("../fixtures/mnist-test-64-labels.idx")[8..];
    let mut right = 0;
    for (image, label) in images.chunks_exact(784).zip(labels) {
        let rgba = sheet(image, 640, 480, 0.1);
        let picture = Rgba::new(&rgba, 640, 480).expect("a picture");
        let photo = session.photo(picture, 1).expect("an answer");
        let read = photo.predictions.first().map(|best| best.index);
        right += usize::from(read == Some(usize::from(*label)));
    }
    println!("{right} of 64");
    assert!(right >= 61, "{right} of 64");
}

#[wasm_bindgen_test(unsupported = test)]
fn an_image_of_mnist_is_read_as_a_photo_too() {
    let session = Session::load(DIGITS).expect("tract runs it");
    let images = &include_bytes!("../fixtures/mnist-test-64-images.idx")[16..];
    let labels = &include_bytes!("../fixtures/mnist-test-64-labels.idx")[8..];
    for (image, &label) in images.chunks_exact(784).zip(labels) {
        let rgba: Vec<u8> = image.iter().flat_map(|&v| [v, v, v, 255]).collect();
        let picture = Rgba::new(&rgba, 28, 28).expect("a picture");
        let photo = session.photo(picture, 1).expect("an answer");
        assert_eq!(photo.predictions[0].index, usize::from(label));
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn an_empty_sheet_of_paper_holds_no_digit() {
    let session = Session::load(DIGITS).expect("tract runs it");
    // In the middle of a large table the sheet's edge is all there is to see.
    for margin in [0.1, 0.3] {
        let rgba = sheet(&[0; 784], 640, 480, margin);
        let picture = Rgba::new(&rgba, 640, 480).expect("a picture");
        let photo = session.photo(picture, 1).expect("an answer");
        assert!(
            photo.predictions.is_empty(),
            "{margin}: {:?}",
            photo.predictions
        );
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn every_class_has_a_chinese_name() {
    let names = include_str!("../../www/src/i18n/imagenet-zh.json");
    let names: BTreeMap<String, String> = serde_json::from_str(names).expect("our own");
    for file in [LITE0, LITE2] {
        let labels = onnx::read(file).expect("our own").metadata.labels;
        assert_eq!(labels.len(), 1000);
        for label in labels {
            let name = names.get(&label).expect("each class has a name");
            assert!(!name.is_ascii() || name == &label, "{label}: {name:?}");
        }
    }
}

#[cfg(feature = "cli")]
#[test]
fn openly_licensed_photos_get_their_classes() {
    let photos = [
        (
            "www/public/samples/chelsea.jpg",
            &["tiger cat", "Egyptian cat"][..],
        ),
        ("www/public/samples/coffee.jpg", &["espresso"]),
        ("tests/fixtures/photos/camera.jpg", &["tripod"]),
        ("tests/fixtures/photos/flower.jpg", &["daisy"]),
    ];
    let session = Session::load(LITE0).expect("tract runs it");
    for (path, expected) in photos {
        let image = image::open(path).expect("a fixture").into_rgba8();
        let (width, height) = (image.width() as usize, image.height() as usize);
        let picture = Rgba::new(image.as_raw(), width, height).expect("a picture");
        let photo = session.photo(picture, 5).expect("an answer");
        assert!(
            expected.contains(&photo.predictions[0].label.as_str()),
            "{path}: {:?}",
            photo.predictions
        );
    }
}
