// out[c, k] = Σ gradient[n, c, p] · images[n, c, patch of p at k] over all output positions of all images: a group of
// 64 threads for each weight.

@group(0) @binding(0) var<storage, read_write> images: array<f32>;
@group(0) @binding(1) var<storage, read_write> gradient: array<f32>;
@group(0) @binding(2) var<storage, read_write> out: array<f32>;

var<workgroup> sums: array<f32, 64>;

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) thread: u32,
) {
    let weight = group.y * groups.x + group.x;
    let channel = weight / (SIZE * SIZE);
    let down = weight % (SIZE * SIZE) / SIZE;
    let along = weight % SIZE;
    // Groups past the last weight, in a last row that is not full, have nothing to sum.
    let length = select(0u, BATCH * OUT_HEIGHT * OUT_WIDTH, weight < CHANNELS * SIZE * SIZE);
    var sum = 0.0;
    for (var i = thread; i < length; i += 64u) {
        let p = i % (OUT_HEIGHT * OUT_WIDTH);
        let map = i / (OUT_HEIGHT * OUT_WIDTH) * CHANNELS + channel;
        // Above the first row it is a large number.
        let y = p / OUT_WIDTH * STRIDE + down - PADDING;
        let x = p % OUT_WIDTH * STRIDE + along - PADDING;
        if y < HEIGHT && x < WIDTH {
            sum += gradient[map * (OUT_HEIGHT * OUT_WIDTH) + p] * images[(map * HEIGHT + y) * WIDTH + x];
        }
    }
    sums[thread] = sum;
    for (var half = 32u; half > 0u; half /= 2u) {
        workgroupBarrier();
        if thread < half { sums[thread] += sums[thread + half]; }
    }
    if thread == 0u && weight < CHANNELS * SIZE * SIZE { out[weight] = sums[0]; }
}
