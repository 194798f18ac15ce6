use std::path::Path;

use hearth::infer::{Prediction, Session};
use hearth::pixels::Rgba;
use serde::Serialize;

use super::settled::warn_of_guess;
use super::{Failure, PredictArguments, picture, print_json, read, warn};

/// The answer for one picture; `predictions` is empty if it is blank.
#[derive(Serialize)]
struct Answer<'a> {
    picture: &'a Path,
    predictions: Vec<Prediction>,
    /// How unlike all that the model has learned it is, if the model tells that.
    #[serde(skip_serializing_if = "Option::is_none")]
    novelty: Option<f32>,
    /// Whether that is so much that it is none of the classes.
    #[serde(skip_serializing_if = "Option::is_none")]
    none: Option<bool>,
    /// The file's end is missing: what there is of the picture was answered.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    incomplete: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// Every picture gets its line, a broken one too; the command fails if there was any.
pub fn run(options: &PredictArguments, json: bool) -> Result<(), Failure> {
    let file = options.settled.read(&options.model)?;
    let session = Session::load(&file)?;
    warn_of_guess(&file, &session);
    let mut failed = 0;
    for picture in &options.pictures {
        let answer = predict(&session, picture, options).unwrap_or_else(|error| {
            failed += 1;
            Answer {
                picture,
                predictions: Vec::new(),
                novelty: None,
                none: None,
                incomplete: false,
                error: Some(error.to_string()),
            }
        });
        if answer.incomplete {
            warn(format_args!(
                "{} is incomplete: the end of the file is missing, and what is there was answered.",
                picture.display()
            ));
        }
        if json {
            print_json(&answer)?;
        } else {
            say!("{}", line(&answer));
        }
    }
    match failed {
        0 => Ok(()),
        n => Err(format!(
            "{n} of {} pictures could not be read.",
            options.pictures.len()
        )
        .into()),
    }
}

fn predict<'a>(
    session: &Session,
    path: &'a Path,
    options: &PredictArguments,
) -> Result<Answer<'a>, Failure> {
    let picture = picture::decode(&read(path)?)?;
    let (width, height) = picture.pixels.dimensions();
    let rgba = Rgba::new(picture.pixels.as_raw(), width as usize, height as usize)?;
    let photo = session.photo(rgba, options.top)?;
    let reject = session.reject().filter(|_| !options.no_reject);
    let novelty = photo.novelty.filter(|_| !options.no_reject);
    Ok(Answer {
        picture: path,
        predictions: photo.predictions,
        novelty,
        none: reject
            .zip(novelty)
            .map(|(reject, novelty)| novelty > reject.threshold),
        incomplete: picture.cut,
        error: None,
    })
}

fn line(answer: &Answer) -> String {
    let what = match (&answer.error, answer.predictions.as_slice()) {
        (Some(error), _) => error.clone(),
        (None, []) => "blank".into(),
        (None, predictions) => predictions
            .iter()
            .map(|best| format!("{} {:.1} %", best.label, 100.0 * best.p))
            .collect::<Vec<_>>()
            .join("  "),
    };
    let what = match answer.none {
        Some(true) => format!("none of these  (most like {what})"),
        _ => what,
    };
    format!("{}: {what}", answer.picture.display())
}
