//! A person's own pictures: a folder of class folders, or a zip of the same, with or without lists.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use hearth::data::formats::{Listed, Listing, Refusal, Refused};
use hearth::data::split::{Member, Shares, assign};
use hearth::data::{Dataset, LookIndex, Split};
use hearth::model::{Fit, ModelSpec};
use hearth::pixels::look::Look;
use hearth::pixels::{Rgba, has_plain_ground};
use serde::Serialize;
use xxhash_rust::xxh3::xxh3_128;
use zip::ZipArchive;
use zip::result::ZipError;

use super::picture::{self, Picture};
use super::{Failure, print_json, warn};

/// The largest file that is opened: a zip may promise little and hold much.
const MAX_FILE: u64 = 200_000_000;
/// Pictures that are looked at before all are read, to see of what kind they are.
const SNIFFED: usize = 40;
/// Of those, the share that decides.
const MOST: f32 = 0.9;
/// A picture with a smaller share of coloured pixels is grey.
const GREY: f32 = 0.01;
/// Refused files that are named one by one, if they are not printed for machines.
const NAMED: usize = 5;

/// How pictures become images for a network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wish {
    /// Grey (1) or colour (3); `None` is what the pictures are.
    pub channels: Option<usize>,
    pub height: usize,
    pub width: usize,
    /// Whether that is what was asked for, and not only what suits: then an export's own size does not count.
    pub fixed: bool,
    pub fit: Option<Fit>,
    /// Of a network that is for what is drawn: used if that is what the pictures show.
    pub ink: Option<Fit>,
    pub shares: Shares,
    pub seed: u64,
    /// Whether near duplicates are to be known even if every picture has its split.
    pub groups: bool,
}

impl Wish {
    /// For the input of a network that there is already.
    pub fn of(spec: &ModelSpec, shares: Shares, seed: u64) -> Self {
        Wish {
            channels: Some(spec.input.channels),
            height: spec.input.height,
            width: spec.input.width,
            fixed: true,
            fit: Some(spec.preprocessing.fit),
            ink: None,
            shares,
            seed,
            groups: false,
        }
    }
}

/// Pictures as a network takes them.
pub struct Own {
    pub dataset: Dataset,
    pub fit: Fit,
    /// Of each sample: near duplicates share a number, if they were looked for.
    pub groups: Vec<u32>,
    /// Of each sample.
    files: Vec<String>,
    source: Source,
}

impl Own {
    /// A sample's picture, as it was before it became an image.
    ///
    /// # Errors
    /// If it can no longer be read.
    pub fn picture(&mut self, sample: usize) -> Result<Picture, Failure> {
        let file = &self.files[sample];
        let picture = self.source.read(file).and_then(|bytes| decode(&bytes));
        picture.map_err(|why| format!("{file}: {why}.").into())
    }
}

/// What became of the files.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report<'a> {
    kind: &'static str,
    dataset: &'a str,
    classes: &'a [String],
    train: usize,
    validation: usize,
    test: usize,
    /// Left out, as there is nothing to learn from them.
    unlabelled: usize,
    refused: Vec<Left<'a>>,
}

#[derive(Serialize)]
struct Left<'a> {
    file: &'a str,
    code: &'static str,
    reason: String,
}

/// Whether `path` could be a person's own pictures: a folder, or a zip.
pub fn is_one(path: &Path) -> bool {
    path.is_dir() || is_zip(path)
}

fn is_zip(path: &Path) -> bool {
    let ending = path.extension().unwrap_or_default();
    path.is_file() && ending.eq_ignore_ascii_case("zip")
}

/// Every picture that can be read and has a label, with its split; where none is given, as the wish says. With `classes`
/// the labels are places among those.
///
/// # Errors
/// If nothing can be read, a list is broken, or a class is not among `classes`.
pub fn load(
    path: &Path,
    wish: &Wish,
    classes: Option<&[String]>,
    json: bool,
) -> Result<Own, Failure> {
    let mut source = Source::open(path)?;
    let paths = source.paths();
    let mut listing = Listing::of(paths, |path| {
        let bytes = source.read(path);
        bytes.map_err(|why| Failure::from(format!("{path}: {why}.")))
    })?;
    if let Some(known) = classes {
        relabel(&mut listing, known)?;
    }
    let labelled = listing
        .samples
        .iter()
        .filter(|sample| sample.label.is_some());
    let unlabelled = listing.samples.len() - labelled.clone().count();
    let samples: Vec<Listed> = labelled.cloned().collect();
    if samples.is_empty() {
        return Err(format!(
            "There is no picture with a label in {}: it needs a folder for each class, or a labels.csv.",
            path.display()
        )
        .into());
    }
    let look = |path: &str, source: &mut Source| decode(&source.read(path).ok()?).ok();
    let step = samples.len().div_ceil(SNIFFED);
    let sniffed = samples.iter().step_by(step);
    let sniffed: Vec<Picture> = sniffed
        .filter_map(|sample| look(&sample.path, &mut source))
        .collect();
    let (channels, fit) = kind(wish, &listing, &sniffed);
    drop(sniffed);
    let own = listing
        .input
        .filter(|_| !wish.fixed)
        .map(|input| input.side);
    let shape = [
        channels,
        own.unwrap_or(wish.height),
        own.unwrap_or(wish.width),
    ];
    let has_to_split = samples.iter().any(|sample| sample.split.is_none());
    let mut read = Reading::new(fit, shape, has_to_split, wish.groups);
    for sample in &samples {
        let bytes = source.read(&sample.path);
        if let Err(why) = bytes.and_then(|bytes| read.add(sample, &bytes, listing.is_export)) {
            let file = sample.path.clone();
            listing.refused.push(Refused { file, why });
        }
    }
    let name = listing.name.clone().unwrap_or_else(|| name_of(path));
    let classes = listing.classes.clone();
    let groups = read.members.iter().map(|member| member.group).collect();
    let files = std::mem::take(&mut read.paths);
    let dataset = read.dataset(name, classes, wish)?;
    report(&dataset, unlabelled, &listing.refused, json)?;
    Ok(Own {
        dataset,
        fit,
        groups,
        files,
        source,
    })
}

fn name_of(path: &Path) -> String {
    let name = match path.is_dir() {
        true => path.file_name(),
        false => path.file_stem(),
    };
    name.map_or_else(
        || path.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    )
}

/// The labels as places among `known`.
fn relabel(listing: &mut Listing, known: &[String]) -> Result<(), Failure> {
    let place = |class: &String| known.iter().position(|name| name == class);
    let places: Vec<Option<usize>> = listing.classes.iter().map(place).collect();
    for sample in &mut listing.samples {
        let Some(label) = sample.label else { continue };
        let Some(place) = places[usize::from(label)] else {
            return Err(format!(
                "The network knows no class {}: it knows {}.",
                listing.classes[usize::from(label)],
                known.join(", ")
            )
            .into());
        };
        sample.label = Some(place as u16);
    }
    listing.classes = known.to_vec();
    Ok(())
}

/// Channels, and how pictures are brought to the size.
fn kind(wish: &Wish, listing: &Listing, sniffed: &[Picture]) -> (usize, Fit) {
    let share = |is: &dyn Fn(Rgba) -> bool| {
        let pictures = sniffed.iter().filter_map(|picture| rgba(picture).ok());
        pictures.filter(|picture| is(*picture)).count() as f32 / sniffed.len().max(1) as f32
    };
    let is_grey = |picture: Rgba| Look::of(picture).colour < GREY;
    let grey = || !sniffed.is_empty() && share(&is_grey) >= MOST;
    let given = listing.input.map(|input| input.channels);
    let channels = wish
        .channels
        .or(given)
        .unwrap_or_else(|| if grey() { 1 } else { 3 });
    let drawn = || channels == 1 && share(&has_plain_ground) >= MOST && grey();
    let (first, second) = match wish.fixed {
        true => (wish.fit, listing.fit),
        false => (listing.fit, wish.fit),
    };
    let fit = first.or(second).or_else(|| wish.ink.filter(|_| drawn()));
    (channels, fit.unwrap_or(Fit::photo(1.0)))
}

fn rgba(picture: &Picture) -> Result<Rgba<'_>, Failure> {
    let (width, height) = picture.pixels.dimensions();
    Ok(Rgba::new(
        picture.pixels.as_raw(),
        width as usize,
        height as usize,
    )?)
}

fn decode(bytes: &[u8]) -> Result<Picture, Refusal> {
    picture::decode(bytes).map_err(|error| match error {
        image::ImageError::Unsupported(_) => Refusal::NoPicture,
        error => Refusal::Broken(error.to_string()),
    })
}

/// The samples that have been read.
struct Reading {
    fit: Fit,
    shape: [usize; 3],
    pixels: Vec<u8>,
    members: Vec<Member>,
    /// Of each member.
    paths: Vec<String>,
    /// By the hash of the file.
    files: HashMap<u128, String>,
    has_to_split: bool,
    /// If near duplicates must not be parted.
    looks: Option<LookIndex>,
}

impl Reading {
    fn new(fit: Fit, shape: [usize; 3], has_to_split: bool, groups: bool) -> Self {
        Reading {
            fit,
            shape,
            pixels: Vec::new(),
            members: Vec::new(),
            paths: Vec::new(),
            files: HashMap::new(),
            has_to_split,
            looks: (has_to_split || groups).then(LookIndex::new),
        }
    }

    fn add(&mut self, sample: &Listed, bytes: &[u8], keeps_equals: bool) -> Result<(), Refusal> {
        let hash = xxh3_128(bytes);
        if let Some(earlier) = self.files.get(&hash).filter(|_| !keeps_equals) {
            return Err(Refusal::Duplicate(earlier.clone()));
        }
        let broken = |error: &dyn std::fmt::Display| Refusal::Broken(error.to_string());
        let picture = decode(bytes)?;
        let picture = rgba(&picture).map_err(|error| broken(&error))?;
        let image = self
            .fit
            .image(picture, self.shape)
            .map_err(|error| broken(&error))?;
        let mut group = self.members.len() as u32;
        if let Some(looks) = &mut self.looks {
            let alike = looks
                .add(&Look::of(picture).pixels)
                .map_err(|error| broken(&error))?;
            // A picture that joins two groups makes them one.
            if let Some(&first) = alike.first() {
                group = self.members[first as usize].group;
                let others: HashSet<u32> = alike
                    .iter()
                    .map(|&place| self.members[place as usize].group)
                    .collect();
                if others.len() > 1 {
                    let joined = self.members.iter_mut();
                    joined
                        .filter(|member| others.contains(&member.group))
                        .for_each(|member| member.group = group);
                }
            }
        }
        self.files.insert(hash, sample.path.clone());
        self.paths.push(sample.path.clone());
        self.pixels.extend(image);
        self.members.push(Member {
            label: sample.label,
            group,
            split: sample.split,
            pinned: sample.pinned,
        });
        Ok(())
    }

    fn dataset(self, name: String, classes: Vec<String>, wish: &Wish) -> Result<Dataset, Failure> {
        let splits = match self.has_to_split {
            true => assign(&self.members, wish.shares, wish.seed)?,
            false => self
                .members
                .iter()
                .filter_map(|member| member.split)
                .collect(),
        };
        let labels = self
            .members
            .iter()
            .filter_map(|member| member.label)
            .collect();
        Ok(Dataset::new(
            name,
            classes,
            self.shape,
            self.pixels,
            labels,
            splits,
        )?)
    }
}

fn report(
    dataset: &Dataset,
    unlabelled: usize,
    refused: &[Refused],
    json: bool,
) -> Result<(), Failure> {
    let [train, validation, test] =
        [Split::Train, Split::Validation, Split::Test].map(|split| dataset.count(split));
    if json {
        let left = |refused: &'_ Refused| (refused.why.code(), refused.why.to_string());
        let refused = refused.iter().map(|refused| {
            let (code, reason) = left(refused);
            Left {
                file: &refused.file,
                code,
                reason,
            }
        });
        return print_json(&Report {
            kind: "data",
            dataset: dataset.name(),
            classes: dataset.classes(),
            train,
            validation,
            test,
            unlabelled,
            refused: refused.collect(),
        });
    }
    let [channels, height, width] = dataset.shape();
    let colour = if channels == 1 { "grey" } else { "colour" };
    say!(
        "{}: {} classes, {train} images to train on, {validation} to validate, {test} to test; {colour}, {height} × {width}",
        dataset.name(),
        dataset.classes().len(),
    );
    if unlabelled > 0 {
        say!("{unlabelled} pictures have no label and are left out");
    }
    for Refused { file, why } in refused.iter().take(NAMED) {
        warn(format_args!("{file}: {why}."));
    }
    if !refused.is_empty() {
        warn(format_args!(
            "{} files are left out (--json names them all).",
            refused.len()
        ));
    }
    Ok(())
}

/// Where files lie.
enum Source {
    Folder {
        folder: PathBuf,
        paths: Vec<String>,
    },
    Zip {
        archive: Box<ZipArchive<BufReader<File>>>,
        places: HashMap<String, usize>,
    },
}

impl Source {
    fn open(path: &Path) -> Result<Self, Failure> {
        let named = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
        if path.is_dir() {
            let mut paths = Vec::new();
            walk(path, "", &mut HashSet::new(), &mut paths).map_err(|error| named(&error))?;
            return Ok(Source::Folder {
                folder: path.to_owned(),
                paths,
            });
        }
        let file = File::open(path).map_err(|error| named(&error))?;
        let archive = ZipArchive::new(BufReader::new(file)).map_err(|error| named(&error))?;
        let names = archive.file_names().filter_map(Result::ok);
        let names: Vec<String> = names.map(|name| name.into_owned()).collect();
        let places = names.into_iter().filter_map(|name| {
            let place = archive.index_for_name(&name)?;
            (!name.ends_with('/')).then_some((name, place))
        });
        let places = places.collect();
        Ok(Source::Zip {
            archive: Box::new(archive),
            places,
        })
    }

    fn paths(&self) -> Vec<String> {
        match self {
            Source::Folder { paths, .. } => paths.clone(),
            Source::Zip { places, .. } => places.keys().cloned().collect(),
        }
    }

    fn read(&mut self, path: &str) -> Result<Vec<u8>, Refusal> {
        let broken = |error: std::io::Error| Refusal::Broken(error.to_string());
        match self {
            Source::Folder { folder, .. } => {
                let file = File::open(folder.join(path)).map_err(broken)?;
                limited(file)
            }
            Source::Zip { archive, places } => {
                let place = places.get(path).copied().ok_or(Refusal::Missing)?;
                let file = archive.by_index(place).map_err(|error| match error {
                    ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => Refusal::Locked,
                    error => Refusal::Broken(error.to_string()),
                })?;
                limited(file)
            }
        }
    }
}

/// All of a file, unless it is too large, whatever it says of itself.
fn limited(file: impl Read) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    let read = file.take(MAX_FILE + 1).read_to_end(&mut bytes);
    let read = read.map_err(|error| Refusal::Broken(error.to_string()))?;
    match read as u64 > MAX_FILE {
        true => Err(Refusal::TooLarge(MAX_FILE)),
        false => Ok(bytes),
    }
}

/// Every file under a folder, with slashes, whatever the system has. Links are followed, but in no circle.
fn walk(
    folder: &Path,
    above: &str,
    seen: &mut HashSet<PathBuf>,
    paths: &mut Vec<String>,
) -> std::io::Result<()> {
    if !seen.insert(fs::canonicalize(folder)?) {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let Some(name) = path.file_name() else {
            continue;
        };
        let name = format!("{above}{}", name.to_string_lossy());
        if path.is_dir() {
            walk(&path, &format!("{name}/"), seen, paths)?;
        } else if path.is_file() {
            paths.push(name);
        }
    }
    Ok(())
}
