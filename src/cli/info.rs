use std::path::Path;

use hearth::infer::{Proposal, Scores, Session, Trial};
use hearth::model::head::{HeadFacts, HeadKind, RejectFacts};
use hearth::model::{EpochRecord, ModelSpec, Recipe};
use hearth::onnx::{self, Source, TestFacts};
use hearth::pixels::Preprocessing;
use serde::Serialize;

use super::settled::{SettledArguments, because, name};
use super::{Failure, print_json};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Info {
    name: String,
    bytes: usize,
    parameters: usize,
    /// `[channels, height, width]`
    input: [usize; 3],
    /// How the file itself takes images.
    source: Source,
    /// What its scores are; missing if it cannot be run.
    scores: Option<Scores>,
    preprocessing: Preprocessing,
    /// What a file that does not say its preprocessing most likely means.
    proposal: Option<Proposal>,
    outputs: Vec<String>,
    operators: Vec<String>,
    labels: Vec<String>,
    spec: Option<ModelSpec>,
    recipe: Option<Recipe>,
    history: Vec<EpochRecord>,
    dataset: Option<String>,
    dataset_id: Option<String>,
    test: Option<TestFacts>,
    head: Option<HeadFacts>,
    reject: Option<RejectFacts>,
}

pub fn run(model: &Path, settled: &SettledArguments, json: bool) -> Result<(), Failure> {
    let file = settled.read(model)?;
    let facts = onnx::read(&file)?;
    // What tract cannot run is still told of.
    let session = Session::load(&file).ok();
    let proposal = session
        .as_ref()
        .filter(|_| facts.metadata.spec.is_none() && facts.metadata.preprocessing.is_none())
        .and_then(|_| Trial::load(&file).ok()?.proposals().first().cloned());
    let preprocessing = facts.preprocessing();
    let metadata = facts.metadata;
    let info = Info {
        name: facts.name,
        bytes: facts.bytes,
        parameters: facts.parameters,
        input: facts.input.dims(),
        source: facts.source,
        scores: session.map(|session| session.scores()),
        preprocessing,
        proposal,
        outputs: facts.outputs,
        operators: facts.operators,
        labels: metadata.labels,
        spec: metadata.spec,
        recipe: metadata.recipe,
        history: metadata.history,
        dataset: metadata.dataset,
        dataset_id: metadata.dataset_id,
        test: metadata.test,
        head: metadata.head,
        reject: metadata.reject,
    };
    if json {
        return print_json(&info);
    }
    let [channels, height, width] = info.input;
    say!(
        "{}: {} bytes, {} values",
        info.name,
        info.bytes,
        info.parameters
    );
    say!("input     {channels} × {height} × {width}");
    if let Some(proposal) = &info.proposal {
        let why = proposal.reasons.first().map(because).unwrap_or_default();
        say!(
            "expects   not said; likeliest {}{why}",
            name(proposal.known)
        );
    }
    say!("outputs   {}", info.outputs.join(", "));
    if let Some(scores) = info.scores {
        say!(
            "scores    {}",
            serde_json::to_string(&scores)?.trim_matches('"')
        );
    }
    say!("operators {}", info.operators.join(", "));
    say!("labels    {}", info.labels.join(", "));
    for layer in info.spec.iter().flat_map(|spec| spec.describe().layers) {
        say!(
            "  {:<14} {:?}  {}",
            layer.title,
            layer.shape,
            layer.parameters
        );
    }
    if let Some(recipe) = &info.recipe {
        say!("recipe    {}", serde_json::to_string(recipe)?);
    }
    if let Some(head) = &info.head {
        say!(
            "head      {} on the features of {}: {} images and {} copies of each, temperature {:.3}, accuracy by cross-validation {:.1} %, seed {}",
            kind(head.kind),
            head.backbone,
            head.samples,
            head.copies,
            head.temperature,
            100.0 * head.accuracy,
            head.seed
        );
    }
    if let Some(reject) = &info.reject {
        say!(
            "none      of the classes if novelty is above {:.3}, which keeps {:.1} % of known images",
            reject.threshold,
            100.0 * reject.kept
        );
    }
    if let Some(test) = &info.test {
        say!(
            "test      {:.2} % of {} images of {}",
            100.0 * test.accuracy,
            test.n,
            test.dataset
        );
    }
    Ok(())
}

fn kind(kind: HeadKind) -> &'static str {
    match kind {
        HeadKind::Logistic => "logistic regression",
        HeadKind::Mlp => "small network",
        HeadKind::Prototype => "nearest mean",
        HeadKind::Nearest => "nearest images",
        HeadKind::FineTuned => "fine-tuned layers",
    }
}
