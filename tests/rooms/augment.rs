use hearth::pixels::PixelErrorKind;
use hearth::pixels::augment::{Augmentation, augment};
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};
use wasm_bindgen_test::wasm_bindgen_test;

const SIDE: usize = 28;

/// A bright bar, 4 × 16, in the middle.
fn bar() -> Vec<u8> {
    let inside = |i: usize| (12..16).contains(&(i % SIDE)) && (6..22).contains(&(i / SIDE));
    (0..SIDE * SIDE)
        .map(|i| if inside(i) { 255 } else { 0 })
        .collect()
}

fn changed(image: &[u8], shape: [usize; 3], amount: &Augmentation, seed: u64) -> Vec<f32> {
    let mut out = vec![f32::NAN; image.len()];
    augment(
        image,
        shape,
        amount,
        &mut Xoshiro256PlusPlus::seed_from_u64(seed),
        &mut out,
    );
    out
}

fn bars(amount: &Augmentation) -> Vec<Vec<f32>> {
    (0..50)
        .map(|seed| changed(&bar(), [1, SIDE, SIDE], amount, seed))
        .collect()
}

/// The ink, its middle (x, y) and its spread along both axes, in pixels.
fn moments(image: &[f32]) -> (f32, [f32; 2], [f32; 2]) {
    let total: f32 = image.iter().sum();
    let mean = |f: &dyn Fn(usize) -> f32| {
        image.iter().enumerate().map(|(i, v)| v * f(i)).sum::<f32>() / total
    };
    let (x, y) = (mean(&|i| (i % SIDE) as f32), mean(&|i| (i / SIDE) as f32));
    let spread = [
        mean(&|i| ((i % SIDE) as f32 - x).powi(2)).sqrt(),
        mean(&|i| ((i / SIDE) as f32 - y).powi(2)).sqrt(),
    ];
    (total, [x, y], spread)
}

fn one(set: impl FnOnce(&mut Augmentation)) -> Augmentation {
    let mut amount = Augmentation::default();
    set(&mut amount);
    amount
}

#[wasm_bindgen_test(unsupported = test)]
fn with_everything_off_the_image_is_only_scaled() {
    let image: Vec<u8> = (0..2 * 3 * 5).map(|i| (i * 8) as u8).collect();
    let expected: Vec<f32> = image.iter().map(|&v| f32::from(v) / 255.0).collect();
    assert_eq!(
        changed(&image, [2, 3, 5], &Augmentation::default(), 1),
        expected
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn the_same_numbers_give_the_same_image() {
    let amount = Augmentation::handwriting();
    let make = |seed| changed(&bar(), [1, SIDE, SIDE], &amount, seed);
    assert_eq!(make(1), make(1));
    assert_ne!(make(1), make(2));
}

#[wasm_bindgen_test(unsupported = test)]
fn a_shift_moves_the_ink_within_its_range_and_keeps_it() {
    let shifted = bars(&one(|a| a.shift_pixels = 3.0));
    let middles = shifted.iter().map(|image| moments(image));
    let mut most = 0.0f32;
    for (ink, [x, y], _) in middles {
        assert!((ink - 64.0).abs() < 0.1, "{ink}");
        let (dx, dy) = ((x - 13.5).abs(), (y - 13.5).abs());
        assert!(dx <= 3.01 && dy <= 3.01, "moved by {dx}, {dy}");
        most = most.max(dx);
    }
    assert!(most > 2.0, "the range is used: {most}");
}

#[wasm_bindgen_test(unsupported = test)]
fn scale_changes_both_sides_and_aspect_their_ratio() {
    let (_, _, [_, high]) = moments(&bars(&Augmentation::default())[0]);
    for image in bars(&one(|a| a.scale = 0.25)) {
        let (ink, _, [_, h]) = moments(&image);
        assert!((0.79..=1.26).contains(&(h / high)), "{}", h / high);
        assert!(
            (ink / 64.0 / (h / high).powi(2) - 1.0).abs() < 0.05,
            "sides change alike: {ink}, {h}"
        );
    }
    for image in bars(&one(|a| a.aspect = 0.25)) {
        let (ink, _, [_, h]) = moments(&image);
        assert!((ink / 64.0 - 1.0).abs() < 0.05, "the area stays: {ink}");
        assert!((0.88..=1.13).contains(&(h / high)), "{}", h / high);
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn half_of_the_images_are_mirrored_and_the_others_as_they_were() {
    let image: Vec<u8> = (0..3 * 4).map(|i| (i * 20) as u8).collect();
    let plain: Vec<f32> = image.iter().map(|&v| f32::from(v) / 255.0).collect();
    let mirrored: Vec<f32> = plain
        .chunks_exact(4)
        .flat_map(|row| row.iter().rev().copied())
        .collect();
    let amount = one(|a| a.mirror = true);
    let mut turned = 0;
    for seed in 0..200 {
        let image = changed(&image, [1, 3, 4], &amount, seed);
        let like = |other: &[f32]| image.iter().zip(other).all(|(a, b)| (a - b).abs() < 1e-6);
        assert!(like(&plain) || like(&mirrored), "{image:?}");
        turned += u32::from(like(&mirrored));
    }
    assert!((70..=130).contains(&turned), "{turned} of 200");
}

#[wasm_bindgen_test(unsupported = test)]
fn a_turn_and_a_slant_keep_the_middle() {
    for amount in [one(|a| a.rotation_degrees = 30.0), one(|a| a.shear = 0.4)] {
        let tilted = bars(&amount);
        for image in &tilted {
            let (ink, [x, y], _) = moments(image);
            assert!(
                (x - 13.5).abs() < 0.05 && (y - 13.5).abs() < 0.05,
                "{x}, {y}"
            );
            assert!((ink / 64.0 - 1.0).abs() < 0.05, "the area stays: {ink}");
        }
        let widest = tilted
            .iter()
            .map(|image| moments(image).2[0])
            .fold(0.0, f32::max);
        assert!(widest > 1.6, "the bar leans: {widest}");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn a_displacement_is_smooth_and_within_its_range() {
    // Brightness is the column, so a change of brightness is a displacement.
    let ramp: Vec<u8> = (0..SIDE * SIDE).map(|i| (i % SIDE * 9) as u8).collect();
    let amount = one(|a| a.elastic_pixels = 2.0);
    let mut most = 0.0f32;
    for seed in 0..50 {
        let out = changed(&ramp, [1, SIDE, SIDE], &amount, seed);
        let moved = |x: usize, y: usize| out[y * SIDE + x] * 255.0 / 9.0 - x as f32;
        for y in 0..SIDE - 1 {
            for x in 3..SIDE - 4 {
                assert!(moved(x, y).abs() <= 2.001);
                assert!(
                    (moved(x, y) - moved(x + 1, y)).abs() < 0.5,
                    "smooth along x"
                );
                assert!(
                    (moved(x, y) - moved(x, y + 1)).abs() < 0.5,
                    "smooth along y"
                );
                most = most.max(moved(x, y).abs());
            }
        }
    }
    assert!(most > 0.8, "something moves: {most}");
}

#[wasm_bindgen_test(unsupported = test)]
fn thickness_widens_and_thins_by_at_most_its_pixels() {
    let ink: Vec<f32> = bars(&one(|a| a.thickness = 1.0))
        .iter()
        .map(|image| moments(image).0)
        .collect();
    let (least, most) = (
        ink.iter().copied().fold(f32::MAX, f32::min),
        ink.iter().copied().fold(0.0, f32::max),
    );
    // One pixel on each side: 4 × 16 becomes 2 × 14, or 4 × 16 with 2 × 4 and 2 × 16 beside it.
    assert!((27.9..36.0).contains(&least), "{least}");
    assert!((94.0..104.1).contains(&most), "{most}");
}

#[wasm_bindgen_test(unsupported = test)]
fn channels_of_any_shape_change_alike_and_stay_in_range() {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
    for shape in [[3, 9, 14], [2, 1, 7], [1, 5, 1], [4, 1, 1], [1, 32, 32]] {
        let [channels, height, width] = shape;
        let plane: Vec<u8> = (0..height * width).map(|_| rng.random()).collect();
        let out = changed(
            &plane.repeat(channels),
            shape,
            &Augmentation::handwriting(),
            5,
        );
        assert!(
            out.iter().all(|v| (-1e-6..=1.000_001).contains(v)),
            "{shape:?}"
        );
        for channel in out.chunks_exact(height * width) {
            assert_eq!(channel, &out[..height * width], "{shape:?}");
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn amounts_out_of_range_are_named() {
    assert_eq!(Augmentation::default().check(), Ok(()));
    assert_eq!(Augmentation::handwriting().check(), Ok(()));
    let error = one(|a| a.scale = 1.5).check().unwrap_err();
    assert_eq!(
        error.to_string(),
        "Scale must be between 0 and 1 (a share of the size); it is 1.5."
    );
    assert!(matches!(
        error.kind(),
        PixelErrorKind::Augmentation { value: 1.5, .. }
    ));
    assert!(one(|a| a.rotation_degrees = -1.0).check().is_err());
    assert!(one(|a| a.thickness = f32::NAN).check().is_err());
}

#[wasm_bindgen_test(unsupported = test)]
fn a_value_that_is_left_out_is_off() {
    let amount: Augmentation = serde_json::from_str(r#"{ "rotationDegrees": 10 }"#).unwrap();
    assert_eq!(amount, one(|a| a.rotation_degrees = 10.0));
}
