//! Pictures brought to a network's size, for training as for answering.

use hearth::pixels::{Filter, Fit, PixelErrorKind, Rgba, digit, photo, whole};
use wasm_bindgen_test::wasm_bindgen_test;

const WHITE: [u8; 4] = [255; 4];
const RED: [u8; 4] = [200, 30, 40, 255];
const BLUE: [u8; 4] = [10, 60, 220, 255];

fn picture(width: usize, height: usize, colour: impl Fn(usize, usize) -> [u8; 4]) -> Vec<u8> {
    (0..height)
        .flat_map(|y| (0..width).map(move |x| (x, y)))
        .flat_map(|(x, y)| colour(x, y))
        .collect()
}

/// A stroke on white.
fn stroke() -> Vec<u8> {
    let inside = |x, y| (40..46).contains(&x) && (20..80).contains(&y);
    picture(
        100,
        100,
        |x, y| if inside(x, y) { [0, 0, 0, 255] } else { WHITE },
    )
}

fn rgba(data: &[u8], width: usize, height: usize) -> Rgba<'_> {
    Rgba::new(data, width, height).expect("as many bytes as pixels")
}

#[wasm_bindgen_test(unsupported = test)]
fn each_fit_is_its_own_way_to_the_input() {
    let data = stroke();
    let picture = rgba(&data, 100, 100);
    let image = |fit: Fit, shape| fit.image(picture, shape).expect("a sound shape");
    let centred = digit::center(picture).expect("there is ink");
    assert_eq!(image(Fit::Digit, [1, 28, 28]), centred);
    let scaled = whole::scale(picture, 40, 30).expect("there is ink");
    assert_eq!(image(Fit::Whole, [1, 30, 40]), scaled);
    let crop = Fit::photo(0.875);
    assert_eq!(
        image(crop, [3, 24, 24]),
        photo::fit(picture, [3, 24, 24], 0.875, Filter::Bicubic)
    );
    // Digits of another size there are none: the middle.
    assert_eq!(
        image(Fit::Digit, [3, 28, 28]),
        photo::fit(picture, [3, 28, 28], 1.0, Filter::Bicubic)
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn what_shows_nothing_is_an_image_of_zeros() {
    let blank = picture(50, 40, |_, _| WHITE);
    for fit in [Fit::Digit, Fit::Whole] {
        assert_eq!(fit.of_photo(rgba(&blank, 50, 40), [1, 28, 28]), None);
        let image = fit.image(rgba(&blank, 50, 40), [1, 28, 28]);
        assert_eq!(image.expect("a sound shape"), vec![0; 784]);
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn a_whole_picture_in_colour_keeps_its_colours_and_lies_on_its_ground() {
    // Twice as wide as high, red with a blue left half inside a red border.
    let data = picture(80, 40, |x, y| match (x, y) {
        (2..40, 2..38) => BLUE,
        _ => RED,
    });
    let image = Fit::Whole.image(rgba(&data, 80, 40), [3, 20, 20]);
    let image = image.expect("a sound shape");
    let at = |x: usize, y: usize| [0, 1, 2].map(|c| image[(c * 20 + y) * 20 + x]);
    let [red, blue] = [RED, BLUE].map(|[r, g, b, _]| [r, g, b]);
    // 10 rows of 20 are the picture's, in the middle.
    for (place, colour) in [
        ((0, 0), red),
        ((19, 19), red),
        ((5, 4), red),
        ((5, 10), blue),
        ((15, 10), red),
    ] {
        assert_eq!(at(place.0, place.1), colour, "{place:?}");
    }
    let clear = picture(10, 30, |_, _| [9, 9, 9, 0]);
    let image = Fit::Whole.image(rgba(&clear, 10, 30), [3, 8, 8]);
    assert_eq!(image.expect("a sound shape"), vec![255; 192]);
}

#[wasm_bindgen_test(unsupported = test)]
fn every_size_that_a_network_may_have_can_be_filled() {
    for (width, height) in [(1, 1), (1, 500), (300, 7), (64, 64)] {
        let data = picture(width, height, |x, y| [x as u8, y as u8, 90, 255]);
        for fit in [Fit::Digit, Fit::Whole, Fit::photo(1.0), Fit::photo(0.01)] {
            for shape in [
                [1, 8, 8],
                [3, 8, 128],
                [1, 128, 9],
                [3, 64, 64],
                [1, 28, 28],
            ] {
                let image = fit
                    .image(rgba(&data, width, height), shape)
                    .expect("a sound shape");
                assert_eq!(image.len(), shape.iter().product::<usize>());
            }
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn shapes_and_crops_that_cannot_be_are_refused() {
    let data = picture(4, 4, |_, _| WHITE);
    let error = |fit: Fit, shape| {
        let made = fit.image(rgba(&data, 4, 4), shape);
        made.expect_err("it cannot be").kind().clone()
    };
    for shape in [[2, 8, 8], [0, 8, 8], [1, 0, 8], [3, 8, usize::MAX]] {
        let kind = error(Fit::Whole, shape);
        assert!(
            matches!(kind, PixelErrorKind::ImageShape { .. }),
            "{kind:?}"
        );
        assert_eq!(kind.code(), "image-shape");
    }
    for crop in [0.0, -1.0, 1.5, f32::NAN] {
        let kind = error(Fit::photo(crop), [3, 8, 8]);
        assert_eq!(kind.code(), "crop-range");
    }
}
