// out[f, k] = Σ gradient[n, f, p] · images[n, patch of p at k] over all output positions of all images. The images
// are shared out among SPLITS groups, each of which leaves a sum of its own: `sum.wgsl` adds them.

@group(0) @binding(0) var<storage, read_write> images: array<f32>;
@group(0) @binding(1) var<storage, read_write> gradient: array<f32>;
@group(0) @binding(2) var<storage, read_write> out: array<f32>;

const ROWS = FILTERS;
const COLUMNS = CHANNELS * SIZE * SIZE;
const IMAGES = BATCH;

// Where a patch begins, and where in a patch: so far off where there is none that no pixel is there.
struct Spot {
    start: u32,
    y: i32,
    x: i32,
}

fn left(row: u32, k: u32, image: u32) -> f32 {
    if row >= ROWS || k >= DEPTH { return 0.0; }
    return gradient[(image * FILTERS + row) * DEPTH + k];
}

fn position(column: u32) -> Spot {
    let y = i32(column % (SIZE * SIZE) / SIZE) - i32(PADDING);
    let start = column / (SIZE * SIZE) * (HEIGHT * WIDTH);
    return Spot(start, select(FAR, y, column < COLUMNS), i32(column % SIZE) - i32(PADDING));
}

fn tap(k: u32, image: u32) -> Spot {
    let y = i32(k / OUT_WIDTH * STRIDE);
    return Spot(image * (CHANNELS * HEIGHT * WIDTH), select(FAR, y, k < DEPTH), i32(k % OUT_WIDTH * STRIDE));
}

fn right(tap: Spot, position: Spot) -> f32 {
    let y = u32(position.y + tap.y);
    let x = u32(position.x + tap.x);
    if y >= HEIGHT || x >= WIDTH { return 0.0; }
    return images[tap.start + position.start + y * WIDTH + x];
}

fn home(column: u32) -> u32 {
    return select(NOWHERE, column, column < COLUMNS);
}

fn store(row: u32, home: u32, split: u32, value: f32) {
    if row >= ROWS || home == NOWHERE { return; }
    out[(split * ROWS + row) * COLUMNS + home] = value;
}
