use hearth::data::DataErrorKind;
use hearth::data::idx::{Images, read_images, read_labels, write_images, write_labels};
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};
use wasm_bindgen_test::wasm_bindgen_test;

/// Two images of 2 rows × 3 columns, as MNIST's files are laid out, byte by byte.
const IMAGES: [u8; 28] = [
    0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16,
];
const LABELS: [u8; 10] = [0, 0, 8, 1, 0, 0, 0, 2, 7, 9];

fn images_error(file: &[u8]) -> DataErrorKind {
    read_images(file)
        .expect_err("the file is bad")
        .kind()
        .clone()
}

/// The file of images with some of its bytes replaced.
fn with(at: usize, bytes: &[u8]) -> Vec<u8> {
    let mut file = IMAGES.to_vec();
    file[at..at + bytes.len()].copy_from_slice(bytes);
    file
}

#[wasm_bindgen_test(unsupported = test)]
fn images_and_labels_are_read_as_they_were_written() {
    let images = read_images(&IMAGES).unwrap();
    assert_eq!((images.count(), images.height(), images.width()), (2, 2, 3));
    assert_eq!(images.pixels(), [1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16]);
    assert_eq!(read_labels(&LABELS).unwrap(), [7, 9]);
    assert_eq!(write_images(&images).unwrap(), IMAGES);
    assert_eq!(write_labels(&[7, 9]).unwrap(), LABELS);
}

#[wasm_bindgen_test(unsupported = test)]
fn a_wrong_start_is_named() {
    assert_eq!(
        images_error(b"\x89PNG and more"),
        DataErrorKind::IdxMagic {
            found: [0x89, b'P']
        }
    );
    assert_eq!(
        images_error(&[0x1f, 0x8b, 8, 0, 0]),
        DataErrorKind::IdxCompressed
    );
    assert_eq!(images_error(&[0x1f, 0x8b]), DataErrorKind::IdxCompressed);
    assert_eq!(
        images_error(&with(2, &[0x0d])),
        DataErrorKind::IdxElement { found: 0x0d }
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn labels_taken_for_images_are_named() {
    assert_eq!(
        images_error(&LABELS),
        DataErrorKind::IdxRank {
            found: 1,
            expected: 3
        }
    );
    let error = read_labels(&IMAGES).unwrap_err();
    assert_eq!(
        *error.kind(),
        DataErrorKind::IdxRank {
            found: 3,
            expected: 1
        }
    );
    assert!(
        error.to_string().contains("looks like a file of images"),
        "{error}"
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn a_cut_file_says_how_many_bytes_are_there_and_how_many_should_be() {
    let error = read_images(&IMAGES[..20]).unwrap_err();
    assert_eq!(
        *error.kind(),
        DataErrorKind::IdxTruncated {
            have: 20,
            need: 28,
            at_least: false
        }
    );
    assert_eq!(error.kind().code(), "idx-truncated");
    assert_eq!(
        error.to_string(),
        "the IDX file is cut short: it has 20 bytes and should have 28."
    );
    let header = DataErrorKind::IdxTruncated {
        have: 9,
        need: 16,
        at_least: true,
    };
    assert_eq!(images_error(&IMAGES[..9]), header);
    assert_eq!(
        images_error(&[]),
        DataErrorKind::IdxTruncated {
            have: 0,
            need: 16,
            at_least: true
        }
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn bytes_after_the_data_are_refused() {
    let file = [&IMAGES[..], &[0, 0]].concat();
    assert_eq!(
        images_error(&file),
        DataErrorKind::IdxTrailing { have: 30, need: 28 }
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn sizes_of_zero_or_beyond_any_memory_are_refused() {
    assert_eq!(
        images_error(&with(8, &[0, 0, 0, 0])),
        DataErrorKind::IdxEmpty { dimension: 1 }
    );
    let huge = with(4, &[0xff; 12]);
    assert_eq!(
        images_error(&huge),
        DataErrorKind::IdxTooLarge {
            sizes: vec![u32::MAX; 3]
        }
    );
    // 2^16 × 2^16 wraps to 0 if pointers have 32 bits, but not here.
    let wraps = with(4, &[0, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0, 0]);
    let need = (1 << 32) + 16;
    assert_eq!(
        images_error(&wraps),
        DataErrorKind::IdxTruncated {
            have: 28,
            need,
            at_least: false
        }
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn no_prefix_of_a_file_is_accepted() {
    for end in 0..IMAGES.len() {
        assert!(
            matches!(images_error(&IMAGES[..end]), DataErrorKind::IdxTruncated { have, .. } if have == end as u64),
            "of {end} bytes"
        );
    }
    for end in 0..LABELS.len() {
        assert!(read_labels(&LABELS[..end]).is_err(), "of {end} bytes");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn whatever_a_damaged_file_is_read_as_agrees_with_its_bytes() {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
    let mut accepted = 0;
    for _ in 0..20_000 {
        let mut file = IMAGES.to_vec();
        for _ in 0..rng.random_range(1..4u32) {
            let at = rng.random_range(0..file.len() as u32) as usize;
            file[at] = rng.random();
        }
        if rng.random_range(0..4u32) == 0 {
            file.truncate(rng.random_range(0..=28u32) as usize);
        }
        if let Ok(images) = read_images(&file) {
            accepted += 1;
            assert_eq!(images.pixels(), &file[16..]);
            assert_eq!(
                images.count() * images.height() * images.width(),
                images.pixels().len()
            );
        }
        let _ = read_labels(&file);
    }
    assert!(
        accepted > 100,
        "damage to pixels alone is no error: {accepted} files were accepted"
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn images_to_write_must_be_whole() {
    assert_eq!(
        *Images::new(&[0; 10], 2, 3).unwrap_err().kind(),
        DataErrorKind::PixelCount { have: 10, need: 12 }
    );
    assert!(matches!(
        Images::new(&[0; 6], 0, 3).unwrap_err().kind(),
        DataErrorKind::Shape { .. }
    ));
    assert_eq!(
        *Images::new(&[], 2, 3).unwrap_err().kind(),
        DataErrorKind::IdxEmpty { dimension: 0 }
    );
    assert_eq!(
        *write_labels(&[]).unwrap_err().kind(),
        DataErrorKind::IdxEmpty { dimension: 0 }
    );
}
