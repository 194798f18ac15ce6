//! Changed copies of pictures.

use hearth::pixels::copies::{Changes, copy};
use hearth::pixels::{Fit, PixelErrorKind, Rgba};
use wasm_bindgen_test::wasm_bindgen_test;

use super::fixture::digits;

const PHOTO: Fit = Fit::photo(0.875);
const NONE: Changes = Changes { mirror: false };

/// Red grows to the right, green downwards, blue is even.
fn slopes(width: usize, height: usize) -> Vec<u8> {
    let pixel = |i: usize| {
        let (x, y) = (i % width, i / width);
        [
            (x * 255 / (width - 1)) as u8,
            (y * 255 / (height - 1)) as u8,
            128,
            255,
        ]
    };
    (0..width * height).flat_map(pixel).collect()
}

fn mean(values: &[u8]) -> f32 {
    values.iter().map(|&v| f32::from(v)).sum::<f32>() / values.len() as f32
}

#[wasm_bindgen_test(unsupported = test)]
fn copies_differ_and_are_always_the_same() {
    let pixels = slopes(90, 60);
    let picture = Rgba::new(&pixels, 90, 60).expect("a picture");
    for fit in [PHOTO, Fit::Whole] {
        for shape in [[3, 24, 24], [1, 20, 30]] {
            let made = |seed, number| copy(picture, fit, shape, seed, number, NONE).expect("fits");
            let plain = fit.image(picture, shape).expect("fits");
            assert_eq!(made(1, 0), plain);
            let all: Vec<Vec<u8>> = (1..=8).map(|number| made(1, number)).collect();
            for (i, image) in all.iter().enumerate() {
                assert_eq!(image.len(), plain.len());
                assert_ne!(*image, plain);
                assert!(!all[..i].contains(image));
                assert_eq!(*image, made(1, i as u32 + 1));
                assert_ne!(*image, made(2, i as u32 + 1));
            }
        }
    }
}

/// What is right in the picture is right in its copies, unless they are mirrored; about as bright; and of the picture.
#[wasm_bindgen_test(unsupported = test)]
fn a_photograph_stays_what_it_is() {
    let pixels = slopes(300, 200);
    let picture = Rgba::new(&pixels, 300, 200).expect("a picture");
    let (mut mirrored, mut lefts, mut widest) = (0, 0, 0.0f32);
    for number in 1..=64 {
        let image = copy(picture, PHOTO, [3, 32, 32], 7, number, NONE).expect("fits");
        let planes: Vec<&[u8]> = image.chunks_exact(32 * 32).collect();
        let side = |plane: &[u8], first: usize| {
            let columns = plane
                .chunks_exact(32)
                .flat_map(|row| row[first..first + 8].to_vec());
            mean(&columns.collect::<Vec<u8>>())
        };
        assert!(side(planes[0], 24) > side(planes[0], 0) + 20.0);
        assert!(mean(&planes[1][24 * 32..]) > mean(&planes[1][..8 * 32]) + 20.0);
        assert!((60.0..200.0).contains(&mean(planes[2])));
        widest = widest.max(mean(planes[0]));
        lefts += usize::from(mean(planes[0]) < 100.0);
        let other = copy(
            picture,
            PHOTO,
            [3, 32, 32],
            7,
            number,
            Changes { mirror: true },
        );
        let other = other.expect("fits");
        mirrored += usize::from(side(&other[..1024], 24) < side(&other[..1024], 0));
    }
    // From everywhere in the picture.
    assert!(widest > 150.0 && lefts > 5, "{widest} {lefts}");
    assert!((20..=44).contains(&mirrored), "{mirrored}");
}

/// A square of the network's own size, two thirds of it black: only tilt, place, size and light are changed, so that a copy
/// of black and white has black, white and what lies between, but for the light.
#[wasm_bindgen_test(unsupported = test)]
fn light_changes_by_a_fifth_at_most() {
    let pixels = vec![100; 64 * 64 * 4];
    let grey: Vec<u8> = pixels
        .chunks_exact(4)
        .flat_map(|p| [p[0], p[1], p[2], 255])
        .collect();
    let picture = Rgba::new(&grey, 64, 64).expect("a picture");
    let mut values = Vec::new();
    for number in 1..=40 {
        let image = copy(picture, PHOTO, [3, 16, 16], 1, number, NONE).expect("fits");
        // One colour stays one colour.
        assert!(image.iter().all(|value| *value == image[0]));
        values.push(image[0]);
    }
    assert!(
        values.iter().all(|value| (80..=120).contains(value)),
        "{values:?}"
    );
    assert!(values.iter().any(|value| *value < 90) && values.iter().any(|value| *value > 110));
}

#[wasm_bindgen_test(unsupported = test)]
fn ink_stays_ink() {
    let data = digits();
    let digit = data.pixels(3);
    let pixels: Vec<u8> = digit
        .iter()
        .flat_map(|&v| [255 - v, 255 - v, 255 - v, 255])
        .collect();
    let picture = Rgba::new(&pixels, 28, 28).expect("a picture");
    let plain = Fit::Digit.image(picture, [1, 28, 28]).expect("fits");
    for number in 1..=20 {
        let image = copy(picture, Fit::Digit, [1, 28, 28], 5, number, NONE).expect("fits");
        assert_ne!(image, plain);
        let (now, before) = (mean(&image), mean(&plain));
        assert!((0.5..2.0).contains(&(now / before)), "{now} {before}");
    }
    // Of what has nothing drawn on it there is only one.
    let blank = [255; 28 * 28 * 4];
    let blank = Rgba::new(&blank, 28, 28).expect("a picture");
    let copy = copy(blank, Fit::Digit, [1, 28, 28], 5, 1, NONE).expect("fits");
    assert!(copy.iter().all(|value| *value == 0));
}

#[wasm_bindgen_test(unsupported = test)]
fn odd_shapes_are_made_or_refused() {
    let pixels = slopes(2, 2);
    let tiny = Rgba::new(&pixels, 2, 2).expect("a picture");
    for shape in [[3, 1, 1], [3, 40, 7], [1, 224, 224]] {
        let image = copy(tiny, PHOTO, shape, 1, 1, NONE).expect("fits");
        assert_eq!(image.len(), shape.iter().product::<usize>());
    }
    let wide = slopes(500, 2);
    let wide = Rgba::new(&wide, 500, 2).expect("a picture");
    assert!(copy(wide, PHOTO, [3, 8, 8], 1, 1, NONE).is_ok());
    let error = copy(tiny, PHOTO, [2, 8, 8], 1, 1, NONE).expect_err("two channels");
    assert!(matches!(error.kind(), PixelErrorKind::ImageShape { .. }));
    assert!(copy(tiny, Fit::photo(0.0), [3, 8, 8], 1, 1, NONE).is_err());
}
