// A matrix product in tiles: ROWS × DEPTH by DEPTH × COLUMNS. What the matrices are, the shader that this is part of
// says: `left(row, k, image)`; `right(tap(k, image), position(column))`, so that what belongs to a row of it or to a
// column is worked out once; `store(row, home(column), split, value)`. All are asked for what lies outside of a matrix as
// well: there `left` and `right` are 0. A group of 64 threads computes a tile of 8 × TM rows by 32 × TN columns, DEEP steps
// of the sum at a time, from memory that it shares.

const TILE_ROWS = 8u * TM;
const TILE_VECTORS = 8u * TN;
// One more than the rows, so that threads that write down a column do not meet in one bank of the memory.
const LEFT_STRIDE = TILE_ROWS + 1u;

var<workgroup> left_tile: array<f32, DEEP * LEFT_STRIDE>;
var<workgroup> right_tile: array<vec4<f32>, DEEP * TILE_VECTORS>;

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) thread: u32,
) {
    let first_row = group.z * TILE_ROWS;
    let first_vector = (group.y * (groups.x / SPLITS) + group.x / SPLITS) * TILE_VECTORS;
    let split = group.x % SPLITS;
    let down = thread / 8u;
    let along = thread % 8u;

    // The columns that this thread fetches: always the same four.
    let own = thread % TILE_VECTORS;
    let column = (first_vector + own) * 4u;
    let position_0 = position(column);
    let position_1 = position(column + 1u);
    let position_2 = position(column + 2u);
    let position_3 = position(column + 3u);

    //SUMS
    for (var image = split; image < IMAGES; image += SPLITS) {
        for (var first = 0u; first < DEPTH; first += DEEP) {
            for (var i = thread; i < DEEP * TILE_ROWS; i += 64u) {
                let k = i % DEEP;
                let row = i / DEEP;
                left_tile[k * LEFT_STRIDE + row] = left(first_row + row, first + k, image);
            }
            for (var k = thread / TILE_VECTORS; k < DEEP; k += 64u / TILE_VECTORS) {
                let here = tap(first + k, image);
                right_tile[k * TILE_VECTORS + own] =
                    vec4(right(here, position_0), right(here, position_1), right(here, position_2), right(here, position_3));
            }
            workgroupBarrier();
            for (var k = 0u; k < DEEP; k++) {
                //PRODUCTS
            }
            workgroupBarrier();
        }
    }
    //STORES
}
