// out[i] = Σ parts[split, i]

@group(0) @binding(0) var<storage, read_write> parts: array<f32>;
@group(0) @binding(1) var<storage, read_write> out: array<f32>;

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) thread: u32,
) {
    let i = (group.y * groups.x + group.x) * 64u + thread;
    if i >= LENGTH { return; }
    var sum = 0.0;
    for (var split = 0u; split < SPLITS; split++) {
        sum += parts[split * LENGTH + i];
    }
    out[i] = sum;
}
