//! The command line: what may be asked, and who answers.

/// A line on standard output. What cannot be printed ends no training: [`run`] fails when all is done. A reader that
/// has seen enough (`| head`) is no reason to.
macro_rules! say {
    ($($text:tt)*) => {{
        use std::io::Write as _;
        if let Err(error) = writeln!(std::io::stdout(), $($text)*)
            && error.kind() != std::io::ErrorKind::BrokenPipe
        {
            $crate::cli::UNPRINTED.store(true, std::sync::atomic::Ordering::Relaxed);
        }
    }};
}

/// Whether something could not be printed.
static UNPRINTED: AtomicBool = AtomicBool::new(false);

mod calibrate;
mod check;
mod constants;
mod data;
mod destination;
mod features;
mod few;
mod head;
mod info;
mod literal;
mod own;
mod picture;
mod predict;
mod settled;
mod test;
mod train;
mod tune;

use std::fmt::Display;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use clap::{Args, Parser, Subcommand, ValueEnum};
use hearth::model::MAX_SEED;

/// Changed copies of a picture.
const MOST_COPIES: usize = 100;

/// Any error, as the sentence that is printed.
pub type Failure = Box<dyn std::error::Error>;

#[derive(Parser)]
#[command(
    version,
    about = "Train, test and use convolutional networks that are ONNX files"
)]
pub struct Arguments {
    /// Print JSON, one value a line, for machines
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Train a network and write it as an ONNX file
    Train(Box<TrainArguments>),
    /// Test an ONNX file on a dataset's test images
    Test(TestArguments),
    /// Say what a few images per class are worth on a network's features
    Few(FewArguments),
    /// Look for near duplicates and labels that are likely wrong
    Check(CheckArguments),
    /// Teach a network of Hearth's own to answer "none of these", from the images that it has learned from
    Calibrate(CalibrateArguments),
    /// Say what pictures show (PNG, JPEG, WebP, GIF, BMP; upright as their EXIF says)
    Predict(PredictArguments),
    /// Say what an ONNX file holds
    Info {
        model: PathBuf,
        #[command(flatten)]
        settled: settled::SettledArguments,
    },
    /// Print www/src/engine/constants.ts
    #[command(hide = true)]
    Constants,
}

#[derive(Args)]
struct TrainArguments {
    #[command(flatten)]
    data: DataArguments,
    /// Height and width that your own pictures are brought to, in pixels; by default the preset's
    #[arg(long, value_parser = whole, conflicts_with_all = ["spec", "from", "resume"])]
    side: Option<usize>,
    /// Take your own pictures as grey; by default they are taken as they are
    #[arg(long, conflicts_with_all = ["spec", "from", "resume"])]
    grey: bool,
    /// Take your own pictures in colour
    #[arg(long, conflicts_with_all = ["grey", "spec", "from", "resume"])]
    colour: bool,
    #[command(flatten)]
    heads: HeadArguments,
    /// `classic`, `digits`, `fashion`, `mlp`, `depthwise` or `photos`: the network, and the recipe that the options below
    /// change
    #[arg(long, default_value = "classic")]
    preset: String,
    /// The network as a JSON file, as the page's layer editor copies it, instead of the preset's
    #[arg(long, conflicts_with_all = ["from", "resume"])]
    spec: Option<PathBuf>,
    /// Begin with the layers and weights of this ONNX file
    #[arg(long, conflicts_with = "resume")]
    from: Option<PathBuf>,
    /// Go on where the training that wrote this file (with --state) stood, with its recipe; --epochs gives it more
    #[arg(long, conflicts_with_all = ["preset", "batch", "lr", "seed", "validation", "optimizer", "momentum", "weight_decay", "loss", "schedule"])]
    resume: Option<PathBuf>,
    #[arg(long, value_parser = whole, allow_negative_numbers = true)]
    epochs: Option<usize>,
    #[arg(long, value_parser = whole, allow_negative_numbers = true)]
    batch: Option<usize>,
    /// Learning rate
    #[arg(long, allow_negative_numbers = true)]
    lr: Option<f64>,
    #[arg(long, value_enum)]
    optimizer: Option<OptimizerName>,
    /// Of sgd, 0 to below 1
    #[arg(long, allow_negative_numbers = true)]
    momentum: Option<f64>,
    /// L2, of sgd and adamw
    #[arg(long, allow_negative_numbers = true)]
    weight_decay: Option<f64>,
    #[arg(long, value_enum)]
    loss: Option<LossName>,
    #[arg(long, value_enum)]
    schedule: Option<ScheduleName>,
    /// 0 to 2^53 - 1; the same seed is the same training
    #[arg(long, value_parser = seed, allow_negative_numbers = true)]
    seed: Option<u64>,
    /// Share of the training images held out to validate on, 0 to 0.9
    #[arg(long, allow_negative_numbers = true)]
    validation: Option<f64>,
    /// Take at most so many steps; with 0 the network stays as it begins
    #[arg(long, value_parser = whole, allow_negative_numbers = true)]
    steps: Option<usize>,
    /// Where to write the network
    #[arg(long)]
    out: Option<PathBuf>,
    /// Write the training's state with it, so that --resume can go on
    #[arg(long, requires = "out")]
    state: bool,
}

/// A head on another network's features.
#[derive(Args)]
struct HeadArguments {
    /// Learn a head on the features of this ONNX file, from a few of your own pictures, instead of a whole network
    #[arg(long, conflicts_with_all = ["spec", "from", "resume", "preset", "side", "grey", "colour", "batch", "lr", "optimizer", "momentum", "weight_decay", "loss", "schedule", "validation", "steps", "state"])]
    head: Option<PathBuf>,
    /// Let that network's last blocks learn too, so many of them, for --epochs; the head alone is what is to be beaten
    #[arg(long, value_parser = whole, requires = "head")]
    tune: Option<usize>,
    /// Changed copies of each picture that the head learns from too; by default as many as suit
    #[arg(long, value_parser = copies, requires = "head")]
    copies: Option<usize>,
    /// Turn every second copy left to right
    #[arg(long, requires = "head")]
    mirror: bool,
    /// Keep the features in this file, so that the next time is quick
    #[arg(long, requires = "head")]
    cache: Option<PathBuf>,
}

#[derive(Args)]
struct FewArguments {
    /// The ONNX file whose features are learned on
    #[arg(long)]
    head: PathBuf,
    #[command(flatten)]
    data: DataArguments,
    /// Images of each class that are learned from
    #[arg(long, value_parser = whole, default_value_t = 10)]
    per_class: usize,
    /// Times that everything is drawn anew
    #[arg(long, value_parser = whole, default_value_t = 5)]
    draws: usize,
    /// Learn only so many of the classes, drawn at random, and say how well images of the others are refused
    #[arg(long, value_parser = whole)]
    known: Option<usize>,
    /// Changed copies of each image that is learned from
    #[arg(long, value_parser = copies, default_value_t = 4)]
    copies: usize,
    /// Turn every second copy left to right
    #[arg(long)]
    mirror: bool,
    /// Test on so many images at most, drawn at random
    #[arg(long, value_parser = whole)]
    tested: Option<usize>,
    /// Train this preset's network on the same images too
    #[arg(long)]
    scratch: Option<String>,
    /// Say what more labels would bring
    #[arg(long)]
    curve: bool,
    /// Decides what is drawn, copied and learned
    #[arg(long, value_parser = seed, default_value_t = 1)]
    seed: u64,
    /// Keep the features in this file, so that the next time is quick
    #[arg(long)]
    cache: Option<PathBuf>,
}

/// Which images, and how those without a split are given out.
#[derive(Args)]
struct DataArguments {
    /// `mnist`, `fashion-mnist`, a folder with four IDX files (train-images… t10k-labels…, .gz or not), or a folder or zip
    /// of your own pictures: in a folder for each class, with train, validation and test above them or not; with a
    /// labels.csv (file,label,split); or as the page exports them
    #[arg(long = "data", default_value = "mnist")]
    name: String,
    /// Share of each class that is for testing, 0 to 1, of your own pictures that have no split
    #[arg(long, default_value_t = 0.2)]
    test_share: f32,
    /// Share of each class that is for validation, likewise
    #[arg(long, default_value_t = 0.1)]
    validation_share: f32,
    /// Another number gives those pictures out in another way
    #[arg(long, value_parser = seed, default_value_t = 1)]
    split_seed: u64,
}

#[derive(Clone, Copy, ValueEnum)]
enum OptimizerName {
    Sgd,
    Adam,
    Adamw,
}

#[derive(Clone, Copy, ValueEnum)]
enum LossName {
    CrossEntropy,
    MeanSquaredError,
}

#[derive(Clone, Copy, ValueEnum)]
enum ScheduleName {
    Constant,
    Cosine,
}

#[derive(Args)]
struct TestArguments {
    model: PathBuf,
    #[command(flatten)]
    settled: settled::SettledArguments,
    #[command(flatten)]
    data: DataArguments,
    /// Test on every image, whatever its split
    #[arg(long)]
    all: bool,
    /// Do not count which images would be refused as none of the classes
    #[arg(long)]
    no_reject: bool,
}

#[derive(Args)]
struct CalibrateArguments {
    model: PathBuf,
    #[command(flatten)]
    data: DataArguments,
    /// Share of known images that are to keep their class, 0 to 1: the more are kept, the fewer unknown ones are refused
    #[arg(long, value_parser = share, default_value_t = 0.99)]
    keep: f32,
    /// Where to write the network
    #[arg(long)]
    out: PathBuf,
}

#[derive(Args)]
struct CheckArguments {
    #[command(flatten)]
    data: DataArguments,
    /// Height and width that your own pictures are brought to, in pixels
    #[arg(long, value_parser = whole, default_value_t = 64)]
    side: usize,
    /// Parts that the images are divided into: each is judged by a network that has learned from the others
    #[arg(long, value_parser = whole, default_value_t = 4)]
    folds: usize,
    /// Leave the labels alone, which takes longest
    #[arg(long)]
    labels_skipped: bool,
    /// Decides the folds, the networks and what is planted
    #[arg(long, value_parser = seed, default_value_t = 1)]
    seed: u64,
    /// Plant faults first, and say how many are found: this share of labels changed, and half of it of images copied
    /// across splits
    #[arg(long, hide = true)]
    plant: Option<f64>,
}

#[derive(Args)]
struct PredictArguments {
    model: PathBuf,
    #[command(flatten)]
    settled: settled::SettledArguments,
    #[arg(required = true)]
    pictures: Vec<PathBuf>,
    /// How many classes to name for each picture
    #[arg(long, default_value_t = 3)]
    top: usize,
    /// Name classes even if a picture is unlike all that the model has learned
    #[arg(long)]
    no_reject: bool,
}

pub fn run(arguments: Arguments) -> Result<(), Failure> {
    let json = arguments.json;
    let done = match arguments.command {
        Command::Train(options) => match &options.heads.head {
            Some(backbone) => match options.heads.tune {
                Some(blocks) => tune::run(&options, backbone, blocks, json),
                None if options.epochs.is_some() => Err(
                    "--epochs goes with --tune, as a head alone learns until it is done.".into(),
                ),
                None => head::run(&options, backbone, json),
            },
            None => train::run(&options, json),
        },
        Command::Few(options) => few::run(&options, json),
        Command::Calibrate(options) => calibrate::run(&options, json),
        Command::Check(options) => check::run(&options, json),
        Command::Test(options) => test::run(&options, json),
        Command::Predict(options) => predict::run(&options, json),
        Command::Info { model, settled } => info::run(&model, &settled, json),
        Command::Constants => constants::run(),
    };
    if UNPRINTED.load(Ordering::Relaxed) {
        done?;
        return Err("standard output could not be written.".into());
    }
    done
}

/// A file's bytes, or a sentence that names it.
fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()).into())
}

/// A line on standard error, likewise.
pub fn warn(line: impl Display) {
    let _ = writeln!(std::io::stderr(), "hearth: {line}");
}

/// One value as one line of JSON.
fn print_json(value: &impl serde::Serialize) -> Result<(), Failure> {
    say!("{}", serde_json::to_string(value)?);
    Ok(())
}

fn seed(given: &str) -> Result<u64, String> {
    let seed = given.parse().ok().filter(|&seed| seed <= MAX_SEED);
    seed.ok_or_else(|| format!("a seed is a whole number from 0 to {MAX_SEED}"))
}

fn copies(given: &str) -> Result<usize, String> {
    let copies = given.parse().ok().filter(|&copies| copies <= MOST_COPIES);
    copies.ok_or_else(|| format!("this is a whole number from 0 to {MOST_COPIES}"))
}

fn share(given: &str) -> Result<f32, String> {
    let share = given
        .parse()
        .ok()
        .filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| "a share is a number from 0 to 1".to_owned())
}

fn whole(given: &str) -> Result<usize, String> {
    let sentence = |_| "this is a whole number, 0 or more".to_owned();
    given.parse().map_err(sentence)
}
