//! Which files of a folder or an archive are samples, and what their names and lists say of them.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::export::{DATASET_JSON, Export, ExportInput};
use super::table::{LABELS_CSV, rows};
use crate::data::{DataError, Split};
use crate::pixels::Fit;

/// Samples without a label lie in this folder of an export.
const UNLABELLED: &str = "unlabelled";
/// Above the class folders of an export.
const IMAGES: &str = "images";
/// What programs leave behind in folders and archives; nobody means it to be a sample.
const CLUTTER: [&str; 3] = ["__MACOSX", "Thumbs.db", "desktop.ini"];
/// Endings of files that are pictures, or are meant to be.
const PICTURES: [&str; 7] = ["png", "jpg", "jpeg", "jfif", "webp", "gif", "bmp"];

/// What a folder or an archive holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listing {
    /// What the dataset calls itself.
    pub name: Option<String>,
    /// In the order of their labels.
    pub classes: Vec<String>,
    pub input: Option<ExportInput>,
    pub fit: Option<Fit>,
    pub samples: Vec<Listed>,
    pub refused: Vec<Refused>,
    /// Whether it lists its own samples (`dataset.json`): they are taken as they are, equal ones too.
    pub is_export: bool,
}

/// A file that is a sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub path: String,
    /// A place in the classes.
    pub label: Option<u16>,
    /// `None` if it has to be given out.
    pub split: Option<Split>,
    pub pinned: bool,
}

/// A file that is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    pub file: String,
    pub why: Refusal,
}

/// Why a file is left out.
#[derive(thiserror::Error, Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    #[error("its name leads out of the folder")]
    UnsafeName,
    #[error("it is no picture")]
    NoPicture,
    #[error("it is listed, but is not there")]
    Missing,
    #[error("it is the same file as {0}")]
    Duplicate(String),
    #[error("it is larger than {} MB", .0 / 1_000_000)]
    TooLarge(u64),
    #[error("it is locked with a password")]
    Locked,
    #[error("it cannot be read: {0}")]
    Broken(String),
}

impl Refusal {
    /// Stable, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::UnsafeName => "unsafe-name",
            Refusal::NoPicture => "no-picture",
            Refusal::Missing => "missing",
            Refusal::Duplicate(_) => "duplicate",
            Refusal::TooLarge(_) => "too-large",
            Refusal::Locked => "locked",
            Refusal::Broken(_) => "broken",
        }
    }
}

impl Split {
    /// By the name of a folder, or of a column's field.
    pub fn of_folder(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "train" | "training" => Split::Train,
            "validation" | "valid" | "val" | "dev" => Split::Validation,
            "test" | "testing" => Split::Test,
            _ => return None,
        })
    }
}

impl Listing {
    /// Of the files at these `paths`, with slashes between their parts; `read` gives what one of them holds.
    ///
    /// A `dataset.json` says all there is to say, then a `labels.csv`; without them the folder that a file lies in is its
    /// class, and one of `train`, `validation` (or `val`) and `test` above all class folders is its split. Folders that
    /// everything lies in count for nothing.
    ///
    /// # Errors
    /// If a list is broken.
    pub fn of<E: From<DataError>>(
        paths: Vec<String>,
        mut read: impl FnMut(&str) -> Result<Vec<u8>, E>,
    ) -> Result<Self, E> {
        let mut listing = Listing::default();
        let mut kept = Vec::new();
        for path in paths {
            if !is_safe(&path) {
                listing.refuse(path, Refusal::UnsafeName);
            } else if !is_clutter(&path) {
                kept.push(path);
            }
        }
        kept.sort_unstable();
        if let Some(list) = topmost(&kept, DATASET_JSON) {
            let export = Export::read(&read(&list)?)?;
            listing.by_export(export, folder_of(&list), &kept);
        } else if let Some(list) = topmost(&kept, LABELS_CSV) {
            let table = rows(&read(&list)?)?;
            let rows = table
                .into_iter()
                .map(|row| (row.file, row.label, row.split));
            listing.by_rows(rows.collect(), folder_of(&list), &kept);
        } else {
            listing.by_folders(kept);
        }
        Ok(listing)
    }

    fn refuse(&mut self, file: String, why: Refusal) {
        self.refused.push(Refused { file, why });
    }

    fn by_export(&mut self, export: Export, folder: &str, paths: &[String]) {
        let there: HashSet<&str> = paths.iter().map(String::as_str).collect();
        self.name = Some(export.name);
        self.input = Some(export.input);
        self.fit = Some(export.fit);
        self.is_export = true;
        for sample in export.samples {
            let path = format!("{folder}{}", sample.file);
            let place = |label: &String| export.classes.iter().position(|class| class == label);
            match there.contains(path.as_str()) {
                true => self.samples.push(Listed {
                    path,
                    label: sample
                        .label
                        .as_ref()
                        .and_then(place)
                        .map(|place| place as u16),
                    split: Some(sample.split),
                    pinned: sample.pinned,
                }),
                false => self.refuse(path, Refusal::Missing),
            }
        }
        self.classes = export.classes;
    }

    /// Files that have no row are left out in silence if they are no pictures, and otherwise have no label.
    fn by_rows(
        &mut self,
        rows: Vec<(String, Option<String>, Option<Split>)>,
        folder: &str,
        paths: &[String],
    ) {
        let there: HashSet<&str> = paths.iter().map(String::as_str).collect();
        let labels = rows.iter().filter_map(|(_, label, _)| label.clone());
        self.classes = labels.collect::<BTreeSet<_>>().into_iter().collect();
        let places = self.places();
        let mut listed = HashSet::new();
        for (file, label, split) in rows {
            let path = format!(
                "{folder}{}",
                file.replace('\\', "/").trim_start_matches("./")
            );
            if !is_safe(&path) {
                self.refuse(path, Refusal::UnsafeName);
            } else if !there.contains(path.as_str()) {
                self.refuse(path, Refusal::Missing);
            } else if listed.insert(path.clone()) {
                self.samples.push(Listed {
                    path,
                    label: label.and_then(|label| places.get(&label).copied()),
                    split,
                    pinned: false,
                });
            }
        }
        let rest = paths
            .iter()
            .filter(|path| is_picture(path) && !listed.contains(*path));
        self.samples.extend(rest.map(|path| Listed {
            path: path.clone(),
            label: None,
            split: None,
            pinned: false,
        }));
    }

    fn by_folders(&mut self, paths: Vec<String>) {
        let (pictures, others): (Vec<_>, Vec<_>) =
            paths.into_iter().partition(|path| is_picture(path));
        for path in others {
            self.refuse(path, Refusal::NoPicture);
        }
        let split_up = |path: &String| path.split('/').map(str::to_owned).collect::<Vec<_>>();
        let parts: Vec<Vec<String>> = pictures.iter().map(split_up).collect();
        let is_unlabelled = |parts: &[String]| {
            parts[..parts.len() - 1]
                .iter()
                .any(|part| part == UNLABELLED)
        };
        // How many folders everything lies in.
        let labelled: Vec<&Vec<String>> =
            parts.iter().filter(|parts| !is_unlabelled(parts)).collect();
        let mut above = 0;
        while let Some(first) = labelled.first()
            && let Some(name) = first.get(above)
            && (Split::of_folder(name).is_none() || name == IMAGES)
            && labelled
                .iter()
                .all(|parts| parts.len() > above + 2 && parts[above] == *name)
        {
            above += 1;
        }
        let split_of = |parts: &[String]| match parts.len() > above + 2 {
            true => Split::of_folder(&parts[above]),
            false => None,
        };
        let in_splits =
            !labelled.is_empty() && labelled.iter().all(|parts| split_of(parts).is_some());
        let class_at = above + usize::from(in_splits);
        let class_of = |parts: &[String]| match parts.len() > class_at + 1 && !is_unlabelled(parts)
        {
            true => Some(parts[class_at].clone()),
            false => None,
        };
        let classes: BTreeSet<String> = parts.iter().filter_map(|parts| class_of(parts)).collect();
        self.classes = classes.into_iter().collect();
        let places = self.places();
        for (path, parts) in pictures.into_iter().zip(&parts) {
            let label = class_of(parts).and_then(|class| places.get(&class).copied());
            self.samples.push(Listed {
                path,
                label,
                split: split_of(parts).filter(|_| in_splits),
                pinned: false,
            });
        }
    }

    fn places(&self) -> HashMap<String, u16> {
        self.classes.iter().cloned().zip(0..).collect()
    }
}

/// Whether a name stays within its folder, on every system.
fn is_safe(path: &str) -> bool {
    let parts = || path.split(['/', '\\']);
    let drive = path.as_bytes().get(1) == Some(&b':');
    !path.starts_with(['/', '\\'])
        && !drive
        && !path.contains('\0')
        && parts().all(|part| part != "..")
}

fn is_clutter(path: &str) -> bool {
    path.split('/')
        .any(|part| part.starts_with('.') || CLUTTER.contains(&part))
}

fn is_picture(path: &str) -> bool {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    PICTURES
        .iter()
        .any(|known| ending.eq_ignore_ascii_case(known))
}

/// The file of this name that lies highest.
fn topmost(paths: &[String], name: &str) -> Option<String> {
    let named = paths
        .iter()
        .filter(|path| path.rsplit('/').next() == Some(name));
    named.min_by_key(|path| path.matches('/').count()).cloned()
}

/// With the slash that ends it; empty at the top.
fn folder_of(path: &str) -> &str {
    path.rfind('/').map_or("", |at| &path[..=at])
}
