// out[n, c, q] = Σ weights[c, k] · gradient[n, c, the output position whose patch has q at k]: gathered, a
// thread for each pixel.

@group(0) @binding(0) var<storage, read_write> weights: array<f32>;
@group(0) @binding(1) var<storage, read_write> gradient: array<f32>;
@group(0) @binding(2) var<storage, read_write> out: array<f32>;

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
    let channel = map % CHANNELS;
    var sum = 0.0;
    for (var down = 0u; down < SIZE; down++) {
        // Below zero it is a large number.
        let y = q / WIDTH + PADDING - down;
        for (var along = 0u; along < SIZE; along++) {
            let x = q % WIDTH + PADDING - along;
            if y % STRIDE == 0u && x % STRIDE == 0u && y / STRIDE < OUT_HEIGHT && x / STRIDE < OUT_WIDTH {
                sum += weights[(channel * SIZE + down) * SIZE + along]
                    * gradient[(map * OUT_HEIGHT + y / STRIDE) * OUT_WIDTH + x / STRIDE];
            }
        }
    }
    out[i] = sum;
}
