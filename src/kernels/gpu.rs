//! The kernels on WebGPU, as shaders.
//!
//! Burn's own convolution gives each output value a thread that reads all it needs by itself, and takes the weight
//! gradient for a convolution with kernels as large as the output: a few hundred threads with sums of tens of
//! thousands. Here all three are matrix products in tiles, with im2col done while the patches are fetched (implicit
//! GEMM), and the weight gradient's long sum is divided among groups. Shapes are constants of the shader, so that its
//! index arithmetic is folded; another batch size is another shader.

use burn::backend::TensorMetadata;
use burn::backend::ops::FloatTensorOps;
use burn::backend::wgpu::{
    CubeBackend, CubeDim, CubeTensor, KernelSource, SourceKernel, SourceTemplate, into_contiguous,
};
use burn::cubecl::CubeCount;
use burn::cubecl::client::Client;
use burn::cubecl::prelude::KernelId;
use burn::cubecl::server::{BufferBinding, KernelArguments};
use burn::tensor::Shape;

use super::{AdamStep, Kernels, Window, elements, groups};

/// Threads in a group.
const THREADS: usize = 64;
/// WebGPU's limit on groups along one axis is 65,535.
const GROUPS_ALONG: usize = 32_768;
/// Groups that the weight gradient's sum over images is divided among.
const MOST_SPLITS: usize = 16;

/// Steps of a product's sum that are in shared memory at once: with the widest tile 8 KiB of the 16 there are.
const DEEPEST: usize = 16;

const ADD_BIASES: &str = include_str!("gpu/add_biases.wgsl");
const DEPTHWISE: &str = include_str!("gpu/depthwise.wgsl");
const DEPTHWISE_IMAGES_GRADIENT: &str = include_str!("gpu/depthwise_images_gradient.wgsl");
const DEPTHWISE_WEIGHTS_GRADIENT: &str = include_str!("gpu/depthwise_weights_gradient.wgsl");
const MATMUL: &str = include_str!("gpu/matmul.wgsl");
const TILE: &str = include_str!("gpu/tile.wgsl");
const CONV: &str = include_str!("gpu/conv.wgsl");
const CONV_IMAGES_GRADIENT: &str = include_str!("gpu/conv_images_gradient.wgsl");
const CONV_WEIGHTS_GRADIENT: &str = include_str!("gpu/conv_weights_gradient.wgsl");
const SUM: &str = include_str!("gpu/sum.wgsl");
const ADAM: &str = include_str!("gpu/adam.wgsl");
const POOL: &str = include_str!("gpu/pool.wgsl");
const POOL_GRADIENT: &str = include_str!("gpu/pool_gradient.wgsl");

impl Kernels for CubeBackend {
    fn conv(
        images: CubeTensor,
        weights: CubeTensor,
        biases: CubeTensor,
        window: Window,
    ) -> CubeTensor {
        let groups = groups::<Self>(&images, &weights);
        let geometry = Geometry::of_conv(&images, &weights, window);
        let shape = [
            geometry.batch,
            geometry.filters,
            geometry.out_height,
            geometry.out_width,
        ];
        if groups > 1 {
            let shader = Shader::new(DEPTHWISE, &geometry.constants());
            return shader.run([images, weights, biases], shape, threads(elements(shape)));
        }
        let columns = elements([geometry.batch, geometry.out_height, geometry.out_width]);
        let depth = elements([geometry.channels, window.area()]);
        let product = Product::new(geometry.filters, columns, depth, 1);
        let inputs = [images, weights, biases].map(into_contiguous);
        product.run(CONV, &geometry.constants(), inputs, shape)
    }

    fn conv_images_gradient(
        images: CubeTensor,
        weights: CubeTensor,
        gradient: CubeTensor,
        window: Window,
    ) -> CubeTensor {
        let groups = groups::<Self>(&images, &weights);
        let geometry = Geometry::of_conv(&images, &weights, window);
        let shape = images.shape().dims::<4>();
        if groups > 1 {
            let shader = Shader::new(DEPTHWISE_IMAGES_GRADIENT, &geometry.constants());
            return shader.run([weights, gradient], shape, threads(elements(shape)));
        }
        let columns = elements([geometry.batch, geometry.height, geometry.width]);
        let depth = elements([geometry.filters, window.area()]);
        let product = Product::new(geometry.channels, columns, depth, 1);
        let inputs = [weights, gradient].map(into_contiguous);
        product.run(CONV_IMAGES_GRADIENT, &geometry.constants(), inputs, shape)
    }

    fn conv_weights_gradient(
        images: CubeTensor,
        weights: CubeTensor,
        gradient: CubeTensor,
        window: Window,
    ) -> CubeTensor {
        let groups = groups::<Self>(&images, &weights);
        let geometry = Geometry::of_conv(&images, &weights, window);
        let shape = weights.shape().dims::<4>();
        let columns = elements([geometry.channels, window.area()]);
        if groups > 1 {
            let shader = Shader::new(DEPTHWISE_WEIGHTS_GRADIENT, &geometry.constants());
            return shader.run([images, gradient], shape, rows_of(columns));
        }
        let splits = geometry.batch.min(MOST_SPLITS);
        let depth = elements([geometry.out_height, geometry.out_width]);
        let product = Product::new(geometry.filters, columns, depth, splits);
        let parts = [splits, geometry.filters, columns];
        let inputs = [images, gradient].map(into_contiguous);
        let constants = geometry.constants();
        let parts = product.run(CONV_WEIGHTS_GRADIENT, &constants, inputs, parts);
        sum(parts, shape)
    }

    fn dense(inputs: CubeTensor, weights: CubeTensor, biases: CubeTensor) -> CubeTensor {
        let parts = matmul(inputs, weights);
        let [splits, rows, columns] = parts.shape().dims();
        let length = elements([rows, columns]);
        let constants = [("SPLITS", splits), ("LENGTH", length), ("COLUMNS", columns)];
        Shader::new(ADD_BIASES, &constants).run([parts, biases], [rows, columns], threads(length))
    }

    fn dense_inputs_gradient(weights: CubeTensor, gradient: CubeTensor) -> CubeTensor {
        let shape = [gradient.shape()[0], weights.shape()[0]];
        sum(matmul(gradient, Self::float_transpose(weights)), shape)
    }

    fn dense_weights_gradient(inputs: CubeTensor, gradient: CubeTensor) -> CubeTensor {
        let shape = [inputs.shape()[1], gradient.shape()[1]];
        sum(matmul(Self::float_transpose(inputs), gradient), shape)
    }

    fn dense_biases_gradient(gradient: CubeTensor) -> CubeTensor {
        let units = gradient.shape()[1];
        sum(gradient, [units])
    }

    fn pool(images: CubeTensor, window: Window) -> CubeTensor {
        let geometry = Geometry::of_pool(&images, window);
        let [batch, channels, _, _] = images.shape().dims();
        let shape = [batch, channels, geometry.out_height, geometry.out_width];
        let groups = threads(elements(shape));
        Shader::new(POOL, &geometry.constants()).run([images], shape, groups)
    }

    fn pool_gradient(images: CubeTensor, gradient: CubeTensor, window: Window) -> CubeTensor {
        let geometry = Geometry::of_pool(&images, window);
        let shape = images.shape().dims::<4>();
        let groups = threads(elements(shape));
        Shader::new(POOL_GRADIENT, &geometry.constants()).run([images, gradient], shape, groups)
    }

    fn adam(
        values: CubeTensor,
        gradient: CubeTensor,
        first: CubeTensor,
        second: CubeTensor,
        step: AdamStep,
    ) -> (CubeTensor, CubeTensor, CubeTensor) {
        let inputs = [values, gradient, first, second].map(into_contiguous);
        let [length] = inputs[0].shape().dims();
        let outputs = [0; 3].map(|_| empty_like(&inputs[0], Shape::from([length])));
        // They change with every step, so they are data and no constants.
        let factors = [
            step.decay,
            step.beta1,
            step.beta2,
            step.correction,
            step.epsilon,
            step.rate as f32,
        ];
        let bytes: Vec<u8> = factors
            .iter()
            .flat_map(|factor| factor.to_le_bytes())
            .collect();
        let factors = inputs[0].client.create_from_slice(&bytes);
        let mut buffers: Vec<_> = inputs
            .iter()
            .chain(&outputs)
            .map(|tensor| tensor.handle.clone().binding())
            .collect();
        buffers.push(factors.binding());
        let shader = Shader::new(ADAM, &[("LENGTH", length)]);
        shader.launch(&inputs[0].client, buffers, threads(length));
        outputs.into()
    }
}

/// `[rows, steps]` × `[steps, columns]`, either also transposed → `[splits, rows, columns]`, which are still to be added.
fn matmul(left: CubeTensor, right: CubeTensor) -> CubeTensor {
    let [[rows, steps], [_, columns]] = [left.shape().dims(), right.shape().dims()];
    // With few tiles the sum is divided, so that there is work for more groups.
    let splits = if elements([rows, columns]) <= MOST_SPLITS * THREADS * THREADS {
        steps.div_ceil(THREADS).min(MOST_SPLITS)
    } else {
        1
    };
    let product = Product::new(rows, columns, steps.div_ceil(splits), splits);
    let apart = |tensor: &CubeTensor, axis: usize| tensor.meta.strides()[axis];
    let constants = [
        ("ROWS", rows),
        ("COLUMNS", columns),
        ("STEPS", steps),
        ("LEFT_ROW", apart(&left, 0)),
        ("LEFT_STEP", apart(&left, 1)),
        ("RIGHT_STEP", apart(&right, 0)),
        ("RIGHT_COLUMN", apart(&right, 1)),
    ];
    product.run(MATMUL, &constants, [left, right], [splits, rows, columns])
}

/// `parts` added along their first axis.
fn sum<const D: usize>(parts: CubeTensor, shape: [usize; D]) -> CubeTensor {
    let length = elements(shape);
    let constants = [("SPLITS", parts.shape()[0]), ("LENGTH", length)];
    Shader::new(SUM, &constants).run([parts], shape, threads(length))
}

/// What the shaders of a layer are told.
struct Geometry {
    batch: usize,
    channels: usize,
    height: usize,
    width: usize,
    /// 0 for a pool.
    filters: usize,
    out_height: usize,
    out_width: usize,
    size: usize,
    stride: usize,
    padding: usize,
}

impl Geometry {
    fn of_conv(images: &CubeTensor, weights: &CubeTensor, window: Window) -> Self {
        let [filters, ..] = weights.shape().dims::<4>();
        Geometry {
            filters,
            ..Self::of_pool(images, window)
        }
    }

    fn of_pool(images: &CubeTensor, window: Window) -> Self {
        let [batch, channels, height, width] = images.shape().dims();
        Geometry {
            batch,
            channels,
            height,
            width,
            filters: 0,
            out_height: window.output_positions(height),
            out_width: window.output_positions(width),
            size: window.size,
            stride: window.stride,
            padding: window.padding,
        }
    }

    fn constants(&self) -> [(&'static str, usize); 11] {
        [
            ("BATCH", self.batch),
            ("CHANNELS", self.channels),
            ("MAPS", elements([self.batch, self.channels])),
            ("HEIGHT", self.height),
            ("WIDTH", self.width),
            ("FILTERS", self.filters),
            ("OUT_HEIGHT", self.out_height),
            ("OUT_WIDTH", self.out_width),
            ("SIZE", self.size),
            ("STRIDE", self.stride),
            ("PADDING", self.padding),
        ]
    }
}

/// A matrix product in tiles; see `gpu/tile.wgsl`.
struct Product {
    rows: usize,
    columns: usize,
    /// Products in a sum.
    depth: usize,
    /// Groups that a sum is divided among.
    splits: usize,
    tile: Tile,
}

impl Product {
    fn new(rows: usize, columns: usize, depth: usize, splits: usize) -> Self {
        Product {
            rows,
            columns,
            depth,
            splits,
            tile: Tile {
                rows: match rows {
                    0..=8 => 1,
                    9..=16 => 2,
                    17..=32 => 4,
                    _ => 8,
                },
                vectors: if columns <= 32 { 1 } else { 2 },
            },
        }
    }

    /// Of `inputs` as they lie in memory.
    fn run<const N: usize, const D: usize>(
        &self,
        body: &'static str,
        constants: &[(&'static str, usize)],
        inputs: [CubeTensor; N],
        shape: [usize; D],
    ) -> CubeTensor {
        let mut constants = constants.to_vec();
        // As many steps as DEEPEST allows, and no step of nothing but zeros at the end.
        let deep = self.depth.div_ceil(self.depth.div_ceil(DEEPEST));
        constants.extend([
            ("SPLITS", self.splits),
            ("DEPTH", self.depth),
            ("DEEP", deep),
        ]);
        let shader = Shader {
            body,
            constants,
            tile: Some(self.tile),
        };
        let tiles = self.columns.div_ceil(32 * self.tile.vectors);
        let along = tiles.min(GROUPS_ALONG / self.splits);
        let groups = [
            along * self.splits,
            tiles.div_ceil(along),
            self.rows.div_ceil(8 * self.tile.rows),
        ];
        shader.run_as_they_lie(inputs, shape, groups)
    }
}

/// How much of a tile one thread computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Tile {
    /// A tile has eight times as many.
    rows: usize,
    /// Of four columns each; a tile has eight times as many.
    vectors: usize,
}

impl Tile {
    /// `tile.wgsl`, with the sums of a thread as variables of their own: an array might not be kept in registers.
    fn source(self) -> String {
        let each = |line: &dyn Fn(usize, usize) -> String| -> String {
            (0..self.rows)
                .flat_map(|i| (0..self.vectors).map(move |j| (i, j)))
                .map(|(i, j)| line(i, j))
                .collect()
        };
        let right = |j| {
            format!(
                "let right_{j} = right_tile[k * TILE_VECTORS + along + {}u];\n",
                8 * j
            )
        };
        let left = |i| {
            format!(
                "let left_{i} = vec4(left_tile[k * LEFT_STRIDE + down + {}u]);\n",
                8 * i
            )
        };
        let fetch: String = (0..self.vectors)
            .map(right)
            .chain((0..self.rows).map(left))
            .collect();
        let sums = each(&|i, j| format!("var sum_{i}_{j} = vec4(0.0);\n"));
        let products =
            each(&|i, j| format!("sum_{i}_{j} = fma(left_{i}, right_{j}, sum_{i}_{j});\n"));
        let homes: String = (0..self.vectors)
            .flat_map(|j| (0..4).map(move |n| (j, n)))
            .map(|(j, n)| {
                let column = format!("(first_vector + along + {}u) * 4u + {n}u", 8 * j);
                format!("let home_{j}_{n} = home({column});\n")
            })
            .collect();
        let stores = each(&|i, j| {
            let row = format!("first_row + down + {}u", 8 * i);
            (0..4)
                .map(|n| format!("store({row}, home_{j}_{n}, split, sum_{i}_{j}[{n}]);\n"))
                .collect()
        });
        let tile = TILE
            .replace("//SUMS", &sums)
            .replace("//PRODUCTS", &format!("{fetch}{products}"))
            .replace("//STORES", &format!("{homes}{stores}"));
        format!(
            "const FAR = 0x10000000i;\nconst NOWHERE = 0xffffffffu;\nconst TM = {}u;\nconst TN = {}u;\n{tile}",
            self.rows, self.vectors
        )
    }
}

/// Groups for a thread each.
fn threads(count: usize) -> [usize; 3] {
    rows_of(count.div_ceil(THREADS))
}

/// So many groups, in rows that are not longer than an adapter allows; the last may have some that are not needed.
fn rows_of(groups: usize) -> [usize; 3] {
    let along = groups.min(GROUPS_ALONG);
    [along, groups.div_ceil(along), 1]
}

/// WGSL and what it is told; equal ones are compiled once.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Shader {
    body: &'static str,
    constants: Vec<(&'static str, usize)>,
    tile: Option<Tile>,
}

impl Shader {
    fn new(body: &'static str, constants: &[(&'static str, usize)]) -> Self {
        Shader {
            body,
            constants: constants.to_vec(),
            tile: None,
        }
    }

    /// From `inputs`, in the order of their bindings, to the output, which is bound last.
    fn run<const N: usize, const D: usize>(
        self,
        inputs: [CubeTensor; N],
        shape: [usize; D],
        groups: [usize; 3],
    ) -> CubeTensor {
        self.run_as_they_lie(inputs.map(into_contiguous), shape, groups)
    }

    fn run_as_they_lie<const N: usize, const D: usize>(
        self,
        inputs: [CubeTensor; N],
        shape: [usize; D],
        groups: [usize; 3],
    ) -> CubeTensor {
        let client = inputs[0].client.clone();
        let output = empty_like(&inputs[0], Shape::from(shape));
        let mut buffers: Vec<_> = inputs
            .into_iter()
            .map(|input| input.handle.binding())
            .collect();
        buffers.push(output.handle.clone().binding());
        self.launch(&client, buffers, groups);
        output
    }

    fn launch(self, client: &Client, buffers: Vec<BufferBinding>, [x, y, z]: [usize; 3]) {
        let kernel = SourceKernel::new(self, CubeDim::new_1d(THREADS as u32));
        client.launch(
            Box::new(kernel),
            CubeCount::Static(x as u32, y as u32, z as u32),
            KernelArguments::new().with_buffers(buffers),
        );
    }
}

/// Room on the same device, with nothing in it yet.
fn empty_like(tensor: &CubeTensor, shape: Shape) -> CubeTensor {
    let (client, device, dtype) = (tensor.client.clone(), tensor.device.clone(), tensor.dtype);
    let handle = client.empty(shape.num_elements() * dtype.size());
    CubeTensor::new_contiguous(client, device, shape, handle, dtype)
}

impl KernelSource for Shader {
    fn source(&self) -> SourceTemplate {
        let constants: String = self
            .constants
            .iter()
            .map(|(name, value)| format!("const {name} = {value}u;\n"))
            .collect();
        let tile = self.tile.map(Tile::source).unwrap_or_default();
        SourceTemplate::new(format!("{constants}\n{}\n{tile}", self.body))
    }

    fn id(&self) -> KernelId {
        KernelId::new::<Self>().info(self.clone())
    }

    fn lang(&self) -> &'static str {
        "wgsl"
    }
}
