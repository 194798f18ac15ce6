// out[n, f, p] = bias[f] + Σ weights[f, k] · images[n, patch of p at k]: filters × patches, a column for each output
// position of each image.

@group(0) @binding(0) var<storage, read_write> images: array<f32>;
@group(0) @binding(1) var<storage, read_write> weights: array<f32>;
@group(0) @binding(2) var<storage, read_write> biases: array<f32>;
@group(0) @binding(3) var<storage, read_write> out: array<f32>;

const ROWS = FILTERS;
const COLUMNS = BATCH * OUT_HEIGHT * OUT_WIDTH;
const IMAGES = 1u;

// Where a patch begins, and where in a patch: so far off where there is none that no pixel is there.
struct Spot {
    start: u32,
    y: i32,
    x: i32,
}

fn left(row: u32, k: u32, image: u32) -> f32 {
    if row >= ROWS || k >= DEPTH { return 0.0; }
    return weights[row * DEPTH + k];
}

fn position(column: u32) -> Spot {
    let p = column % (OUT_HEIGHT * OUT_WIDTH);
    let start = column / (OUT_HEIGHT * OUT_WIDTH) * (CHANNELS * HEIGHT * WIDTH);
    let y = i32(p / OUT_WIDTH * STRIDE) - i32(PADDING);
    return Spot(start, select(FAR, y, column < COLUMNS), i32(p % OUT_WIDTH * STRIDE) - i32(PADDING));
}

fn tap(k: u32, image: u32) -> Spot {
    let y = i32(k % (SIZE * SIZE) / SIZE);
    return Spot(k / (SIZE * SIZE) * (HEIGHT * WIDTH), select(FAR, y, k < DEPTH), i32(k % SIZE));
}

fn right(tap: Spot, position: Spot) -> f32 {
    let y = u32(position.y + tap.y);
    let x = u32(position.x + tap.x);
    if y >= HEIGHT || x >= WIDTH { return 0.0; }
    return images[position.start + tap.start + y * WIDTH + x];
}

fn home(column: u32) -> u32 {
    let image = column / (OUT_HEIGHT * OUT_WIDTH);
    let p = column % (OUT_HEIGHT * OUT_WIDTH);
    return select(NOWHERE, image * (ROWS * OUT_HEIGHT * OUT_WIDTH) + p, column < COLUMNS);
}

fn store(row: u32, home: u32, split: u32, value: f32) {
    if row >= ROWS || home == NOWHERE { return; }
    out[home + row * (OUT_HEIGHT * OUT_WIDTH)] = value + biases[row];
}
