use hearth::pixels::Rgba;
use hearth::pixels::whole::scale;
use wasm_bindgen_test::wasm_bindgen_test;

/// RGBA bytes of a picture whose pixels are as `colour` says, by column and row.
fn picture(width: usize, height: usize, colour: impl Fn(usize, usize) -> [u8; 4]) -> Vec<u8> {
    (0..height)
        .flat_map(|y| (0..width).map(move |x| (x, y)))
        .flat_map(|(x, y)| colour(x, y))
        .collect()
}

fn scaled(data: &[u8], width: usize, height: usize, side: usize) -> Option<Vec<u8>> {
    scale(Rgba::new(data, width, height).unwrap(), side, side)
}

const WHITE: [u8; 4] = [255, 255, 255, 255];
const BLACK: [u8; 4] = [0, 0, 0, 255];

#[wasm_bindgen_test(unsupported = test)]
fn a_picture_of_the_right_size_stays_as_it_is_but_bright_on_black() {
    let grey = |x: usize, y: usize| 255 - (x * y * 10) as u8;
    let data = picture(6, 6, |x, y| [grey(x, y), grey(x, y), grey(x, y), 255]);
    let image = scaled(&data, 6, 6, 6).expect("there is something");
    // The brightest pixel, 5 × 5 × 10 = 250 away from the white ground, becomes 255.
    for (i, &v) in image.iter().enumerate() {
        let expected = ((i % 6) * (i / 6) * 10) as f32 / 250.0 * 255.0;
        assert_eq!(v, expected.round() as u8, "pixel {i}");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn nothing_is_centred_and_no_matter_which_way_round_the_colours_are() {
    // A square in the upper left quarter of a large picture.
    let square = |x: usize, y: usize| (8..40).contains(&x) && (16..48).contains(&y);
    let pictures = [
        picture(112, 112, |x, y| if square(x, y) { BLACK } else { WHITE }),
        picture(112, 112, |x, y| if square(x, y) { WHITE } else { BLACK }),
        picture(112, 112, |x, y| if square(x, y) { BLACK } else { [0; 4] }),
    ];
    for data in pictures {
        let image = scaled(&data, 112, 112, 28).expect("there is something");
        for (i, &v) in image.iter().enumerate() {
            let inside = (2..10).contains(&(i % 28)) && (4..12).contains(&(i / 28));
            assert_eq!(v, if inside { 255 } else { 0 }, "pixel {i}");
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn the_longer_side_fills_the_image_and_the_other_is_in_its_middle() {
    let data = picture(40, 20, |x, y| {
        if (1..39).contains(&x) && (1..19).contains(&y) {
            BLACK
        } else {
            WHITE
        }
    });
    let image = scaled(&data, 40, 20, 10).expect("there is something");
    let rows: Vec<u32> = image
        .chunks_exact(10)
        .map(|row| row.iter().map(|&v| u32::from(v)).sum())
        .collect();
    // 20 of 40 pixels high: 5 rows of the 10, from the middle of the third to the middle of the eighth.
    assert_eq!(
        (rows[..2].to_vec(), rows[8..].to_vec()),
        (vec![0; 2], vec![0; 2])
    );
    assert_eq!(rows[2], rows[7]);
    assert!(
        rows[3..7].iter().all(|&row| row > 3 * rows[2] / 2),
        "{rows:?}"
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn an_empty_picture_gives_nothing() {
    assert_eq!(scaled(&picture(30, 30, |_, _| WHITE), 30, 30, 28), None);
    assert_eq!(scaled(&picture(3, 200, |_, _| [0; 4]), 3, 200, 28), None);
}
