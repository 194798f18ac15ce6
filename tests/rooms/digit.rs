use hearth::pixels::digit::{SIDE, center};
use hearth::pixels::{PixelErrorKind, Rgba};
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};
use wasm_bindgen_test::wasm_bindgen_test;

type Image = [u8; SIDE * SIDE];

/// How much of each pixel is ink, 0–1: what a pen leaves on a canvas.
struct Canvas {
    ink: Vec<f32>,
    width: usize,
    height: usize,
}

impl Canvas {
    fn new(width: usize, height: usize) -> Self {
        Canvas {
            ink: vec![0.0; width * height],
            width,
            height,
        }
    }

    /// Fills the pixels whose column and row lie in these ranges.
    fn fill(mut self, x: std::ops::Range<usize>, y: std::ops::Range<usize>) -> Self {
        for y in y {
            self.ink[y * self.width + x.start..y * self.width + x.end].fill(1.0);
        }
        self
    }

    /// An anti-aliased line with round ends, `pen` wide, between places in pixels.
    fn line(mut self, [x0, y0]: [f32; 2], [x1, y1]: [f32; 2], pen: f32) -> Self {
        let (dx, dy) = (x1 - x0, y1 - y0);
        for (i, ink) in self.ink.iter_mut().enumerate() {
            let (x, y) = (
                (i % self.width) as f32 + 0.5 - x0,
                (i / self.width) as f32 + 0.5 - y0,
            );
            let along = ((x * dx + y * dy) / (dx * dx + dy * dy)).clamp(0.0, 1.0);
            let distance = (x - along * dx).hypot(y - along * dy);
            *ink = ink.max((pen / 2.0 + 0.5 - distance).clamp(0.0, 1.0));
        }
        self
    }

    /// A seven whose top left corner is at `at`, `size` high, drawn with a pen of this width.
    fn seven(side: usize, at: [f32; 2], size: f32, pen: f32) -> Self {
        let place = |x: f32, y: f32| [at[0] + x * size, at[1] + y * size];
        let corner = place(0.7, 0.0);
        Canvas::new(side, side)
            .line(place(0.0, 0.0), corner, pen)
            .line(corner, place(0.25, 1.0), pen)
    }

    /// RGBA bytes, each pixel its colour given by its ink.
    fn painted(&self, mix: impl Fn(f32) -> [u8; 4]) -> Vec<u8> {
        self.ink.iter().flat_map(|&ink| mix(ink)).collect()
    }

    fn transparent(&self) -> Vec<u8> {
        self.painted(|ink| [0, 0, 0, (ink * 255.0).round() as u8])
    }

    fn centered(&self) -> Image {
        self.seen(&self.transparent()).expect("there is ink")
    }

    fn seen(&self, rgba: &[u8]) -> Option<Image> {
        center(Rgba::new(rgba, self.width, self.height).unwrap())
    }
}

/// Columns and rows that hold ink above `threshold`, as first and last.
fn extent(image: &Image, threshold: u8) -> [(usize, usize); 2] {
    let inked = || (0..SIDE * SIDE).filter(|&i| image[i] > threshold);
    let range = |place: fn(usize) -> usize| {
        (
            inked().map(place).min().unwrap(),
            inked().map(place).max().unwrap(),
        )
    };
    [range(|i| i % SIDE), range(|i| i / SIDE)]
}

/// The share of the ink that differs, 0–1.
fn difference(a: &Image, b: &Image) -> f32 {
    let ink = |image: &Image| image.iter().map(|&v| f32::from(v)).sum::<f32>();
    let apart: f32 = a
        .iter()
        .zip(b)
        .map(|(&a, &b)| f32::from(a.abs_diff(b)))
        .sum();
    apart / (ink(a) + ink(b))
}

/// The same but for one pixel's step, which a hair's breadth decides when the centre of mass is rounded.
fn difference_but_for_rounding(a: &Image, b: &Image) -> f32 {
    let moved = |by: usize| {
        let mut moved = *a;
        moved.rotate_right(by);
        difference(&moved, b)
    };
    let steps = [0, 1, SIDE - 1, SIDE, SIDE + 1];
    steps
        .iter()
        .flat_map(|&by| [moved(by), moved(SIDE * SIDE - by)])
        .fold(1.0, f32::min)
}

fn mass(image: &Image) -> [f32; 2] {
    let total: f32 = image.iter().map(|&v| f32::from(v)).sum();
    let moment = |place: fn(usize) -> usize| {
        image
            .iter()
            .enumerate()
            .map(|(i, &v)| f32::from(v) * place(i) as f32)
            .sum::<f32>()
    };
    [moment(|i| i % SIDE) / total, moment(|i| i / SIDE) / total]
}

#[wasm_bindgen_test(unsupported = test)]
fn a_filled_square_in_a_corner_fills_the_box_in_the_middle() {
    let image = Canvas::new(200, 200).fill(0..60, 140..200).centered();
    // Its centre of mass is between pixels 9 and 10 of the box, so the box begins at 14 − 9.5, rounded: 5.
    assert_eq!(extent(&image, 0), [(5, 24), (5, 24)]);
    assert!((0..400).all(|i| image[(5 + i / 20) * SIDE + 5 + i % 20] >= 253));
}

#[wasm_bindgen_test(unsupported = test)]
fn a_bar_of_one_pixel_becomes_a_stroke_of_mnists_width() {
    let image = Canvas::new(100, 100).fill(30..31, 10..90).centered();
    let [columns, rows] = extent(&image, 0);
    assert_eq!(rows, (5, 24));
    assert!(
        (2..=4).contains(&(columns.1 + 1 - columns.0)),
        "columns {columns:?}"
    );
    let width: f32 = (0..SIDE)
        .map(|x| f32::from(image[14 * SIDE + x]) / 255.0)
        .sum();
    assert!((1.9..=2.7).contains(&width), "a stroke {width} wide");
}

#[wasm_bindgen_test(unsupported = test)]
fn a_dot_of_one_pixel_is_ink() {
    let image = Canvas::new(64, 64).fill(50..51, 3..4).centered();
    assert_eq!(image.iter().max(), Some(&255));
    let [columns, rows] = extent(&image, 127);
    assert_eq!(columns, rows, "a dot is as wide as it is high");
}

#[wasm_bindgen_test(unsupported = test)]
fn the_centre_of_mass_is_put_on_pixel_fourteen() {
    // An L of 20 × 20 cells of 10 pixels: a bar of 4 × 20 cells and a foot of 16 × 4. By hand: the bar's middle is at
    // (1.5, 9.5) with mass 80, the foot's at (11.5, 17.5) with mass 64, so the whole is at (5.94, 13.06), and the box
    // moves by 14 − 5.94 → 8 and 14 − 13.06 → 1.
    let image = Canvas::new(300, 300)
        .fill(50..90, 50..250)
        .fill(50..250, 210..250)
        .centered();
    let [columns, rows] = extent(&image, 127);
    assert_eq!((columns.0, rows.0), (8, 1));
    for middle in mass(&image) {
        assert!(
            (middle - 14.0).abs() <= 0.5,
            "the centre of mass is at {middle}"
        );
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn ink_is_never_pushed_out_of_the_frame() {
    // Nearly all the mass is at the left, with a thin tail to the right.
    let canvas = Canvas::new(400, 100)
        .fill(0..100, 0..100)
        .fill(100..400, 45..53);
    let [columns, _] = extent(&canvas.centered(), 0);
    assert_eq!(columns, (8, 27));
}

#[wasm_bindgen_test(unsupported = test)]
fn the_colours_of_pen_and_paper_do_not_matter() {
    let canvas = Canvas::seven(140, [40.0, 30.0], 80.0, 9.0);
    let expected = canvas.centered();
    let grey = |v: f32| [(v * 255.0).round() as u8; 3];
    let opaque = |[r, g, b]: [u8; 3]| [r, g, b, 255];
    let alpha = |ink: f32| (ink * 255.0).round() as u8;
    let papers = [
        (
            "black on white",
            canvas.painted(|ink| opaque(grey(1.0 - ink))),
        ),
        ("white on black", canvas.painted(|ink| opaque(grey(ink)))),
        (
            "white on transparent",
            canvas.painted(|ink| [255, 255, 255, alpha(ink)]),
        ),
        (
            "orange on transparent",
            canvas.painted(|ink| [250, 120, 0, alpha(ink)]),
        ),
        (
            "blue on white",
            canvas.painted(|ink| [alpha(1.0 - ink), alpha(1.0 - ink), 255, 255]),
        ),
        (
            "faint grey on white",
            canvas.painted(|ink| opaque(grey(1.0 - 0.3 * ink))),
        ),
    ];
    for (name, rgba) in papers {
        let apart = difference(&expected, &canvas.seen(&rgba).expect(name));
        assert!(apart < 0.01, "{name}: {apart}");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn size_place_and_pen_hardly_matter() {
    let expected = Canvas::seven(280, [80.0, 60.0], 150.0, 16.0).centered();
    let drawn = [
        (
            "moved to a corner",
            Canvas::seven(280, [8.0, 9.0], 150.0, 16.0),
            0.04,
        ),
        (
            "twice as large",
            Canvas::seven(560, [100.0, 120.0], 300.0, 32.0),
            0.06,
        ),
        (
            "a third as large",
            Canvas::seven(280, [200.0, 210.0], 50.0, 5.4),
            0.08,
        ),
        (
            "small, on a small canvas",
            Canvas::seven(28, [4.0, 3.0], 20.0, 2.1),
            0.12,
        ),
        (
            "with a fine pen",
            Canvas::seven(280, [80.0, 60.0], 150.0, 4.0),
            0.15,
        ),
        (
            "with a hairline",
            Canvas::seven(280, [80.0, 60.0], 150.0, 1.0),
            0.15,
        ),
        (
            "with a hairline on a huge canvas",
            Canvas::seven(900, [50.0, 30.0], 800.0, 1.0),
            0.15,
        ),
    ];
    for (name, canvas, most) in drawn {
        let apart = difference_but_for_rounding(&expected, &canvas.centered());
        assert!(apart < most, "{name}: {apart} of the ink differs");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn a_thick_brush_is_thinned_towards_mnists_strokes() {
    let stroke = |pen| {
        let image = Canvas::new(200, 200)
            .line([100.0, 40.0], [100.0, 160.0], pen)
            .centered();
        (0..SIDE)
            .map(|x| f32::from(image[14 * SIDE + x]) / 255.0)
            .sum::<f32>()
    };
    // 36 of (120 + 36) is 4.6 of the box's 20.
    assert!((2.8..=4.0).contains(&stroke(36.0)), "{}", stroke(36.0));
}

#[wasm_bindgen_test(unsupported = test)]
fn a_blank_picture_is_none() {
    let blank = |colour: [u8; 4]| center(Rgba::new(&colour.repeat(50 * 40), 50, 40).unwrap());
    for colour in [
        [0; 4],
        [255; 4],
        [0, 0, 0, 255],
        [12, 200, 99, 255],
        [255, 255, 255, 0],
    ] {
        assert_eq!(blank(colour), None, "{colour:?}");
    }
    // What a transparent pixel would look like if it could be seen is no ink.
    let hidden: Vec<u8> = (0..50 * 40).flat_map(|i| [i as u8, 200, 7, 0]).collect();
    assert_eq!(center(Rgba::new(&hidden, 50, 40).unwrap()), None);
    assert_eq!(center(Rgba::new(&[9, 9, 9, 255], 1, 1).unwrap()), None);
}

#[wasm_bindgen_test(unsupported = test)]
fn the_grain_of_paper_is_blank_and_does_not_spoil_a_drawing() {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(3);
    let mut grainy = |canvas: &Canvas| {
        let mut bytes = Vec::new();
        for ink in &canvas.ink {
            let paper = 190.0 + rng.random_range(-8.0..8.0f32);
            let v = (paper * (1.0 - 0.8 * ink)) as u8;
            bytes.extend([v, v, v, 255]);
        }
        bytes
    };
    let empty = Canvas::new(100, 80);
    assert_eq!(empty.seen(&grainy(&empty)), None);
    let canvas = Canvas::seven(140, [40.0, 30.0], 80.0, 9.0);
    let grainy = canvas.seen(&grainy(&canvas)).unwrap();
    let apart = difference_but_for_rounding(&canvas.centered(), &grainy);
    assert!(apart < 0.15, "{apart}");
}

#[wasm_bindgen_test(unsupported = test)]
fn whatever_the_picture_the_answer_is_blank_or_has_full_ink() {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(4);
    for _ in 0..300 {
        let (width, height) = (
            rng.random_range(1..70u32) as usize,
            rng.random_range(1..70u32) as usize,
        );
        let dense = rng.random_range(0.0..1.0f32);
        let mut rgba = vec![0u8; width * height * 4];
        for byte in &mut rgba {
            if rng.random::<f32>() < dense {
                *byte = rng.random();
            }
        }
        if let Some(image) = center(Rgba::new(&rgba, width, height).unwrap()) {
            assert_eq!(image.iter().max(), Some(&255), "{width} × {height}");
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn bytes_that_do_not_fit_the_size_are_refused() {
    let error = |bytes, width, height| {
        Rgba::new(&vec![0; bytes], width, height)
            .unwrap_err()
            .kind()
            .clone()
    };
    let (width, height) = (2, 3);
    assert_eq!(
        error(23, 2, 3),
        PixelErrorKind::ImageBytes {
            width,
            height,
            have: 23,
            need: 24
        }
    );
    assert_eq!(
        error(0, 0, 3),
        PixelErrorKind::ImageSize { width: 0, height }
    );
    let width = usize::MAX;
    assert_eq!(
        error(0, width, 3),
        PixelErrorKind::ImageSize { width, height }
    );
}
