// out[n, c, p] = bias[c] + Σ weights[c, k] · images[n, c, patch of p at k]: a thread for each value.

@group(0) @binding(0) var<storage, read_write> images: array<f32>;
@group(0) @binding(1) var<storage, read_write> weights: array<f32>;
@group(0) @binding(2) var<storage, read_write> biases: array<f32>;
@group(0) @binding(3) var<storage, read_write> out: array<f32>;

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) thread: u32,
) {
    let i = (group.y * groups.x + group.x) * 64u + thread;
    if i >= MAPS * OUT_HEIGHT * OUT_WIDTH { return; }
    let map = i / (OUT_HEIGHT * OUT_WIDTH);
    let p = i % (OUT_HEIGHT * OUT_WIDTH);
    let channel = map % CHANNELS;
    var sum = biases[channel];
    for (var down = 0u; down < SIZE; down++) {
        // Above the first row it is a large number.
        let y = p / OUT_WIDTH * STRIDE + down - PADDING;
        for (var along = 0u; along < SIZE; along++) {
            let x = p % OUT_WIDTH * STRIDE + along - PADDING;
            if y < HEIGHT && x < WIDTH {
                sum += weights[(channel * SIZE + down) * SIZE + along] * images[(map * HEIGHT + y) * WIDTH + x];
            }
        }
    }
    out[i] = sum;
}
