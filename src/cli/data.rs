//! Datasets on disk.

use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use hearth::data::split::Shares;
use hearth::data::{Builtin, Dataset, IdxPair, idx, mnist_classes};
use hearth::model::{Fit, ImageShape, ModelSpec};
use hearth::onnx::Facts;

use super::own::{self, Own, Wish};
use super::{DataArguments, Failure, TrainArguments, read};

/// Of pictures that only have to be told apart.
const SMALL: usize = 32;
/// Each part's names, as Hearth and as MNIST's own distribution have them; any may end in `.gz`.
const PARTS: [[&str; 2]; 4] = [
    ["train-images.idx", "train-images-idx3-ubyte"],
    ["train-labels.idx", "train-labels-idx1-ubyte"],
    ["test-images.idx", "t10k-images-idx3-ubyte"],
    ["test-labels.idx", "t10k-labels-idx1-ubyte"],
];

/// The images for a network that is to be trained as it is; with `labels`, a person's own have these classes.
pub fn load_for(
    data: &DataArguments,
    spec: &ModelSpec,
    labels: Option<&[String]>,
    json: bool,
) -> Result<Dataset, Failure> {
    match own_path(data) {
        Some(path) => {
            let wish = Wish::of(spec, data.shares(), data.split_seed);
            Ok(own::load(path, &wish, labels, json)?.dataset)
        }
        None => load(&data.name),
    }
}

/// The images to test a file on.
pub fn load_facts(data: &DataArguments, facts: &Facts, json: bool) -> Result<Dataset, Failure> {
    let spec = ModelSpec {
        input: facts.input,
        preprocessing: facts.preprocessing(),
        ..ModelSpec::default()
    };
    let labels = &facts.metadata.labels;
    load_for(
        data,
        &spec,
        Some(labels)
            .filter(|labels| !labels.is_empty())
            .map(Vec::as_slice),
        json,
    )
}

/// The images to look for faults in: a person's own as they are, whole, `side` pixels a side.
pub fn load_side(data: &DataArguments, side: usize, json: bool) -> Result<Dataset, Failure> {
    let Some(path) = own_path(data) else {
        return load(&data.name);
    };
    let wish = Wish {
        channels: None,
        height: side,
        width: side,
        fixed: true,
        fit: None,
        ink: None,
        shares: data.shares(),
        seed: data.split_seed,
        groups: false,
    };
    Ok(own::load(path, &wish, None, json)?.dataset)
}

/// What a backbone is to give the features of: a person's own pictures, small, with which are near duplicates and a way back
/// to them; or a dataset that comes with Hearth.
pub fn load_small(data: &DataArguments, json: bool) -> Result<(Option<Own>, Dataset), Failure> {
    let Some(path) = own_path(data) else {
        return Ok((None, load(&data.name)?));
    };
    let wish = Wish {
        channels: Some(3),
        height: SMALL,
        width: SMALL,
        fixed: true,
        fit: Some(Fit::photo(1.0)),
        ink: None,
        shares: data.shares(),
        seed: data.split_seed,
        groups: true,
    };
    let own = own::load(path, &wish, None, json)?;
    let dataset = own.dataset.clone();
    Ok((Some(own), dataset))
}

/// The images to train a preset's network on, and that network made for them: a person's own decide over its input and
/// the number of classes.
pub fn load_with(
    options: &TrainArguments,
    preset: ModelSpec,
    json: bool,
) -> Result<(ModelSpec, Dataset), Failure> {
    let data = &options.data;
    let Some(path) = own_path(data) else {
        let dataset = load(&data.name)?;
        let [channels, height, width] = dataset.shape();
        let input = ImageShape {
            channels,
            height,
            width,
        };
        let fit = preset.preprocessing.fit;
        let spec = preset.made_for(input, fit, dataset.classes().len());
        return Ok((Builtin::fitted(spec, dataset.content_id()), dataset));
    };
    let side = |side: usize| options.side.unwrap_or(side);
    let fit = preset.preprocessing.fit;
    let is_photo = matches!(fit, Fit::Photo { .. });
    let wish = Wish {
        channels: match (options.grey, options.colour) {
            (true, _) => Some(1),
            (_, true) => Some(3),
            _ => None,
        },
        height: side(preset.input.height),
        width: side(preset.input.width),
        fixed: options.side.is_some(),
        fit: is_photo.then_some(fit),
        ink: (!is_photo).then_some(fit),
        shares: data.shares(),
        seed: data.split_seed,
        groups: false,
    };
    let own = own::load(path, &wish, None, json)?;
    let [channels, height, width] = own.dataset.shape();
    let input = ImageShape {
        channels,
        height,
        width,
    };
    let spec = preset.made_for(input, own.fit, own.dataset.classes().len());
    Ok((spec, own.dataset))
}

impl DataArguments {
    fn shares(&self) -> Shares {
        Shares {
            validation: self.validation_share,
            test: self.test_share,
        }
    }
}

/// Where a person's own pictures lie, if that is what is asked for.
fn own_path(data: &DataArguments) -> Option<&Path> {
    let path = Path::new(&data.name);
    let has_idx = || {
        let named = PARTS[0]
            .iter()
            .flat_map(|name| [(*name).to_owned(), format!("{name}.gz")]);
        named.into_iter().any(|name| path.join(name).is_file())
    };
    let is_own = Builtin::of(&data.name).is_none() && own::is_one(path) && !has_idx();
    is_own.then_some(path)
}

/// `mnist` or `fashion-mnist`, where `make` has put it, or a folder of digits.
fn load(name: &str) -> Result<Dataset, Failure> {
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
        None => Dataset::from_idx(&name, numbered([train, test]), train, test)?,
    })
}

/// The classes of files that do not name them: the digits, or more if there are larger labels.
fn numbered(pairs: [IdxPair<'_>; 2]) -> Vec<String> {
    // Files that cannot be read are told when they are read as a dataset.
    let labels = pairs
        .iter()
        .filter_map(|pair| idx::read_labels(pair.labels).ok());
    let most = labels.flatten().max().unwrap_or(0);
    let digits = mnist_classes();
    (0..digits.len().max(usize::from(most) + 1))
        .map(|class| class.to_string())
        .collect()
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
