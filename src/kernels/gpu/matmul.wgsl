// out[row, column] = Σ left_matrix[row, k] · right_matrix[k, column] (+ biases[column]), either matrix as it lies in
// memory: LEFT_ROW apart are its rows, LEFT_STEP its columns. The sum is shared out among SPLITS groups, DEPTH steps to
// each, which leave sums of their own: `sum.wgsl` adds them.

@group(0) @binding(0) var<storage, read_write> left_matrix: array<f32>;
@group(0) @binding(1) var<storage, read_write> right_matrix: array<f32>;
@group(0) @binding(2) var<storage, read_write> out: array<f32>;

const IMAGES = SPLITS;

struct Tap {
    inside: bool,
    start: u32,
}

fn left(row: u32, k: u32, split: u32) -> f32 {
    let step = split * DEPTH + k;
    if row >= ROWS || k >= DEPTH || step >= STEPS { return 0.0; }
    return left_matrix[row * LEFT_ROW + step * LEFT_STEP];
}

fn position(column: u32) -> u32 {
    return select(NOWHERE, column * RIGHT_COLUMN, column < COLUMNS);
}

fn tap(k: u32, split: u32) -> Tap {
    let step = split * DEPTH + k;
    return Tap(k < DEPTH && step < STEPS, step * RIGHT_STEP);
}

fn right(tap: Tap, position: u32) -> f32 {
    if !tap.inside || position == NOWHERE { return 0.0; }
    return right_matrix[tap.start + position];
}

fn home(column: u32) -> u32 {
    return select(NOWHERE, column, column < COLUMNS);
}

fn store(row: u32, home: u32, split: u32, value: f32) {
    if row >= ROWS || home == NOWHERE { return; }
    out[(split * ROWS + row) * COLUMNS + home] = value;
}
