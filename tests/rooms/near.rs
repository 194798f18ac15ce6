//! Near duplicates.

use hearth::data::{DataErrorKind, LookIndex, Split};
use hearth::pixels::Rgba;
use hearth::pixels::look::Look;
use wasm_bindgen_test::wasm_bindgen_test;

use super::fixture::digits;

/// A grey image of 28 × 28 at a glance.
fn look(pixels: &[u8]) -> Vec<u8> {
    let data: Vec<u8> = pixels.iter().flat_map(|&v| [v, v, v, 255]).collect();
    Look::of(Rgba::new(&data, 28, 28).expect("28 × 28")).pixels
}

type Change = fn(&[u8]) -> Vec<u8>;

/// Moved by so many pixels; what comes in is black.
fn shifted(pixels: &[u8], right: isize, down: isize) -> Vec<u8> {
    let at = |x: isize, y: isize| match (0..28).contains(&x) && (0..28).contains(&y) {
        true => pixels[(y * 28 + x) as usize],
        false => 0,
    };
    let places = (0..28).flat_map(|y| (0..28).map(move |x| (x, y)));
    places.map(|(x, y)| at(x - right, y - down)).collect()
}

#[wasm_bindgen_test(unsupported = test)]
fn copies_are_found_and_other_digits_are_not() {
    let data = digits();
    let mut index = LookIndex::new();
    assert!(index.is_empty());
    let originals: Vec<&[u8]> = (0..data.len()).map(|i| data.pixels(i)).collect();
    assert_eq!(data.count(Split::Train), 256);
    for original in &originals {
        let found = index.add(&look(original)).expect("a look");
        assert_eq!(found, [0u32; 0]);
    }
    let noise = |i: usize| (i * 7919 % 13) as u8;
    let changes: [(&str, Change); 4] = [
        ("the same", |pixels| pixels.to_vec()),
        ("to the right", |pixels| shifted(pixels, 1, 0)),
        ("up and left", |pixels| shifted(pixels, -1, -1)),
        ("darker", |pixels| {
            pixels
                .iter()
                .map(|&v| 20 + (u16::from(v) * 7 / 10) as u8)
                .collect()
        }),
    ];
    for (name, change) in changes {
        let mut missed = 0;
        for (i, original) in originals.iter().enumerate() {
            let mut changed = change(original);
            changed
                .iter_mut()
                .enumerate()
                .for_each(|(i, v)| *v = v.saturating_add(noise(i)));
            let found = index.add(&look(&changed)).expect("a look");
            missed += usize::from(!found.contains(&(i as u32)));
        }
        assert!(
            missed <= 6,
            "{name}: {missed} of {} missed",
            originals.len()
        );
    }
    assert_eq!(index.len(), 5 * originals.len());
}

#[wasm_bindgen_test(unsupported = test)]
fn plain_pictures_are_alike_if_they_are_as_bright() {
    let mut index = LookIndex::new();
    let mut add = |v: u8| index.add(&[v; 1024]).expect("a look");
    assert_eq!(add(0), [0u32; 0]);
    assert_eq!(add(200), [0u32; 0]);
    assert_eq!(add(202), [1]);
    assert_eq!(add(1), [0]);
    assert_eq!(add(201), [1, 2]);
}

#[wasm_bindgen_test(unsupported = test)]
fn what_is_no_look_is_refused() {
    let mut index = LookIndex::new();
    let error = index.add(&[0; 784]).expect_err("too small");
    let kind = DataErrorKind::LookBytes {
        have: 784,
        need: 1024,
    };
    assert_eq!((error.kind(), index.len()), (&kind, 0));
}
