//! An archive: its names are listed as a dataset, the lists within it read.
#![no_main]

use std::io::{Cursor, Read};

use hearth::data::DataError;
use hearth::data::formats::Listing;
use libfuzzer_sys::fuzz_target;
use zip::ZipArchive;

/// A list of more is none.
const MOST: u64 = 1 << 20;

fuzz_target!(|file: &[u8]| {
    let Ok(mut archive) = ZipArchive::new(Cursor::new(file)) else {
        return;
    };
    let paths: Vec<String> = archive.file_names().map(str::to_owned).collect();
    let listing = Listing::of(paths.clone(), |path| {
        let mut bytes = Vec::new();
        if let Ok(entry) = archive.by_name(path) {
            let _ = entry.take(MOST).read_to_end(&mut bytes);
        }
        Ok::<_, DataError>(bytes)
    });
    if let Ok(listing) = listing {
        for sample in &listing.samples {
            assert!(paths.contains(&sample.path));
            assert!(sample.label.is_none_or(|label| usize::from(label) < listing.classes.len()));
        }
    }
});
