/**
 * The forward pass of DINOv3 and DINOv2 Vision Transformers in float64, written down as the papers and reference code define it,
 * one image, one token at a time. Slow and independent of the graphs it checks.
 */
import { floats, type Tensors } from './safetensors.ts';
import type { TinyModel } from './tiny-models.ts';

export type Row = readonly number[];

/** Tokens of one image: CLS, registers, patches row by row. */
export interface ReferenceOutput {
  readonly rows: number;
  readonly columns: number;
  /** Of every block, un-normed. */
  readonly blocks: readonly (readonly Row[])[];
  /** The last block through the final norm. */
  readonly final: readonly Row[];
}

const indices = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const sum = (values: Iterable<number>): number => Iterator.from(values).reduce((a, b) => a + b, 0);
const dot = (a: Row, b: Row): number => sum(a.map((value, i) => value * b[i]!));
const add = (a: Row, b: Row): Row => a.map((value, i) => value + b[i]!);
const multiply = (a: Row, b: Row): Row => a.map((value, i) => value * b[i]!);

/** Error function, Maclaurin series and continued fraction: full precision. */
function erf(x: number): number {
  const z = Math.abs(x);
  if (z < 3) {
    let term = z;
    let total = z;
    for (let n = 1; n < 100; n++) {
      term *= -(z * z) / n;
      total += term / (2 * n + 1);
    }
    return Math.sign(x) * (2 / Math.sqrt(Math.PI)) * total;
  }
  let fraction = 0;
  for (let n = 60; n > 0; n--) fraction = n / 2 / (z + fraction);
  return Math.sign(x) * (1 - Math.exp(-z * z) / (Math.sqrt(Math.PI) * (z + fraction)));
}

const activations: Readonly<Record<string, (x: number) => number>> = {
  gelu: (x) => 0.5 * x * (1 + erf(x / Math.SQRT2)),
  gelu_new: (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  silu: (x) => x / (1 + Math.exp(-x)),
  quick_gelu: (x) => x / (1 + Math.exp(-1.702 * x)),
  relu: (x) => Math.max(x, 0),
};

function norm(x: Row, weight: Row, bias: Row, epsilon: number): Row {
  const mean = sum(x) / x.length;
  const variance = sum(x.map((value) => (value - mean) ** 2)) / x.length;
  return x.map((value, i) => ((value - mean) / Math.sqrt(variance + epsilon)) * weight[i]! + bias[i]!);
}

/** Names of one family's tensors within a layer. */
interface Names {
  readonly layer: string;
  readonly projections: readonly [string, string, string, string];
  readonly finalNorm: string;
  readonly patch: string;
}

const names = {
  dinov3: {
    layer: 'layer.',
    projections: ['attention.q_proj', 'attention.k_proj', 'attention.v_proj', 'attention.o_proj'],
    finalNorm: 'norm',
    patch: 'embeddings.patch_embeddings',
  },
  dinov2: {
    layer: 'encoder.layer.',
    projections: [
      'attention.attention.query',
      'attention.attention.key',
      'attention.attention.value',
      'attention.output.dense',
    ],
    finalNorm: 'layernorm',
    patch: 'embeddings.patch_embeddings.projection',
  },
} as const satisfies Record<string, Names>;

function reader(tensors: Tensors) {
  const vector = (name: string): Row => [...floats(tensors[name]!)];
  const known = new Map<string, Row[]>();
  const rowsOf = (name: string, width: number): Row[] => {
    const present = known.get(name);
    if (present) return present;
    const all = floats(tensors[name]!);
    const rows = indices(all.length / width).map((row) => [...all.subarray(row * width, (row + 1) * width)]);
    known.set(name, rows);
    return rows;
  };
  return {
    vector,
    rowsOf,
    linear(x: Row, name: string): Row {
      const products = rowsOf(`${name}.weight`, x.length).map((row) => dot(row, x));
      return tensors[`${name}.bias`] ? add(products, vector(`${name}.bias`)) : products;
    },
    norm: (x: Row, name: string, epsilon: number): Row =>
      norm(x, vector(`${name}.weight`), vector(`${name}.bias`), epsilon),
  };
}

type Read = ReturnType<typeof reader>;

/** Patches of an image [3][height][width] (flat), surplus pixels left out. */
function embedPatches(
  { rowsOf, vector }: Read,
  name: string,
  patch: number,
  pixels: Float32Array,
  height: number,
  width: number,
): Row[] {
  const kernels = rowsOf(`${name}.weight`, 3 * patch * patch);
  const bias = vector(`${name}.bias`);
  const [rows, columns] = [Math.floor(height / patch), Math.floor(width / patch)];
  return indices(rows * columns).map((position) => {
    const [top, left] = [Math.floor(position / columns) * patch, (position % columns) * patch];
    const window = indices(3 * patch * patch).map((i) => {
      const [channel, y, x] = [Math.floor(i / patch ** 2), Math.floor(i / patch) % patch, i % patch];
      return pixels[(channel * height + top + y) * width + left + x]!;
    });
    return add(
      kernels.map((kernel) => dot(kernel, window)),
      bias,
    );
  });
}

/** Rotates the channels of one head: channel i pairs with i + d / 2. */
function rotate(head: Row, y: number, x: number, theta: number): Row {
  const d = head.length;
  const angles = indices(d / 4).map((j) => 2 * Math.PI * theta ** ((-4 * j) / d));
  const all = [...angles.map((angle) => angle * y), ...angles.map((angle) => angle * x)];
  return head.map((value, i) => {
    const angle = all[i % (d / 2)]!;
    const other = i < d / 2 ? -head[i + d / 2]! : head[i - d / 2]!;
    return value * Math.cos(angle) + other * Math.sin(angle);
  });
}

function attention(queries: Row[], keys: Row[], values: Row[], heads: number): Row[] {
  const width = queries[0]!.length / heads;
  const part = (row: Row, head: number): Row => row.slice(head * width, (head + 1) * width);
  return queries.map((query) =>
    indices(heads).flatMap((head) => {
      const scores = keys.map((key) => dot(part(query, head), part(key, head)) / Math.sqrt(width));
      const largest = Math.max(...scores);
      const weights = scores.map((score) => Math.exp(score - largest));
      const total = sum(weights);
      return indices(width).map((i) =>
        sum(values.map((value, token) => (weights[token]! / total) * part(value, head)[i]!)),
      );
    }),
  );
}

/** Keys' cubic kernel. */
function cubic(x: number, a: number): number {
  const z = Math.abs(x);
  if (z <= 1) return (a + 2) * z ** 3 - (a + 3) * z ** 2 + 1;
  return z < 2 ? a * z ** 3 - 5 * a * z ** 2 + 8 * a * z - 4 * a : 0;
}

/** Weights [n][M] of bicubic resampling as the official DINOv2 code asks PyTorch for it; `native` keeps the grid. */
export function resamplingMatrix(n: number, size: number, antialias: boolean, native: boolean): number[][] {
  return indices(n).map((i) => {
    const row = indices(size).map(() => 0);
    if (native) {
      row[i] = 1;
    } else if (antialias) {
      const ratio = size / n;
      const width = Math.max(ratio, 1);
      const centre = ratio * (i + 0.5);
      const first = Math.max(0, Math.trunc(centre - 2 * width + 0.5));
      const last = Math.min(size, Math.trunc(centre + 2 * width + 0.5)) - 1;
      for (let j = first; j <= last; j++) row[j] = cubic((j - centre + 0.5) / width, -0.5);
      const total = sum(row);
      return row.map((weight) => weight / total);
    } else {
      const position = ((i + 0.5) * size) / (n + 0.1) - 0.5;
      const floor = Math.floor(position);
      for (let tap = floor - 1; tap <= floor + 2; tap++) {
        const inside = Math.min(Math.max(tap, 0), size - 1);
        row[inside] = row[inside]! + cubic(position - tap, -0.75);
      }
    }
    return row;
  });
}

/** Positions [M * M] -> [rows * columns]. */
export function resamplePositions(
  stored: readonly Row[],
  rows: number,
  columns: number,
  antialias: boolean,
): Row[] {
  const size = Math.sqrt(stored.length);
  const native = rows === size && columns === size;
  const alongRows = resamplingMatrix(rows, size, antialias, native);
  const alongColumns = resamplingMatrix(columns, size, antialias, native);
  return indices(rows * columns).map((position) => {
    const [row, column] = [Math.floor(position / columns), position % columns];
    return stored[0]!.map((_, channel) =>
      sum(
        stored.map(
          (p, j) => alongRows[row]![Math.floor(j / size)]! * alongColumns[column]![j % size]! * p[channel]!,
        ),
      ),
    );
  });
}

/** Runs a model on an image [3, height, width]. */
export function runReference(
  { config, tensors }: TinyModel,
  pixels: Float32Array,
  height: number,
  width: number,
): ReferenceOutput {
  const number = (field: string): number => Number(config[field]);
  const isDinov3 = config['model_type'] === 'dinov3_vit';
  const { layer, projections, finalNorm, patch } = names[isDinov3 ? 'dinov3' : 'dinov2'];
  const read = reader(tensors);
  const { vector, rowsOf, linear } = read;
  const [hidden, heads] = [number('hidden_size'), number('num_attention_heads')];
  const epsilon = number('layer_norm_eps');
  const patchSize = number('patch_size');
  const [rows, columns] = [Math.floor(height / patchSize), Math.floor(width / patchSize)];

  let patches = embedPatches(read, patch, patchSize, pixels, height, width);
  let cls = vector('embeddings.cls_token');
  if (!isDinov3) {
    const [clsPosition, ...stored] = rowsOf('embeddings.position_embeddings', hidden);
    const antialias = config['model_type'] === 'dinov2_with_registers';
    const positions = resamplePositions(stored, rows, columns, antialias);
    patches = patches.map((token, i) => add(token, positions[i]!));
    cls = add(cls, clsPosition!);
  }
  const registers = tensors['embeddings.register_tokens'] ? rowsOf('embeddings.register_tokens', hidden) : [];
  const prefix = 1 + registers.length;
  let x: Row[] = [cls, ...registers, ...patches];

  const rotated = (row: Row, token: number): Row => {
    if (!isDinov3 || token < prefix) return row;
    const [r, c] = [Math.floor((token - prefix) / columns), (token - prefix) % columns];
    const [y, z] = [(2 * (r + 0.5)) / rows - 1, (2 * (c + 0.5)) / columns - 1];
    const d = hidden / heads;
    return indices(heads).flatMap((head) =>
      rotate(row.slice(head * d, (head + 1) * d), y, z, number('rope_theta')),
    );
  };
  const mlp = (token: Row, name: string): Row => {
    const act = (values: Row, fallback: string): Row =>
      values.map(activations[String(config['hidden_act'] ?? fallback)]!);
    if (isDinov3) {
      const up = linear(token, `${name}.up_proj`);
      const gated = config['use_gated_mlp'] === true;
      const inner = gated ? multiply(act(linear(token, `${name}.gate_proj`), 'silu'), up) : act(up, 'gelu');
      return linear(inner, `${name}.down_proj`);
    }
    if (config['use_swiglu_ffn'] !== true)
      return linear(act(linear(token, `${name}.fc1`), 'gelu'), `${name}.fc2`);
    const both = linear(token, `${name}.weights_in`);
    const half = both.length / 2;
    return linear(multiply(act(both.slice(0, half), 'silu'), both.slice(half)), `${name}.weights_out`);
  };

  const blocks: Row[][] = [];
  for (let n = 0; n < number('num_hidden_layers'); n++) {
    const name = `${layer}${n}`;
    const attended = x.map((token) => read.norm(token, `${name}.norm1`, epsilon));
    const [query, key, value, output] = projections.map((projection) => `${name}.${projection}`);
    const context = attention(
      attended.map((token, i) => rotated(linear(token, query!), i)),
      attended.map((token, i) => rotated(linear(token, key!), i)),
      attended.map((token) => linear(token, value!)),
      heads,
    );
    const scale1 = vector(`${name}.layer_scale1.lambda1`);
    const scale2 = vector(`${name}.layer_scale2.lambda1`);
    x = x.map((token, i) => add(token, multiply(scale1, linear(context[i]!, output!))));
    x = x.map((token) =>
      add(token, multiply(scale2, mlp(read.norm(token, `${name}.norm2`, epsilon), `${name}.mlp`))),
    );
    blocks.push(x);
  }
  return { rows, columns, blocks, final: x.map((token) => read.norm(token, finalNorm, epsilon)) };
}
