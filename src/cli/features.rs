//! The features that a backbone gives of pictures and of changed copies, kept in a file if one is named.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::thread;

use hearth::data::{Dataset, Split};
use hearth::infer::Embedder;
use hearth::onnx::backbone_id;
use hearth::pixels::Rgba;
use hearth::pixels::copies::{Changes, copy};
use hearth::train::head::Examples;

use super::own::Own;
use super::{DataArguments, Failure, data, warn};

/// Images that tract works on at once.
const BATCH: usize = 4;
/// Images that are brought to size before they are given to the threads.
const CHUNK: usize = 64;
/// What a file of features begins with.
const MAGIC: &[u8] = b"hearth features 1\n";

/// Labelled pictures.
pub struct Pictures {
    own: Option<Own>,
    pub dataset: Dataset,
    groups: Vec<u32>,
}

impl Pictures {
    pub fn open(data: &DataArguments, json: bool) -> Result<Self, Failure> {
        let (own, dataset) = data::load_small(data, json)?;
        let groups = match &own {
            Some(own) => own.groups.clone(),
            None => (0..dataset.len() as u32).collect(),
        };
        Ok(Pictures {
            own,
            dataset,
            groups,
        })
    }

    pub fn is_own(&self) -> bool {
        self.own.is_some()
    }

    /// The samples of a split.
    pub fn of(&self, split: Split) -> Vec<u32> {
        self.dataset.indices(split)
    }

    /// Pixels (RGBA) with their width and height.
    fn pixels(&mut self, sample: usize) -> Result<(Vec<u8>, usize, usize), Failure> {
        if let Some(own) = &mut self.own {
            let picture = own.picture(sample)?.pixels;
            let (width, height) = picture.dimensions();
            return Ok((picture.into_raw(), width as usize, height as usize));
        }
        let [channels, height, width] = self.dataset.shape();
        let (pixels, size) = (self.dataset.pixels(sample), height * width);
        let rgba = (0..size).flat_map(|i| {
            let of = |channel: usize| pixels[channel.min(channels - 1) * size + i];
            [of(0), of(1), of(2), 255]
        });
        Ok((rgba.collect(), width, height))
    }
}

/// Features by sample and copy.
pub struct Features {
    embedder: Embedder,
    seed: u64,
    changes: Changes,
    known: BTreeMap<(u32, u32), Vec<f32>>,
    file: Option<PathBuf>,
    /// What the file's features are of.
    key: String,
    json: bool,
}

impl Features {
    /// Of `backbone`, for `pictures`; what `file` holds of the same is not computed again.
    pub fn new(
        backbone: &[u8],
        pictures: &Pictures,
        file: Option<PathBuf>,
        seed: u64,
        mirror: bool,
        json: bool,
    ) -> Result<Self, Failure> {
        let id = backbone_id(backbone)?;
        let embedder = Embedder::load(backbone, BATCH)?;
        Ok(Self::of_embedder(
            embedder, id, pictures, file, seed, mirror, json,
        ))
    }

    /// The same of an inner tensor, whose name is `tensor`.
    pub fn at(
        backbone: &[u8],
        tensor: &str,
        pictures: &Pictures,
        file: Option<PathBuf>,
        seed: u64,
        mirror: bool,
        json: bool,
    ) -> Result<Self, Failure> {
        let id = format!("{} {tensor}", backbone_id(backbone)?);
        let embedder = Embedder::load_at(backbone, BATCH, tensor)?;
        Ok(Self::of_embedder(
            embedder, id, pictures, file, seed, mirror, json,
        ))
    }

    fn of_embedder(
        embedder: Embedder,
        id: String,
        pictures: &Pictures,
        file: Option<PathBuf>,
        seed: u64,
        mirror: bool,
        json: bool,
    ) -> Self {
        let content = pictures.dataset.content_id();
        let mut features = Features {
            embedder,
            seed,
            changes: Changes { mirror },
            known: BTreeMap::new(),
            file,
            key: format!("{id} {content} {seed} {mirror}\n"),
            json,
        };
        features.open();
        features
    }

    pub fn dimension(&self) -> usize {
        self.embedder.dimension()
    }

    fn open(&mut self) {
        let Some(path) = self.file.as_ref().filter(|path| path.exists()) else {
            return;
        };
        let begin = [MAGIC, self.key.as_bytes()].concat();
        let bytes = std::fs::read(path).unwrap_or_default();
        let Some(rest) = bytes.strip_prefix(begin.as_slice()) else {
            warn(format_args!(
                "{} holds features of something else, and is written anew.",
                path.display()
            ));
            return;
        };
        let word = |bytes: &[u8]| {
            bytes
                .first_chunk()
                .map_or(0, |word| u32::from_le_bytes(*word))
        };
        for record in rest.chunks_exact(8 + 4 * self.dimension()) {
            let values = record[8..].as_chunks::<4>().0;
            let values = values
                .iter()
                .map(|word| f32::from_le_bytes(*word))
                .collect();
            self.known
                .insert((word(record), word(&record[4..])), values);
        }
    }

    fn save(&self) -> Result<(), Failure> {
        let Some(path) = &self.file else {
            return Ok(());
        };
        let mut bytes = [MAGIC, self.key.as_bytes()].concat();
        for ((sample, copy), values) in &self.known {
            bytes.extend(sample.to_le_bytes());
            bytes.extend(copy.to_le_bytes());
            bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
        }
        std::fs::write(path, bytes).map_err(|error| format!("{}: {error}", path.display()).into())
    }

    /// Computes what is missing of these samples and copies (0: the picture itself).
    ///
    /// # Errors
    /// If a picture cannot be read, or tract fails.
    pub fn compute(
        &mut self,
        pictures: &mut Pictures,
        wanted: impl IntoIterator<Item = (u32, u32)>,
    ) -> Result<(), Failure> {
        let missing = wanted
            .into_iter()
            .filter(|key| !self.known.contains_key(key));
        let mut missing: Vec<(u32, u32)> = missing.collect();
        missing.sort_unstable();
        missing.dedup();
        let facts = self.embedder.facts();
        let (fit, shape) = (facts.preprocessing().fit, facts.input.dims());
        for (place, chunk) in missing.chunks(CHUNK).enumerate() {
            self.progress(place * CHUNK, missing.len());
            let mut images = Vec::with_capacity(chunk.len());
            for &(sample, number) in chunk {
                let (pixels, width, height) = pictures.pixels(sample as usize)?;
                let picture = Rgba::new(&pixels, width, height)?;
                images.push(copy(picture, fit, shape, self.seed, number, self.changes)?);
            }
            let found = embedded(&self.embedder, &images)?;
            self.known.extend(chunk.iter().copied().zip(found));
        }
        if missing.is_empty() {
            return Ok(());
        }
        self.progress(missing.len(), missing.len());
        self.save()
    }

    fn progress(&self, done: usize, total: usize) {
        let mut out = std::io::stderr();
        if !self.json && std::io::IsTerminal::is_terminal(&out) {
            let end = if done == total { "\n" } else { "" };
            // A terminal that is gone is no reason to stop.
            let _ = write!(out, "\rfeatures {done}/{total} {end}");
        }
    }

    /// # Panics
    /// If it has not been computed.
    pub fn of(&self, sample: u32, copy: u32) -> &[f32] {
        &self.known[&(sample, copy)]
    }

    /// These samples, each with so many copies, as what a head learns from; `classes` are the places of the classes among
    /// the dataset's.
    pub fn examples(
        &self,
        pictures: &Pictures,
        samples: &[u32],
        copies: usize,
        classes: &[usize],
    ) -> Examples {
        let names = classes
            .iter()
            .map(|&class| pictures.dataset.classes()[class].clone());
        let mut examples = Examples {
            dimension: self.dimension(),
            classes: names.collect(),
            ..Examples::default()
        };
        for (place, &sample) in samples.iter().enumerate() {
            let class = pictures.dataset.label(sample as usize);
            let label = classes
                .iter()
                .position(|&known| known == class)
                .unwrap_or(0);
            examples.labels.push(label as u16);
            examples.groups.push(pictures.groups[sample as usize]);
            for copy in 0..=copies as u32 {
                examples.features.extend_from_slice(self.of(sample, copy));
                examples.samples.push(place as u32);
                examples.copies.push(copy as u8);
            }
        }
        examples
    }
}

/// With as many threads as there are cores.
fn embedded(embedder: &Embedder, images: &[Vec<u8>]) -> Result<Vec<Vec<f32>>, Failure> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let part = images.len().div_ceil(threads).max(1);
    let results: Vec<_> = thread::scope(|scope| {
        let works = images
            .chunks(part)
            .map(|images| scope.spawn(move || embedder.embed(&images.concat(), images.len())));
        let works: Vec<_> = works.collect();
        works.into_iter().map(|work| work.join()).collect()
    });
    let mut all = Vec::with_capacity(images.len());
    for result in results {
        let values = result.map_err(|_| "The features could not be computed.")??;
        all.extend(
            values
                .chunks_exact(embedder.dimension())
                .map(<[f32]>::to_vec),
        );
    }
    Ok(all)
}
