//! The command line: what may be asked, and who answers.

mod data;
mod info;
mod predict;
mod test;
mod train;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

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
    /// Say what pictures show (PNG, JPEG, WebP, GIF, BMP; upright as their EXIF says)
    Predict(PredictArguments),
    /// Say what an ONNX file holds
    Info { model: PathBuf },
}

#[derive(Args)]
struct TrainArguments {
    /// `mnist`, `fashion-mnist`, or a folder with four IDX files (train-images… t10k-labels…, .gz or not)
    #[arg(long, default_value = "mnist")]
    data: String,
    /// `classic`, `digits`, `fashion`, `mlp` or `depthwise`: the network, and the recipe that the options below change
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
    #[arg(long)]
    epochs: Option<usize>,
    #[arg(long)]
    batch: Option<usize>,
    /// Learning rate
    #[arg(long)]
    lr: Option<f64>,
    #[arg(long, value_enum)]
    optimizer: Option<OptimizerName>,
    /// Of sgd, 0 to below 1
    #[arg(long)]
    momentum: Option<f64>,
    /// L2, of sgd and adamw
    #[arg(long)]
    weight_decay: Option<f64>,
    #[arg(long, value_enum)]
    loss: Option<LossName>,
    #[arg(long, value_enum)]
    schedule: Option<ScheduleName>,
    #[arg(long)]
    seed: Option<u64>,
    /// Share of the training images held out to validate on, 0 to 0.9
    #[arg(long)]
    validation: Option<f64>,
    /// Stop after so many steps
    #[arg(long)]
    steps: Option<usize>,
    /// Where to write the network
    #[arg(long)]
    out: Option<PathBuf>,
    /// Write the training's state with it, so that --resume can go on
    #[arg(long, requires = "out")]
    state: bool,
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
    /// `mnist`, `fashion-mnist`, or a folder with four IDX files
    #[arg(long, default_value = "mnist")]
    data: String,
}

#[derive(Args)]
struct PredictArguments {
    model: PathBuf,
    #[arg(required = true)]
    pictures: Vec<PathBuf>,
    /// How many classes to name for each picture
    #[arg(long, default_value_t = 3)]
    top: usize,
}

pub fn run(arguments: Arguments) -> Result<(), Failure> {
    let json = arguments.json;
    match arguments.command {
        Command::Train(options) => train::run(&options, json),
        Command::Test(options) => test::run(&options, json),
        Command::Predict(options) => predict::run(&options, json),
        Command::Info { model } => info::run(&model, json),
    }
}

/// A file's bytes, or a sentence that names it.
fn read(path: &std::path::Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()).into())
}

/// One value as one line of JSON.
fn print_json(value: &impl serde::Serialize) -> Result<(), Failure> {
    println!("{}", serde_json::to_string(value)?);
    Ok(())
}
