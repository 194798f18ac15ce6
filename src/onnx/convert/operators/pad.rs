//! What is put around images, or cut away.

use super::builder::{Builder, get, get_string, input, int, ints, output, without};
use super::no_setting;
use crate::onnx::OnnxError;
use crate::onnx::proto::{FLOAT, INT64, NodeProto};

/// How much is put before and behind, along one axis.
struct Side {
    axis: i64,
    before: i64,
    behind: i64,
}

/// Negative pads cut, in which the engine fails; it lacks the mode that wraps around.
pub(super) fn pad(builder: &mut Builder, node: NodeProto) -> Result<(), OnnxError> {
    let mode = get_string(&node, "mode").to_owned();
    let Some(sides) = sides(builder, &node)? else {
        // Calculated: the engine may know more once it knows the input's shape.
        return match mode.as_str() {
            "wrap" => Err(no_setting("Pad", "wrap, and pads that are calculated")),
            _ => {
                builder.keep(node);
                Ok(())
            }
        };
    };
    let cuts = sides.iter().any(|side| side.before < 0 || side.behind < 0);
    if !cuts && mode != "wrap" {
        builder.keep(node);
        return Ok(());
    }
    let mut x = input(&node, 0).unwrap_or("").to_owned();
    for side in sides
        .iter()
        .filter(|side| side.before < 0 || side.behind < 0)
    {
        let end = if side.behind < 0 {
            side.behind
        } else {
            i64::MAX
        };
        x = builder.slice(&x, &[side.axis], &[(-side.before).max(0)], &[end]);
    }
    let sides: Vec<Side> = sides
        .into_iter()
        .map(|side| Side {
            before: side.before.max(0),
            behind: side.behind.max(0),
            ..side
        })
        .collect();
    if mode == "wrap" {
        x = wrapped(builder, x, &sides);
        builder.add_as(output(&node), "Identity", &[&x], Vec::new());
        return Ok(());
    }
    let before = sides.iter().map(|side| side.before);
    let behind = sides.iter().map(|side| side.behind);
    let pads: Vec<i64> = before.chain(behind).collect();
    if builder.opset < 11 {
        let mut attributes = without(&node, &["pads"]);
        attributes.push(ints("pads", &pads));
        builder.add_as(output(&node), "Pad", &[&x], attributes);
        return Ok(());
    }
    let pads = builder.ints(&pads);
    // With a value the engine puts it around, whatever the mode.
    let value = match mode.as_str() {
        "" | "constant" => input(&node, 2),
        _ => None,
    };
    let mut inputs = vec![x.as_str(), &pads, value.unwrap_or("")];
    inputs.extend(input(&node, 3));
    builder.add_as(output(&node), "Pad", &inputs, node.attribute.clone());
    Ok(())
}

/// What comes out at one end comes in at the other: of a size n, the places −before … n + behind − 1, modulo n.
fn wrapped(builder: &mut Builder, mut x: String, sides: &[Side]) -> String {
    for side in sides
        .iter()
        .filter(|side| (side.before, side.behind) != (0, 0))
    {
        let shape = builder.add("Shape", &[&x], Vec::new());
        let at = builder.int(side.axis);
        let size = builder.add("Gather", &[&shape, &at], vec![int("axis", 0)]);
        let size = builder.add("Cast", &[&size], vec![int("to", INT64.into())]);
        let behind = builder.int(side.behind);
        let end = builder.add("Add", &[&size, &behind], Vec::new());
        let [start, step] = [-side.before, 1].map(|value| builder.int(value));
        let places = builder.add("Range", &[&start, &end, &step], Vec::new());
        let [places, size] =
            [places, size].map(|name| builder.add("Cast", &[&name], vec![int("to", FLOAT.into())]));
        let times = builder.add("Div", &[&places, &size], Vec::new());
        let times = builder.add("Floor", &[&times], Vec::new());
        let whole = builder.add("Mul", &[&times, &size], Vec::new());
        let places = builder.add("Sub", &[&places, &whole], Vec::new());
        let places = builder.add("Cast", &[&places], vec![int("to", INT64.into())]);
        x = builder.add("Gather", &[&x, &places], vec![int("axis", side.axis)]);
    }
    x
}

/// `None` if the pads are calculated.
fn sides(builder: &Builder, node: &NodeProto) -> Result<Option<Vec<Side>>, OnnxError> {
    let pads = match get(node, "pads").or_else(|| get(node, "paddings")) {
        Some(pads) => Some(pads.ints.as_slice()),
        None => input(node, 1).and_then(|name| builder.known.ints(name)),
    };
    let Some(pads) = pads else {
        return Ok(None);
    };
    let count = pads.len() / 2;
    let axes: Vec<i64> = match input(node, 3) {
        None => (0..count as i64).collect(),
        Some(name) => match builder.known.ints(name) {
            Some(axes) if axes.len() == count => axes.to_vec(),
            _ => return Err(no_setting("Pad", "axes that are calculated")),
        },
    };
    let sides = axes.into_iter().enumerate().map(|(place, axis)| Side {
        axis,
        before: pads[place],
        behind: pads[place + count],
    });
    Ok(Some(sides.collect()))
}
