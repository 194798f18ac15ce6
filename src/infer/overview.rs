//! What a network holds, small: a few maps of every stage, to see the whole at once.

use serde::Serialize;

/// Maps that are shown of a stage, the first ones, and the side that they are brought to at most.
const MAPS: usize = 4;
const SIDE: usize = 28;
/// Numbers that are shown of a list.
const NUMBERS: usize = 40;

/// A stage's part of an overview.
#[derive(Serialize, Clone, Debug, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Small {
    /// `[maps, height, width]`, of a list `[numbers, 1, 1]`
    pub shape: [usize; 3],
    /// Where its values begin in the overview.
    pub start: usize,
}

impl Small {
    pub(super) fn new(shape: &[usize], start: usize) -> Self {
        let small = |[channels, height, width]: [usize; 3]| {
            [channels.min(MAPS), height.min(SIDE), width.min(SIDE)]
        };
        let list = || [shape.iter().product::<usize>().min(NUMBERS), 1, 1];
        Small {
            shape: maps(shape).map_or_else(list, small),
            start,
        }
    }

    pub(super) fn size(&self) -> usize {
        self.shape.iter().product()
    }

    /// Adds the values of a stage of this shape to the overview: of maps means, of a list, whose numbers are no
    /// neighbours, those that are furthest from zero.
    pub(super) fn add(&self, values: &[f32], shape: &[usize], overview: &mut Vec<f32>) {
        let [count, rows, columns] = self.shape;
        let Some([_, height, width]) = maps(shape) else {
            let part = |i: usize| &values[share(i, count, values.len())];
            overview.extend((0..count).map(|i| strongest(part(i))));
            return;
        };
        for map in values.chunks_exact(height * width).take(count) {
            for row in 0..rows {
                let lines = share(row, rows, height);
                for column in 0..columns {
                    let across = share(column, columns, width);
                    let lines = &map[lines.start * width..lines.end * width];
                    let cells = lines
                        .chunks_exact(width)
                        .flat_map(|line| &line[across.clone()]);
                    let (sum, count) = cells.fold((0.0, 0.0), |(s, n), &x| (s + x, n + 1.0));
                    overview.push(sum / count);
                }
            }
        }
    }
}

/// The shape of maps; `None` of a list, and of maps of one cell each, which are one too.
fn maps(shape: &[usize]) -> Option<[usize; 3]> {
    let shape: [usize; 3] = shape.try_into().ok()?;
    (shape[1] * shape[2] > 1).then_some(shape)
}

/// The `index`-th of `parts` parts of a length: never none, as there are at most as many parts.
fn share(index: usize, parts: usize, length: usize) -> std::ops::Range<usize> {
    index * length / parts..(index + 1) * length / parts
}

fn strongest(values: &[f32]) -> f32 {
    let further = |a: f32, b: f32| if b.abs() > a.abs() { b } else { a };
    values.iter().copied().fold(0.0, further)
}
