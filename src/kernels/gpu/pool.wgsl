// out[m, p] = the largest value of the window at p, for each map m of each image.

@group(0) @binding(0) var<storage, read_write> images: array<f32>;
@group(0) @binding(1) var<storage, read_write> out: array<f32>;

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
    let corner = (map * HEIGHT + p / OUT_WIDTH * STRIDE) * WIDTH + p % OUT_WIDTH * STRIDE;
    var largest = images[corner];
    for (var y = 0u; y < SIZE; y++) {
        for (var x = 0u; x < SIZE; x++) {
            largest = max(largest, images[corner + y * WIDTH + x]);
        }
    }
    out[i] = largest;
}
