//! What is wrong with a dataset: near duplicates, and labels that are likely wrong. With `--plant`, how many planted
//! faults are found.

use std::collections::HashSet;
use std::io::Cursor;
use std::time::Instant;

use burn::tensor::Device;
use hearth::data::clean::{Suspect, likely_wrong};
use hearth::data::{Dataset, LookIndex, Split};
use hearth::model::random::Stream;
use hearth::pixels::Rgba;
use hearth::pixels::look::Look;
use hearth::train::OutOfFold;
use image::codecs::jpeg::JpegEncoder;
use serde::Serialize;

use super::{CheckArguments, Failure, data, picture, print_json};

/// Units of work between two looks at whether all is done.
const PULL: usize = 50;
/// Lines of each list that a person gets.
const SHOWN: usize = 10;
/// JPEG's quality for planted duplicates that are saved again.
const QUALITY: u8 = 75;
/// What planted duplicates are made brighter by.
const BRIGHTER: f32 = 1.25;

/// Two samples that show the same.
#[derive(Serialize, Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Pair {
    first: u32,
    second: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Found<'a> {
    kind: &'static str,
    near_duplicates: &'a [Pair],
    /// Of those, how many are in different splits.
    across_splits: usize,
    likely_wrong: &'a [Suspect],
    #[serde(skip_serializing_if = "Option::is_none")]
    planted: Option<Scores>,
    seconds_for_duplicates: f64,
    seconds_for_labels: f64,
}

/// How well the planted faults are found.
#[derive(Serialize, Clone, Copy)]
#[serde(rename_all = "camelCase")]
struct Scores {
    labels: Score,
    /// Over all pairs.
    duplicates: Score,
    /// Over those in different splits.
    leaks: Score,
}

#[derive(Serialize, Clone, Copy)]
struct Score {
    planted: usize,
    told: usize,
    found: usize,
    precision: f64,
    recall: f64,
}

impl Score {
    fn of(planted: usize, told: usize, found: usize) -> Self {
        let share = |of: usize| found as f64 / of.max(1) as f64;
        Score {
            planted,
            told,
            found,
            precision: share(told),
            recall: share(planted),
        }
    }
}

pub fn run(options: &CheckArguments, json: bool) -> Result<(), Failure> {
    let dataset = data::load_side(&options.data, options.side, json)?;
    let (dataset, planted) = match options.plant {
        Some(share) => plant(&dataset, share, options.seed)?,
        None => (dataset, Planted::default()),
    };
    let began = Instant::now();
    let pairs = near_duplicates(&dataset)?;
    let seconds_for_duplicates = began.elapsed().as_secs_f64();
    let leaks =
        |pair: &&Pair| dataset.split(pair.first as usize) != dataset.split(pair.second as usize);
    let across: Vec<Pair> = pairs.iter().filter(leaks).copied().collect();
    let began = Instant::now();
    let suspects = match options.labels_skipped {
        true => Vec::new(),
        false => suspects(&dataset, options, json)?,
    };
    let seconds_for_labels = began.elapsed().as_secs_f64();
    let scores = options.plant.map(|_| {
        let right = |pairs: &[Pair]| {
            pairs
                .iter()
                .filter(|pair| planted.pairs.contains(pair))
                .count()
        };
        let wrong = suspects
            .iter()
            .filter(|suspect| planted.flipped.contains(&(suspect.sample as u32)));
        Scores {
            labels: Score::of(planted.flipped.len(), suspects.len(), wrong.count()),
            duplicates: Score::of(planted.pairs.len(), pairs.len(), right(&pairs)),
            leaks: Score::of(planted.pairs.len(), across.len(), right(&across)),
        }
    });
    let found = Found {
        kind: "check",
        near_duplicates: &pairs,
        across_splits: across.len(),
        likely_wrong: &suspects,
        planted: scores,
        seconds_for_duplicates,
        seconds_for_labels,
    };
    if json {
        return print_json(&found);
    }
    print(&found, &dataset);
    if scores.is_some() {
        planted.tell(&pairs);
    }
    Ok(())
}

fn near_duplicates(dataset: &Dataset) -> Result<Vec<Pair>, Failure> {
    let mut index = LookIndex::new();
    let mut pairs = Vec::new();
    for second in 0..dataset.len() {
        for first in index.add(&look(dataset, second)?)? {
            let second = second as u32;
            pairs.push(Pair { first, second });
        }
    }
    Ok(pairs)
}

fn look(dataset: &Dataset, sample: usize) -> Result<Vec<u8>, Failure> {
    let [channels, height, width] = dataset.shape();
    let pixels = dataset.pixels(sample);
    let size = height * width;
    let rgba: Vec<u8> = (0..size)
        .flat_map(|i| {
            let of = |channel: usize| pixels[channel.min(channels - 1) * size + i];
            [of(0), of(1), of(2), 255]
        })
        .collect();
    Ok(Look::of(Rgba::new(&rgba, width, height)?).pixels)
}

fn suspects(
    dataset: &Dataset,
    options: &CheckArguments,
    json: bool,
) -> Result<Vec<Suspect>, Failure> {
    let mut folds = OutOfFold::quick(
        dataset.clone(),
        options.folds,
        options.seed,
        &Device::flex(),
    )?;
    let mut told = 0;
    while !folds.is_done() {
        let progress = pollster::block_on(folds.advance(PULL))?;
        let tenth = progress.done * 10 / progress.total.max(1);
        if !json && tenth > told {
            told = tenth;
            say!(
                "labels: fold {} of {}, {} %",
                progress.fold,
                progress.folds,
                10 * tenth
            );
        }
    }
    let labels: Vec<u16> = (0..dataset.len())
        .map(|i| dataset.label(i) as u16)
        .collect();
    let classes = dataset.classes().len();
    Ok(likely_wrong(folds.probabilities(), &labels, classes)?)
}

fn print(found: &Found, dataset: &Dataset) {
    say!(
        "{} near duplicates, {} of them across splits, in {:.1} s",
        found.near_duplicates.len(),
        found.across_splits,
        found.seconds_for_duplicates
    );
    for Pair { first, second } in found.near_duplicates.iter().take(SHOWN) {
        let split = |i: u32| dataset.split(i as usize);
        say!(
            "  {first} ({:?}) and {second} ({:?})",
            split(*first),
            split(*second)
        );
    }
    say!(
        "{} labels are likely wrong, in {:.1} s",
        found.likely_wrong.len(),
        found.seconds_for_labels
    );
    for suspect in found.likely_wrong.iter().take(SHOWN) {
        let name = |class: usize| &dataset.classes()[class];
        say!(
            "  {}: {}, likely {} ({:.3})",
            suspect.sample,
            name(suspect.given),
            name(suspect.suggested),
            suspect.score
        );
    }
    if let Some(scores) = found.planted {
        let all = [
            ("wrong labels", scores.labels),
            ("duplicates", scores.duplicates),
            ("duplicates across splits", scores.leaks),
        ];
        for (name, score) in all {
            say!(
                "{name}: {} planted, {} told, {} of them right: precision {:.4}, recall {:.4}",
                score.planted,
                score.told,
                score.found,
                score.precision,
                score.recall
            );
        }
    }
}

/// Faults that have been put into a dataset.
#[derive(Default)]
struct Planted {
    flipped: HashSet<u32>,
    pairs: HashSet<Pair>,
    /// The way in which each copy was made.
    ways: Vec<(Pair, Way)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Exact,
    Jpeg,
    Shifted,
    Brighter,
}

impl Planted {
    fn tell(&self, told: &[Pair]) {
        for way in [Way::Exact, Way::Jpeg, Way::Shifted, Way::Brighter] {
            let of_way = || self.ways.iter().filter(|(_, made)| *made == way);
            let found = of_way().filter(|(pair, _)| told.contains(pair)).count();
            say!("  {way:?}: {found} of {}", of_way().count());
        }
    }
}

/// The dataset with `share` of its labels changed to another class, and half of `share` of its images copied into another
/// split: half of the copies exactly, the others saved as JPEG, moved by a pixel, or brighter.
fn plant(dataset: &Dataset, share: f64, seed: u64) -> Result<(Dataset, Planted), Failure> {
    let [channels, height, width] = dataset.shape();
    let count = dataset.len();
    let classes = dataset.classes().len();
    let mut stream = Stream::new(seed);
    let mut below = |n: usize| ((stream.unit() as f64 * n as f64) as usize).min(n - 1);
    let mut labels: Vec<u16> = (0..count).map(|i| dataset.label(i) as u16).collect();
    let mut splits: Vec<Split> = (0..count).map(|i| dataset.split(i)).collect();
    let mut pixels: Vec<u8> = (0..count)
        .flat_map(|i| dataset.pixels(i))
        .copied()
        .collect();
    let mut planted = Planted::default();
    while planted.flipped.len() < (share * count as f64).round() as usize {
        let sample = below(count);
        if planted.flipped.insert(sample as u32) {
            let given = usize::from(labels[sample]);
            labels[sample] = ((given + 1 + below(classes - 1)) % classes) as u16;
        }
    }
    let mut copied = HashSet::new();
    while copied.len() < (share / 2.0 * count as f64).round() as usize {
        let sample = below(count);
        // A sample with a wrong label would make one of two faults.
        if planted.flipped.contains(&(sample as u32)) || !copied.insert(sample) {
            continue;
        }
        let original = dataset.pixels(sample);
        let ways = [
            Way::Exact,
            Way::Exact,
            Way::Exact,
            Way::Jpeg,
            Way::Shifted,
            Way::Brighter,
        ];
        let way = ways[copied.len() % ways.len()];
        let copy = match way {
            Way::Exact => original.to_vec(),
            Way::Jpeg => saved_again(original, [channels, height, width])?,
            Way::Shifted => {
                let step = [
                    (1, 0),
                    (-1, 0),
                    (0, 1),
                    (0, -1),
                    (1, 1),
                    (-1, 1),
                    (1, -1),
                    (-1, -1),
                ];
                let by = step[below(step.len())];
                let planes = original.chunks_exact(height * width);
                planes.flat_map(|plane| shifted(plane, width, by)).collect()
            }
            Way::Brighter => {
                let brighter = |&v: &u8| (f32::from(v) * BRIGHTER + 10.0).min(255.0) as u8;
                original.iter().map(brighter).collect()
            }
        };
        let pair = Pair {
            first: sample as u32,
            second: labels.len() as u32,
        };
        planted.pairs.insert(pair);
        planted.ways.push((pair, way));
        pixels.extend(copy);
        labels.push(labels[sample]);
        splits.push(match splits[sample] {
            Split::Test => Split::Train,
            _ => Split::Test,
        });
    }
    let name = format!("{} with faults", dataset.name());
    let shape = [channels, height, width];
    let flawed = Dataset::new(
        name,
        dataset.classes().to_vec(),
        shape,
        pixels,
        labels,
        splits,
    )?;
    Ok((flawed, planted))
}

fn saved_again(pixels: &[u8], shape: [usize; 3]) -> Result<Vec<u8>, Failure> {
    let [channels, height, width] = shape;
    let size = height * width;
    let at = |i: usize, channel: usize| pixels[channel.min(channels - 1) * size + i];
    let rgb: Vec<u8> = (0..size)
        .flat_map(|i| [0, 1, 2].map(|channel| at(i, channel)))
        .collect();
    let mut file = Cursor::new(Vec::new());
    let (across, down) = (width as u32, height as u32);
    let kind = image::ExtendedColorType::Rgb8;
    JpegEncoder::new_with_quality(&mut file, QUALITY).encode(&rgb, across, down, kind)?;
    let read = picture::decode(file.get_ref())?;
    let of = |channel: usize| read.pixels.pixels().map(move |pixel| pixel.0[channel]);
    Ok((0..channels).flat_map(of).collect())
}

/// What comes in is as the nearest pixel.
fn shifted(pixels: &[u8], width: usize, (right, down): (isize, isize)) -> Vec<u8> {
    let height = pixels.len() / width;
    let at =
        |at: usize, by: isize, side: usize| (at as isize - by).clamp(0, side as isize - 1) as usize;
    let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    places
        .map(|(x, y)| pixels[at(y, down, height) * width + at(x, right, width)])
        .collect()
}
