//! Files from elsewhere: what they do not say of themselves, said on the command line.

use std::path::PathBuf;

use clap::Args;
use hearth::infer::{Reason, Session, Trial};
use hearth::onnx::{self, Settings};
use hearth::pixels::{KnownPreprocessing, Preprocessing};

use super::{Failure, read, warn};

/// What is said of a file that does not say it itself.
#[derive(Args, Default)]
pub struct SettledArguments {
    /// How pictures become the network's input, if the file does not say: `digits`, `mnist`, `imagenet`, `unit` (0 to 1),
    /// `signed` (-1 to 1), `bytes` (0 to 255), `caffe`, `lite`, or JSON as `hearth info --json` prints it
    #[arg(long)]
    preprocessing: Option<String>,
    /// The output whose numbers are the scores, of a file with several
    #[arg(long)]
    output: Option<String>,
    /// A list of the classes: one a line, CSV or JSON
    #[arg(long)]
    labels: Option<PathBuf>,
    /// Height and width of the images, of a file that takes any: `224` or `224x160`
    #[arg(long, value_parser = size)]
    size: Option<[usize; 2]>,
}

impl SettledArguments {
    /// The file with the weights that lie beside it, and with what is said here.
    ///
    /// # Errors
    /// If something cannot be read, or does not fit the file.
    pub fn read(&self, model: &std::path::Path) -> Result<Vec<u8>, Failure> {
        let mut file = with_weights(model)?;
        let labels = match &self.labels {
            Some(path) => Some(onnx::labels(&read(path)?)?),
            None => None,
        };
        let settings = Settings {
            labels: None,
            preprocessing: None,
            output: self.output.clone(),
            size: self.size,
        };
        if settings != Settings::default() {
            file = onnx::with_settings(&file, &settings)?;
        }
        if let Some(output) = &self.output {
            let outputs = onnx::read(&file)?.outputs;
            if !outputs.contains(output) {
                return Err(format!(
                    "The model has no output called {output}, but {}.",
                    outputs.join(", ")
                )
                .into());
            }
        }
        if let Some(labels) = &labels {
            let classes = Session::load(&file)?.labels().len();
            if labels.len() != classes {
                return Err(format!(
                    "The list has {} labels, and the model tells {classes} classes apart.",
                    labels.len()
                )
                .into());
            }
        }
        let preprocessing = match &self.preprocessing {
            Some(given) => Some(preprocessing(given, &file)?),
            None => None,
        };
        if labels.is_some() || preprocessing.is_some() {
            let settings = Settings {
                labels,
                preprocessing,
                ..Settings::default()
            };
            file = onnx::with_settings(&file, &settings)?;
        }
        Ok(file)
    }
}

/// A model with what lies in files beside it.
fn with_weights(model: &std::path::Path) -> Result<Vec<u8>, Failure> {
    let file = read(model)?;
    let names = onnx::external_files(&file).unwrap_or_default();
    if names.is_empty() {
        return Ok(file);
    }
    let folder = model.parent().unwrap_or(std::path::Path::new(""));
    let beside = |name: String| {
        // A name that leads out of the folder is one of its last part.
        let last = name.rsplit(['/', '\\']).next().unwrap_or(&name);
        let bytes = read(&folder.join(last))?;
        Ok::<_, Failure>((name, bytes))
    };
    let files: Vec<_> = names.into_iter().map(beside).collect::<Result<_, _>>()?;
    Ok(onnx::with_external(&file, &files)?)
}

fn preprocessing(given: &str, file: &[u8]) -> Result<Preprocessing, Failure> {
    if given.trim_start().starts_with('{') {
        let preprocessing: Preprocessing = serde_json::from_str(given)
            .map_err(|error| format!("--preprocessing cannot be read: {error}"))?;
        return match preprocessing.is_sound() {
            true => Ok(preprocessing),
            false => Err("--preprocessing has numbers that cannot be calculated with.".into()),
        };
    }
    let shape = onnx::read(file)?.input.dims();
    let known: Option<KnownPreprocessing> =
        serde_json::from_value(serde_json::Value::String(given.to_owned())).ok();
    let known = known.ok_or_else(|| {
        let names = KnownPreprocessing::all_for(shape).map(name);
        format!(
            "There is no preprocessing called {given}: choose {}, or give JSON.",
            names.collect::<Vec<_>>().join(", ")
        )
    })?;
    Ok(known.preprocessing(shape))
}

/// As it is written on the command line.
pub fn name(known: KnownPreprocessing) -> String {
    let value = serde_json::to_value(known).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

/// Says on standard error what a file that does not say how pictures become its input is taken to mean.
pub fn warn_of_guess(file: &[u8], session: &Session) {
    let metadata = &session.facts().metadata;
    if metadata.spec.is_some() || metadata.preprocessing.is_some() {
        return;
    }
    let Ok(trial) = Trial::load(file) else { return };
    let taken = session.facts().preprocessing();
    let shape = session.facts().input.dims();
    let taken = KnownPreprocessing::of(&taken, shape).map_or_else(|| "photo".to_owned(), name);
    let likely = trial.proposals().first().map(|first| {
        let why = first.reasons.first().map(because).unwrap_or_default();
        format!("{}{why}", name(first.known))
    });
    warn(format_args!(
        "The file does not say how pictures become its input: taken as {taken}; likeliest is {}. Choose with --preprocessing.",
        likely.unwrap_or_default()
    ));
}

/// Why, for people.
pub fn because(reason: &Reason) -> String {
    match reason {
        Reason::TakesBytes => ", since its input is of whole numbers".to_owned(),
        Reason::ScalesItself { operator } => {
            format!(", since its first operators ({operator}) bring bytes to a smaller range")
        }
        Reason::InputName { name } => format!(", since its input is called {name}"),
        Reason::Producer { name } => format!(", since {name} wrote it"),
        Reason::Imagenet => ", since it has as many classes as ImageNet".to_owned(),
        Reason::Shape => ", since images of that size usually are".to_owned(),
    }
}

fn size(given: &str) -> Result<[usize; 2], String> {
    let side = |text: &str| {
        let side = text.parse().ok();
        side.filter(|side| (1..=4096).contains(side))
    };
    let sides = match given.split_once('x') {
        Some((height, width)) => side(height).zip(side(width)),
        None => side(given).map(|side| (side, side)),
    };
    let sides = sides.map(|(height, width)| [height, width]);
    sides.ok_or_else(|| "sides are whole numbers from 1 to 4096, as 224 or 224x160".to_owned())
}
