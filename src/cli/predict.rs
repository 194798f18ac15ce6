use std::io::Cursor;
use std::path::Path;

use hearth::infer::{Prediction, Session};
use hearth::pixels::Rgba;
use image::{DynamicImage, ImageDecoder, ImageReader};
use serde::Serialize;

use super::{Failure, PredictArguments, print_json, read};

/// The answer for one picture; `predictions` is empty if it is blank.
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
        let (predictions, error) = match predict(&session, picture, options.top) {
            Ok(predictions) => (predictions, None),
            Err(error) => {
                failed += 1;
                (Vec::new(), Some(error.to_string()))
            }
        };
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

fn predict(session: &Session, picture: &Path, top: usize) -> Result<Vec<Prediction>, Failure> {
    let image = upright(&read(picture)?)?.into_rgba8();
    let (width, height) = (image.width() as usize, image.height() as usize);
    let photo = session.photo(Rgba::new(image.as_raw(), width, height)?, top)?;
    Ok(photo.predictions)
}

/// As the camera was held, if the file says it (EXIF).
fn upright(file: &[u8]) -> image::ImageResult<DynamicImage> {
    let mut decoder = ImageReader::new(Cursor::new(file))
        .with_guessed_format()?
        .into_decoder()?;
    let orientation = decoder.orientation()?;
    let mut image = DynamicImage::from_decoder(decoder)?;
    image.apply_orientation(orientation);
    Ok(image)
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
