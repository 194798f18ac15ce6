// out[m, q] = Σ gradient[m, p] over the windows p in which q is the first of the largest. Gathered: each pixel asks the
// windows that it lies in.

@group(0) @binding(0) var<storage, read_write> images: array<f32>;
@group(0) @binding(1) var<storage, read_write> gradient: array<f32>;
@group(0) @binding(2) var<storage, read_write> out: array<f32>;

// The index in the map of the first of the largest values of the window at `row`, `column`.
fn first_largest(map: u32, row: u32, column: u32) -> u32 {
    let corner = row * STRIDE * WIDTH + column * STRIDE;
    var index = corner;
    var largest = images[map * (HEIGHT * WIDTH) + corner];
    for (var y = 0u; y < SIZE; y++) {
        for (var x = 0u; x < SIZE; x++) {
            let value = images[map * (HEIGHT * WIDTH) + corner + y * WIDTH + x];
            if value > largest {
                largest = value;
                index = corner + y * WIDTH + x;
            }
        }
    }
    return index;
}

// The first window along a side that has the pixel in it.
fn first_window(pixel: u32) -> u32 {
    return select(0u, (pixel - SIZE) / STRIDE + 1u, pixel >= SIZE);
}

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) thread: u32,
) {
    let i = (group.y * groups.x + group.x) * 64u + thread;
    if i >= MAPS * HEIGHT * WIDTH { return; }
    let map = i / (HEIGHT * WIDTH);
    let q = i % (HEIGHT * WIDTH);
    let y = q / WIDTH;
    let x = q % WIDTH;
    var sum = 0.0;
    for (var row = first_window(y); row <= y / STRIDE && row < OUT_HEIGHT; row++) {
        for (var column = first_window(x); column <= x / STRIDE && column < OUT_WIDTH; column++) {
            if first_largest(map, row, column) == q {
                sum += gradient[(map * OUT_HEIGHT + row) * OUT_WIDTH + column];
            }
        }
    }
    out[i] = sum;
}
