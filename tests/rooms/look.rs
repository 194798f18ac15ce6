//! Pictures at a glance.

use hearth::pixels::Rgba;
use hearth::pixels::look::{Look, SIDE};
use wasm_bindgen_test::wasm_bindgen_test;

fn look(width: usize, height: usize, colour: impl Fn(usize, usize) -> [u8; 4]) -> Look {
    let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    let data: Vec<u8> = places.flat_map(|(x, y)| colour(x, y)).collect();
    Look::of(Rgba::new(&data, width, height).expect("as many bytes as pixels"))
}

fn grey(v: u8) -> [u8; 4] {
    [v, v, v, 255]
}

#[wasm_bindgen_test(unsupported = test)]
fn plain_pictures_have_their_brightness_and_nothing_else() {
    for (v, width, height) in [(0, 1, 1), (51, 300, 20), (255, 2, 900)] {
        let look = look(width, height, |_, _| grey(v));
        assert_eq!(look.pixels, vec![v; SIDE * SIDE]);
        assert!((look.brightness - f32::from(v) / 255.0).abs() < 1e-6);
        assert_eq!(
            (look.contrast, look.sharpness, look.colour),
            (0.0, 0.0, 0.0)
        );
    }
    let clear = look(9, 9, |_, _| [0; 4]);
    assert_eq!((clear.brightness, clear.pixels[0]), (1.0, 255));
}

#[wasm_bindgen_test(unsupported = test)]
fn contrast_is_the_deviation_and_the_whole_picture_is_seen() {
    let look = look(320, 200, |x, _| grey(if x < 160 { 0 } else { 255 }));
    assert!((look.brightness - 0.5).abs() < 0.01, "{}", look.brightness);
    assert!((look.contrast - 0.5).abs() < 0.01, "{}", look.contrast);
    for row in look.pixels.chunks_exact(SIDE) {
        assert_eq!((row[3], row[SIDE - 4]), (0, 255));
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn a_blurred_picture_is_less_sharp() {
    let wave = |period: f32| {
        move |x: usize, y: usize| {
            let at = (x + 2 * y) as f32 / period * std::f32::consts::TAU;
            grey((128.0 + 100.0 * at.sin()) as u8)
        }
    };
    let (sharp, blurred) = (look(200, 200, wave(5.0)), look(200, 200, wave(60.0)));
    assert!(sharp.sharpness > 1000.0, "{}", sharp.sharpness);
    assert!(blurred.sharpness < 50.0, "{}", blurred.sharpness);
}

#[wasm_bindgen_test(unsupported = test)]
fn colour_tells_grey_pictures_from_coloured_ones() {
    // A tint, as a camera leaves it, is no colour.
    assert_eq!(
        look(40, 40, |x, _| [x as u8 + 10, x as u8, x as u8, 255]).colour,
        0.0
    );
    assert_eq!(look(40, 40, |_, _| [200, 30, 30, 255]).colour, 1.0);
    let half = look(
        40,
        40,
        |x, _| if x < 20 { [200, 30, 30, 255] } else { grey(90) },
    );
    assert!((half.colour - 0.5).abs() < 0.01, "{}", half.colour);
}
