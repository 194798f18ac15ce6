use hearth::data::{Dataset, Split};
use hearth::infer::Session;
use hearth::metrics::{Answers, ClassReport, Refusals, Report, Undefined};
use hearth::onnx::{self, TestFacts};

use serde::Serialize;

use super::settled::warn_of_guess;
use super::{Failure, TestArguments, data, print_json};

/// Images that tract works on at once.
const BATCH: usize = 16;
/// Classes up to which the confusion matrix fits a terminal.
const MATRIX: usize = 20;
/// Mistakes that are named one by one.
const MISTAKES: usize = 5;

pub fn run(options: &TestArguments, json: bool) -> Result<(), Failure> {
    let file = options.settled.read(&options.model)?;
    let facts = onnx::read(&file)?;
    let mut dataset = data::load_facts(&options.data, &facts, json)?;
    if options.all {
        dataset.test_all();
    }
    let (session, answers) = answers(&file, &dataset)?;
    warn_of_guess(&file, &session);
    let report = answers.report(dataset.classes().len())?;
    let reject = session.reject().filter(|_| !options.no_reject);
    let refusals = reject.and_then(|reject| answers.refusals(reject.threshold));
    if json {
        let told = Told {
            report: &report,
            refusals,
        };
        return print_json(&told);
    }
    print(&report, &dataset);
    if let Some(refusals) = refusals {
        say!("{}", refused(&refusals));
    }
    Ok(())
}

#[derive(Serialize)]
struct Told<'a> {
    /// As if every image got a class.
    #[serde(flatten)]
    report: &'a Report,
    #[serde(skip_serializing_if = "Option::is_none")]
    refusals: Option<Refusals>,
}

fn refused(refusals: &Refusals) -> String {
    let interval = refusals.accuracy_interval;
    format!(
        "\nnone of these: {} images ({:.2} %) would be refused, {} of them taken for another class above\nthe other {}: accuracy {:.2} % (95 % interval {:.2} to {:.2} %)",
        refusals.refused,
        100.0 * refusals.refused_share,
        refusals.spared,
        refusals.answered,
        100.0 * refusals.accuracy,
        100.0 * interval.low,
        100.0 * interval.high
    )
}

/// What tract makes of the test images with this file.
pub fn test(file: &[u8], dataset: &Dataset) -> Result<(Report, TestFacts), Failure> {
    let (_, answers) = answers(file, dataset)?;
    let report = answers.report(dataset.classes().len())?;
    let facts = TestFacts {
        dataset: dataset.name().into(),
        n: report.n as usize,
        accuracy: report.accuracy,
    };
    Ok((report, facts))
}

fn answers(file: &[u8], dataset: &Dataset) -> Result<(Session, Answers), Failure> {
    let session = Session::load_batched(file, BATCH)?;
    let classes = dataset.classes().len();
    if session.labels().len() != classes {
        return Err(format!(
            "The model knows {} classes, the dataset has {classes}.",
            session.labels().len()
        )
        .into());
    }
    let mut answers = Answers::default();
    let mut novelty = Vec::new();
    for indices in dataset.indices(Split::Test).chunks(BATCH) {
        novelty.extend(answer(&session, dataset, indices, &mut answers)?);
    }
    let answers = answers.with_novelty(novelty)?;
    Ok((session, answers))
}

/// The novelty of these images; none if the file does not tell it.
fn answer(
    session: &Session,
    dataset: &Dataset,
    indices: &[u32],
    answers: &mut Answers,
) -> Result<Vec<f32>, Failure> {
    let images = indices.iter().map(|&index| dataset.pixels(index as usize));
    let pixels: Vec<u8> = images.flatten().copied().collect();
    let given = session.answers(&pixels, indices.len())?;
    let rows = given.probabilities.chunks_exact(session.labels().len());
    for (&index, row) in indices.iter().zip(rows) {
        answers.record(dataset.label(index as usize) as u16, row)?;
    }
    Ok(given.novelty)
}

pub fn print(report: &Report, dataset: &Dataset) {
    say!("{}", text(report, dataset));
}

fn text(report: &Report, dataset: &Dataset) -> String {
    let mut lines = vec![accuracy(report)];
    lines.extend(
        report
            .top5
            .map(|top5| format!("true class among the five best: {:.2} %", 100.0 * top5)),
    );
    lines.extend(table(report, dataset));
    if dataset.classes().len() <= MATRIX {
        lines.extend(matrix(report, dataset));
    }
    lines.extend(mistakes(report, dataset));
    lines.join("\n")
}

fn accuracy(report: &Report) -> String {
    let interval = report.accuracy_interval;
    format!(
        "{} test images, {} right: accuracy {:.2} % (95 % interval {:.2} to {:.2} %)",
        report.n,
        report.correct,
        100.0 * report.accuracy,
        100.0 * interval.low,
        100.0 * interval.high
    )
}

/// Every class's rates, then the means.
fn table(report: &Report, dataset: &Dataset) -> Vec<String> {
    let width = name_width(dataset).max("weighted mean".len());
    let line = |name: &str, rates: [String; 3], images: u32| {
        let [precision, recall, f1] = rates;
        format!("{name:<width$}  {precision:<9}  {recall:<7}  {f1:<7}  {images}")
    };
    let titles = format!("\n{:<width$}  precision  recall   F1       images", "class");
    let mut lines = vec![titles];
    for (name, class) in dataset.classes().iter().zip(&report.classes) {
        lines.push(line(name, rates(class), class.support));
    }
    let mean = |rates: [f64; 3]| rates.map(|rate| format!("{rate:.4}"));
    let alike = [report.macro_precision, report.macro_recall, report.macro_f1];
    let by_images = [
        report.weighted_precision,
        report.weighted_recall,
        report.weighted_f1,
    ];
    lines.push(line("macro mean", mean(alike), report.n));
    lines.push(line("weighted mean", mean(by_images), report.n));
    if report
        .classes
        .iter()
        .any(|class| class.undefined != Undefined::default())
    {
        lines.push("* divided by zero, counted as 0".into());
    }
    lines
}

fn rates(class: &ClassReport) -> [String; 3] {
    let marked =
        |rate: f64, undefined: bool| format!("{rate:.4}{}", if undefined { "*" } else { "" });
    [
        marked(class.precision, class.undefined.precision),
        marked(class.recall, class.undefined.recall),
        marked(class.f1, class.undefined.f1),
    ]
}

/// Rows are true classes, columns what they were taken for, both in the classes' order.
fn matrix(report: &Report, dataset: &Dataset) -> Vec<String> {
    let width = name_width(dataset);
    let rows = dataset.classes().iter().enumerate().map(|(truth, name)| {
        let cells = (0..dataset.classes().len()).map(|predicted| {
            match report.confusion.count(truth, predicted) {
                0 => format!("{:>6}", "."),
                count => format!("{count:>6}"),
            }
        });
        format!("{name:<width$}{}", cells.collect::<String>())
    });
    std::iter::once("\nrows: true class; columns: taken for".into())
        .chain(rows)
        .collect()
}

fn mistakes(report: &Report, dataset: &Dataset) -> Vec<String> {
    let mut mistakes: Vec<_> = report
        .confusion
        .cells()
        .filter(|cell| cell.truth != cell.predicted)
        .collect();
    mistakes.sort_by_key(|cell| std::cmp::Reverse(cell.count));
    let name = |class: usize| &dataset.classes()[class];
    let lines = mistakes.iter().take(MISTAKES).map(|cell| {
        let (truth, predicted) = (name(cell.truth), name(cell.predicted));
        format!("{:>5} × {truth} taken for {predicted}", cell.count)
    });
    let title = (!mistakes.is_empty()).then(|| "\nmost frequent mistakes".to_owned());
    title.into_iter().chain(lines).collect()
}

fn name_width(dataset: &Dataset) -> usize {
    let names = dataset.classes().iter();
    names.map(|name| name.chars().count()).max().unwrap_or(0)
}
