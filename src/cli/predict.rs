use std::path::Path;

use hearth::infer::{Prediction, Session};
use hearth::pixels::Rgba;
use serde::Serialize;

use super::{Failure, PredictArguments, print_json, read};

/// The answer for one picture; `predictions` is empty where it is blank.
#[derive(Serialize)]
struct Answer<'a> {
    picture: &'a Path,
    predictions: Vec<Prediction>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// Every picture gets its line, a broken one too; the command fails if there was any.
pub fn run(options: &PredictArguments, json: bool) -> Result<(), Failure> {
    let session = Session::load(&read(&options.model)?)?;
    let mut failed = 0;
    for picture in &options.pictures {
        let (mut predictions, error) = match predict(&session, picture) {
            Ok(predictions) => (predictions, None),
            Err(error) => {
                failed += 1;
                (Vec::new(), Some(error.to_string()))
            }
        };
        predictions.truncate(options.top);
        let answer = Answer {
            picture,
            predictions,
            error,
        };
        if json {
            print_json(&answer)?;
        } else {
            println!("{}", line(&answer));
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

fn predict(session: &Session, picture: &Path) -> Result<Vec<Prediction>, Failure> {
    let image = image::load_from_memory(&read(picture)?)?.into_rgba8();
    let (width, height) = (image.width() as usize, image.height() as usize);
    let drawing = session.drawing(Rgba::new(image.as_raw(), width, height)?)?;
    Ok(drawing
        .map(|drawing| drawing.predictions)
        .unwrap_or_default())
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
    format!("{}: {what}", answer.picture.display())
}
