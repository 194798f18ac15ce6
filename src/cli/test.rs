use hearth::data::{Dataset, Split};
use hearth::infer::{InferError, Session};
use hearth::metrics::{Confusion, Report};
use hearth::onnx::TestFacts;

use super::{Failure, TestArguments, data, print_json, read};

pub fn run(options: &TestArguments, json: bool) -> Result<(), Failure> {
    let dataset = data::load(&options.data)?;
    let (report, _) = test(&read(&options.model)?, &dataset)?;
    if json {
        print_json(&report)
    } else {
        print(&report, &dataset);
        Ok(())
    }
}

/// What tract makes of the test images with this file.
pub fn test(file: &[u8], dataset: &Dataset) -> Result<(Report, TestFacts), Failure> {
    let session = Session::load(file)?;
    let classes = dataset.classes().len();
    if session.labels().len() != classes {
        return Err(format!(
            "The model knows {} classes, the dataset has {classes}.",
            session.labels().len()
        )
        .into());
    }
    let mut confusion = Confusion::new(classes);
    for index in dataset.indices(Split::Test) {
        let index = index as usize;
        confusion.record(dataset.label(index), best(&session, dataset.pixels(index))?);
    }
    let report = Report::from(&confusion);
    let facts = TestFacts {
        dataset: dataset.name().into(),
        n: report.n as usize,
        accuracy: report.accuracy,
    };
    Ok((report, facts))
}

fn best(session: &Session, pixels: &[u8]) -> Result<usize, InferError> {
    let probabilities = session.probabilities(pixels, 1)?;
    let most =
        (0..probabilities.len()).max_by(|&a, &b| probabilities[a].total_cmp(&probabilities[b]));
    Ok(most.unwrap_or_default())
}

pub fn print(report: &Report, dataset: &Dataset) {
    println!(
        "{} test images: accuracy {:.2} %  macro precision {:.4}  recall {:.4}  F1 {:.4}",
        report.n,
        100.0 * report.accuracy,
        report.macro_precision,
        report.macro_recall,
        report.macro_f1
    );
    println!("class       precision  recall  F1      images");
    for (name, class) in dataset.classes().iter().zip(&report.classes) {
        println!(
            "{name:<10}  {:<9.4}  {:<6.4}  {:<6.4}  {}",
            class.precision, class.recall, class.f1, class.support
        );
    }
}
