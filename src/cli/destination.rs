//! Where a network is written: proved before a training, and never at the cost of the network.

use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use super::Failure;

/// Names that are tried beside a file that cannot be written.
const BESIDE: std::ops::RangeInclusive<u32> = 1..=99;

/// Fails if `path` cannot be written. A file that is there stays as it is.
pub fn prove(path: &Path) -> Result<(), Failure> {
    let proof = if path.exists() {
        OpenOptions::new().append(true).open(path).map(drop)
    } else {
        let made = OpenOptions::new().write(true).create_new(true).open(path);
        made.and_then(|_| fs::remove_file(path))
    };
    proof.map_err(|error| {
        format!(
            "{} cannot be written ({error}): give --out another file.",
            path.display()
        )
        .into()
    })
}

/// Writes `file` to `path`; if that fails, beside it or into the folder for temporary files.
///
/// # Errors
/// A sentence that says where it is instead.
pub fn write(path: &Path, file: &[u8]) -> Result<(), Failure> {
    let Err(error) = replace(path, file) else {
        return Ok(());
    };
    let instead = beside(path)
        .chain(beside(&std::env::temp_dir().join(name(path))))
        .find(|instead| fresh(instead, file).is_ok());
    let path = path.display();
    Err(match instead {
        Some(instead) => format!(
            "{path} could not be written ({error}): the network is in {} instead.",
            instead.display()
        ),
        None => format!("{path} could not be written ({error}), nor any file beside it."),
    }
    .into())
}

/// A file that is there is replaced in one move, so that a disk that fills up leaves the old one.
fn replace(path: &Path, file: &[u8]) -> io::Result<()> {
    // A link stays one; what is no file, such as /dev/null, is written to.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    match fs::metadata(&path) {
        Ok(found) if found.is_file() => {
            let part = path.with_file_name(format!("{}.part", name(&path)));
            fs::write(&part, file)
                .and_then(|()| fs::set_permissions(&part, found.permissions()))
                .and_then(|()| fs::rename(&part, &path))
                .inspect_err(|_| drop(fs::remove_file(&part)))
        }
        Ok(_) => fs::write(&path, file),
        Err(_) => fresh(&path, file),
    }
}

/// A new file, complete or not at all.
fn fresh(path: &Path, file: &[u8]) -> io::Result<()> {
    let mut made = OpenOptions::new().write(true).create_new(true).open(path)?;
    io::Write::write_all(&mut made, file).inspect_err(|_| drop(fs::remove_file(path)))
}

/// `net-1.onnx`, `net-2.onnx` … for `net.onnx`.
fn beside(path: &Path) -> impl Iterator<Item = PathBuf> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let end = path
        .extension()
        .map(|end| format!(".{}", end.to_string_lossy()));
    let (stem, end) = (stem.into_owned(), end.unwrap_or_default());
    let path = path.to_owned();
    BESIDE.map(move |n| path.with_file_name(format!("{stem}-{n}{end}")))
}

fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}
