//! Where a network is written: proved before a training, and never at the cost of the network.

use std::fs::{self, OpenOptions, Permissions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::Failure;

/// Names that are tried beside a file that cannot be written.
const BESIDE: std::ops::RangeInclusive<u32> = 1..=99;

/// What keeps a file from being replaced, but not from being written over.
const MUST_BE_OVERWRITTEN: [ErrorKind; 3] = [
    ErrorKind::PermissionDenied,
    ErrorKind::ReadOnlyFilesystem,
    ErrorKind::ResourceBusy,
];

/// Fails if `path` cannot be written. A file that is there stays as it is.
pub fn prove(path: &Path) -> Result<(), Failure> {
    let file = target(path);
    let proof = if file.exists() {
        OpenOptions::new().append(true).open(&file).map(drop)
    } else {
        let made = OpenOptions::new().write(true).create_new(true).open(&file);
        made.and_then(|_| fs::remove_file(&file))
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
    let path = target(path);
    match fs::metadata(&path) {
        // What is no file, such as /dev/null, is written to.
        Ok(found) if found.is_file() => match replace_whole(&path, file, found.permissions()) {
            // Its folder takes no other file, or it is mounted by itself: `prove` has seen that it can be written.
            Err(error) if MUST_BE_OVERWRITTEN.contains(&error.kind()) => fs::write(&path, file),
            replaced => replaced,
        },
        Ok(_) => fs::write(&path, file),
        Err(_) => fresh(&path, file),
    }
}

fn replace_whole(path: &Path, file: &[u8], permissions: Permissions) -> io::Result<()> {
    let part = path.with_file_name(format!(".{}.{}.part", name(path), std::process::id()));
    fresh(&part, file)?;
    fs::set_permissions(&part, permissions)
        .and_then(|()| fs::rename(&part, path))
        .inspect_err(|_| drop(fs::remove_file(&part)))
}

/// Where a link leads, even to what is not there yet: the link stays one.
fn target(path: &Path) -> PathBuf {
    let there = || fs::read_link(path).map(|to| path.parent().unwrap_or(Path::new("")).join(to));
    fs::canonicalize(path)
        .or_else(|_| there())
        .unwrap_or_else(|_| path.to_owned())
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
