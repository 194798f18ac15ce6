//! `dataset.json` and `labels.csv`, with the files that they may name.
#![no_main]

use hearth::data::DataError;
use hearth::data::formats::{Export, Listing, rows};
use libfuzzer_sys::fuzz_target;

const FILES: [&str; 5] = ["images/a/1.png", "images/b/2.png", "a/1.png", "1.png", "../1.png"];

fuzz_target!(|list: &[u8]| {
    let _ = Export::read(list);
    let _ = rows(list);
    for name in ["dataset.json", "labels.csv", "deep/er/dataset.json"] {
        let paths = FILES.iter().chain([&name]).map(|&path| path.to_owned());
        let listing = Listing::of(paths.collect(), |_| Ok::<_, DataError>(list.to_vec()));
        if let Ok(listing) = listing {
            for sample in &listing.samples {
                assert!(!sample.path.contains(".."));
                assert!(sample.label.is_none_or(|label| usize::from(label) < listing.classes.len()));
            }
        }
    }
});
