use std::path::Path;

use hearth::model::head::{HeadFacts, HeadKind, RejectFacts};
use hearth::model::{EpochRecord, ModelSpec, Recipe};
use hearth::onnx::{self, TestFacts};
use serde::Serialize;

use super::{Failure, print_json, read};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Info {
    name: String,
    bytes: usize,
    parameters: usize,
    /// `[channels, height, width]`
    input: [usize; 3],
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

pub fn run(model: &Path, json: bool) -> Result<(), Failure> {
    let facts = onnx::read(&read(model)?)?;
    let metadata = facts.metadata;
    let info = Info {
        name: facts.name,
        bytes: facts.bytes,
        parameters: facts.parameters,
        input: facts.input.dims(),
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
    say!("outputs   {}", info.outputs.join(", "));
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
