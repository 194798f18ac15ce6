//! IDX: images, and labels. What is read is written again as it was.
#![no_main]

use hearth::data::idx::{read_images, read_labels, write_images, write_labels};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|file: &[u8]| {
    if let Ok(images) = read_images(file) {
        let pixels = images.count() * images.height() * images.width();
        assert_eq!(images.pixels().len(), pixels);
        assert_eq!(write_images(&images).expect("it was read"), file);
    }
    if let Ok(labels) = read_labels(file) {
        assert_eq!(write_labels(&labels).expect("they were read"), file);
    }
});
