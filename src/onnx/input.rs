//! Which input of a graph is the image, and how the file takes it.

use std::collections::HashSet;

use super::OnnxError;
use super::proto::{
    BFLOAT16, BOOL, DOUBLE, FLOAT, FLOAT16, GraphProto, INT8, INT32, INT64, NodeProto, UINT8,
    ValueInfoProto,
};
use super::read::refused;
use super::source::{Element, Layout, Source};
use crate::model::ImageShape;

/// The longest side of an image.
const LONGEST: usize = 4096;
/// Sides that are longer are not told in figures: nobody has meant them.
const TOLD: usize = 1_000_000;
/// Sides of images for files that take any, unless the file's settings say others: what networks for grey and for
/// coloured images usually take.
const GREY_SIDE: usize = 28;
const COLOUR_SIDE: usize = 224;
/// As Keras and PyTorch turn channels last into channels first.
const LAST_TO_FIRST: [i64; 4] = [0, 3, 1, 2];

/// The input that takes the image.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ImageInput {
    pub name: String,
    pub shape: ImageShape,
    pub source: Source,
}

/// The one input that is no weight, and an image in one of the forms of [`Layout`]. `size`: height and width for files that
/// take any.
///
/// # Errors
/// If there is none, or several, or it is no image.
pub(super) fn image_input(
    graph: &GraphProto,
    size: Option<[usize; 2]>,
) -> Result<ImageInput, OnnxError> {
    let weights: HashSet<&str> = graph
        .initializer
        .iter()
        .map(|tensor| tensor.name.as_str())
        .collect();
    let given = graph
        .input
        .iter()
        .filter(|input| !weights.contains(input.name.as_str()));
    let given: Vec<&ValueInfoProto> = given.collect();
    let [input] = given.as_slice() else {
        let names: Vec<&str> = given.iter().map(|input| input.name.as_str()).collect();
        return Err(refused(
            "onnx-inputs",
            [names.join(", ")],
            match names.len() {
                0 => "Hearth runs models with one input, an image; this one has none.".to_owned(),
                _ => format!(
                    "Hearth runs models with one input, an image; this one has several: {}.",
                    names.join(", ")
                ),
            },
        ));
    };
    let declared = Declared::of(input);
    let first = FirstOperators::of(graph, &input.name);
    let found = declared.as_ref().and_then(|declared| {
        let (layout, sides) = declared.layout(&first)?;
        let any_size = sides[1].is_none() || sides[2].is_none();
        let channels = sides[0].unwrap_or(3);
        let usual = match channels {
            1 => GREY_SIDE,
            _ => COLOUR_SIDE,
        };
        let [height, width] = size.filter(|_| any_size).unwrap_or([usual; 2]);
        let shape = ImageShape {
            channels,
            height: sides[1].unwrap_or(height),
            width: sides[2].unwrap_or(width),
        };
        let within = |side: usize| (1..=LONGEST).contains(&side);
        let is_image = matches!(channels, 1 | 3) && within(shape.height) && within(shape.width);
        let source = Source {
            layout,
            element: declared.element,
            batch: declared.sides[0].filter(|&batch| batch > 1),
            any_size,
        };
        (is_image && declared.element.is_number()).then_some((shape, source))
    });
    let (shape, source) = found.ok_or_else(|| {
        let shape = declared.map_or_else(|| "unknown".to_owned(), |declared| declared.text());
        refused(
            "onnx-input-shape",
            [input.name.clone(), shape.clone()],
            format!(
                "The input {} is {shape}; Hearth gives networks one image of 1 or 3 channels.",
                input.name
            ),
        )
    })?;
    Ok(ImageInput {
        name: input.name.clone(),
        shape,
        source,
    })
}

impl Element {
    pub(super) fn of(data_type: i32) -> Self {
        match data_type {
            FLOAT => Element::Float32,
            // Both have 16 bits, and are made floats of 32.
            FLOAT16 | BFLOAT16 => Element::Float16,
            DOUBLE => Element::Float64,
            UINT8 => Element::Uint8,
            INT8 => Element::Int8,
            INT32 => Element::Int32,
            INT64 => Element::Int64,
            BOOL => Element::Bool,
            _ => Element::Other,
        }
    }

    fn is_number(self) -> bool {
        !matches!(self, Element::Bool | Element::Other)
    }

    /// Whether it holds whole numbers alone.
    pub fn is_whole(self) -> bool {
        matches!(
            self,
            Element::Uint8 | Element::Int8 | Element::Int32 | Element::Int64
        )
    }

    /// As ONNX calls it.
    pub fn name(self) -> &'static str {
        match self {
            Element::Float32 => "float32",
            Element::Float16 => "float16",
            Element::Float64 => "float64",
            Element::Uint8 => "uint8",
            Element::Int8 => "int8",
            Element::Int32 => "int32",
            Element::Int64 => "int64",
            Element::Bool => "bool",
            Element::Other => "another type",
        }
    }
}

/// What the file declares of an input: sides that are not fixed are `None`.
struct Declared {
    element: Element,
    sides: Vec<Option<usize>>,
}

impl Declared {
    fn of(input: &ValueInfoProto) -> Option<Self> {
        let tensor = input.r#type.as_ref()?.tensor_type.as_ref()?;
        let sides = tensor.shape.as_ref()?.dim.iter().map(|dim| {
            let side = dim.dim_value.filter(|&side| side > 0)?;
            // One that has no room in 32 bits is too long, not free to choose.
            Some(usize::try_from(side).unwrap_or(usize::MAX))
        });
        Some(Declared {
            element: Element::of(tensor.elem_type),
            sides: sides.collect(),
        })
    }

    fn text(&self) -> String {
        let sides = self.sides.iter();
        let sides: Vec<String> = sides
            .map(|side| match side {
                None => "?".to_owned(),
                Some(side) if *side > TOLD => format!("> {TOLD}"),
                Some(side) => side.to_string(),
            })
            .collect();
        format!("{} [{}]", self.element.name(), sides.join(", "))
    }

    /// The layout, and channels, height and width.
    fn layout(&self, first: &FirstOperators) -> Option<(Layout, [Option<usize>; 3])> {
        let is_channels = |side: Option<usize>| matches!(side, Some(1 | 3));
        match *self.sides.as_slice() {
            [_, a, b, c] => {
                let last = match (is_channels(a), is_channels(c)) {
                    (false, true) => true,
                    (true, false) => false,
                    _ => first.turns,
                };
                match last {
                    true => Some((Layout::ChannelsLast, [c.or(first.channels), a, b])),
                    false => Some((Layout::ChannelsFirst, [a.or(first.channels), b, c])),
                }
            }
            [_, height, width] => Some((Layout::Grey, [Some(1), height, width])),
            [_, values] => {
                let values = values.or(first.values)?;
                let side = |values: usize| {
                    let side = values.isqrt();
                    (side * side == values && side >= 4).then_some(side)
                };
                let (channels, side) = match (side(values), values % 3) {
                    (Some(side), _) => (1, side),
                    (None, 0) => (3, side(values / 3)?),
                    _ => return None,
                };
                Some((Layout::Flat, [Some(channels), Some(side), Some(side)]))
            }
            _ => None,
        }
    }
}

/// What the operators that an image comes to first tell of it.
struct FirstOperators {
    /// Whether channels that are last are made the first.
    turns: bool,
    /// Of the image, by the weights of the first convolution.
    channels: Option<usize>,
    /// Of the image, by the weights of the first dense layer.
    values: Option<usize>,
}

impl FirstOperators {
    fn of(graph: &GraphProto, input: &str) -> Self {
        // What is calculated from the image one by one is looked through.
        let mut same = HashSet::from([input]);
        for node in &graph.node {
            let calm = matches!(
                node.op_type.as_str(),
                "Identity" | "Cast" | "Sub" | "Add" | "Mul" | "Div" | "QuantizeLinear" | "Clip"
            ) || node.op_type == "DequantizeLinear";
            if calm && node.input.iter().any(|name| same.contains(name.as_str())) {
                same.extend(node.output.iter().map(String::as_str));
            }
        }
        let takes = |node: &&NodeProto| {
            let first = node.input.first();
            first.is_some_and(|name| same.contains(name.as_str()))
        };
        let turns = graph.node.iter().filter(takes).any(|node| {
            let order = node.attribute.iter().find(|a| a.name == "perm");
            node.op_type == "Transpose" && order.is_some_and(|a| a.ints == LAST_TO_FIRST)
        });
        let dims = |node: &NodeProto| {
            let name = node.input.get(1)?;
            let weights = graph.initializer.iter().find(|w| w.name == *name)?;
            Some(weights.dims.as_slice())
        };
        let side = |side: i64| usize::try_from(side).ok();
        let conv = graph.node.iter().find(|node| node.op_type == "Conv");
        let group = conv.and_then(|node| {
            let group = node.attribute.iter().find(|a| a.name == "group")?;
            usize::try_from(group.i?).ok()
        });
        let channels = conv.and_then(dims).and_then(|dims| {
            let own = side(*dims.get(1)?)?;
            own.checked_mul(group.unwrap_or(1))
        });
        let dense = graph.node.iter().filter(takes);
        let mut dense = dense.filter(|n| matches!(n.op_type.as_str(), "Gemm" | "MatMul"));
        let values = dense.next().and_then(|node| {
            let turned = node
                .attribute
                .iter()
                .any(|a| a.name == "transB" && a.i == Some(1));
            side(*dims(node)?.get(usize::from(turned))?)
        });
        FirstOperators {
            turns,
            channels,
            values,
        }
    }
}
