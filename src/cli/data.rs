//! Datasets on disk.

use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use hearth::data::{Builtin, Dataset, IdxPair, mnist_classes};

use super::{Failure, read};

/// Each part's names, as Hearth and as MNIST's own distribution have them; any may end in `.gz`.
const PARTS: [[&str; 2]; 4] = [
    ["train-images.idx", "train-images-idx3-ubyte"],
    ["train-labels.idx", "train-labels-idx1-ubyte"],
    ["test-images.idx", "t10k-images-idx3-ubyte"],
    ["test-labels.idx", "t10k-labels-idx1-ubyte"],
];

/// `mnist` or `fashion-mnist`, where `make` has put it, or a folder of digits.
pub fn load(name: &str) -> Result<Dataset, Failure> {
    let builtin = Builtin::of(name);
    let (name, folder) = match builtin {
        Some(known) => (known.id().to_owned(), builtin_folder(known)?),
        None => {
            let folder = PathBuf::from(name);
            let last = folder
                .file_name()
                .map(|last| last.to_string_lossy().into_owned());
            (last.unwrap_or_else(|| name.to_owned()), folder)
        }
    };
    let [train_images, train_labels, test_images, test_labels] =
        PARTS.map(|names| part(&folder, names));
    let (train_images, train_labels) = (train_images?, train_labels?);
    let (test_images, test_labels) = (test_images?, test_labels?);
    let train = IdxPair {
        images: &train_images,
        labels: &train_labels,
    };
    let test = IdxPair {
        images: &test_images,
        labels: &test_labels,
    };
    Ok(match builtin {
        Some(known) => Dataset::builtin(known, train, test)?,
        None => Dataset::from_idx(&name, mnist_classes(), train, test)?,
    })
}

/// In the cache that `make` fills: `HEARTH_CACHE`, by default `hearth` in the user's cache folder.
fn builtin_folder(dataset: Builtin) -> Result<PathBuf, Failure> {
    let variable = |name: &str| std::env::var_os(name).map(PathBuf::from);
    let cache = variable("HEARTH_CACHE")
        .or_else(|| variable("XDG_CACHE_HOME").map(|cache| cache.join("hearth")))
        .or_else(|| variable("HOME").map(|home| home.join(".cache/hearth")))
        .ok_or(
            "The folder of the data is unknown: set HEARTH_CACHE, or give a folder to --data.",
        )?;
    let folder = cache.join("data").join(dataset.id());
    if folder.is_dir() {
        Ok(folder)
    } else {
        Err(format!(
            "{} is not in {}: `make setup` brings it.",
            dataset.id(),
            folder.display()
        )
        .into())
    }
}

fn part(folder: &Path, names: [&str; 2]) -> Result<Vec<u8>, Failure> {
    for name in names {
        let plain = folder.join(name);
        if plain.is_file() {
            return read(&plain);
        }
        let packed = folder.join(format!("{name}.gz"));
        if packed.is_file() {
            let mut bytes = Vec::new();
            GzDecoder::new(read(&packed)?.as_slice())
                .read_to_end(&mut bytes)
                .map_err(|error| format!("{}: {error}", packed.display()))?;
            return Ok(bytes);
        }
    }
    Err(format!(
        "{} has no {} (or {}).",
        folder.display(),
        names[0],
        names[1]
    )
    .into())
}
