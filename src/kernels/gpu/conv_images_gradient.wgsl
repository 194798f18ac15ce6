// out[n, c, q] = Σ weights[f, c, k] · gradient[n, f, the output position whose patch has q at k]: a column for
// each pixel of each image. Gathered, so that no two threads write to the same pixel.

@group(0) @binding(0) var<storage, read_write> weights: array<f32>;
@group(0) @binding(1) var<storage, read_write> gradient: array<f32>;
@group(0) @binding(2) var<storage, read_write> out: array<f32>;

const ROWS = CHANNELS;
const COLUMNS = BATCH * HEIGHT * WIDTH;
const IMAGES = 1u;

// A pixel, and where in a patch: so far off where there is none that no patch is there.
struct Spot {
    start: u32,
    y: i32,
    x: i32,
}

fn left(row: u32, k: u32, image: u32) -> f32 {
    if row >= ROWS || k >= DEPTH { return 0.0; }
    return weights[(k / (SIZE * SIZE) * CHANNELS + row) * (SIZE * SIZE) + k % (SIZE * SIZE)];
}

fn position(column: u32) -> Spot {
    let q = column % (HEIGHT * WIDTH);
    let start = column / (HEIGHT * WIDTH) * (FILTERS * OUT_HEIGHT * OUT_WIDTH);
    return Spot(start, select(FAR, i32(q / WIDTH + PADDING), column < COLUMNS), i32(q % WIDTH + PADDING));
}

fn tap(k: u32, image: u32) -> Spot {
    let y = i32(k % (SIZE * SIZE) / SIZE);
    return Spot(k / (SIZE * SIZE) * (OUT_HEIGHT * OUT_WIDTH), select(-FAR, y, k < DEPTH), i32(k % SIZE));
}

fn right(tap: Spot, position: Spot) -> f32 {
    // Below zero they are large.
    let y = u32(position.y - tap.y);
    let x = u32(position.x - tap.x);
    if y >= OUT_HEIGHT * STRIDE || x >= OUT_WIDTH * STRIDE || y % STRIDE != 0u || x % STRIDE != 0u { return 0.0; }
    return gradient[position.start + tap.start + y / STRIDE * OUT_WIDTH + x / STRIDE];
}

fn home(column: u32) -> u32 {
    let image = column / (HEIGHT * WIDTH);
    let q = column % (HEIGHT * WIDTH);
    return select(NOWHERE, image * (ROWS * HEIGHT * WIDTH) + q, column < COLUMNS);
}

fn store(row: u32, home: u32, split: u32, value: f32) {
    if row >= ROWS || home == NOWHERE { return; }
    out[home + row * (HEIGHT * WIDTH)] = value;
}
