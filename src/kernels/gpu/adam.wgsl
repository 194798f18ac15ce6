// One step of Adam for each value.

@group(0) @binding(0) var<storage, read_write> values: array<f32>;
@group(0) @binding(1) var<storage, read_write> gradient: array<f32>;
@group(0) @binding(2) var<storage, read_write> first: array<f32>;
@group(0) @binding(3) var<storage, read_write> second: array<f32>;
@group(0) @binding(4) var<storage, read_write> new_values: array<f32>;
@group(0) @binding(5) var<storage, read_write> new_first: array<f32>;
@group(0) @binding(6) var<storage, read_write> new_second: array<f32>;
// decay, beta1, beta2, correction, epsilon, rate
@group(0) @binding(7) var<storage, read_write> factors: array<f32>;

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) thread: u32,
) {
    let i = (group.y * groups.x + group.x) * 64u + thread;
    if i >= LENGTH { return; }
    let g = gradient[i];
    let m = first[i] * factors[1] + g * (1.0 - factors[1]);
    let v = second[i] * factors[2] + g * g * (1.0 - factors[2]);
    new_first[i] = m;
    new_second[i] = v;
    new_values[i] = values[i] * factors[0] - factors[5] * (m * factors[3] / (sqrt(v) + factors[4]));
}
