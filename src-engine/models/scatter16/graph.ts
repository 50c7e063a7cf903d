/**
 * scatter16 as an ONNX graph: a two-layer wavelet scattering transform (Bruna and Mallat 2013) on a dyadic pyramid.
 *
 * Input `image` float32 [N, 3, H, W], RGB in 0 .. 1, H and W multiples of 16, at least 32. Outputs, the same for every model:
 * - `patch_features` float32 [N, H / 16, W / 16, D]: log(x + offset) of the coefficients x, the offset by order, in the order:
 *   order 0; order 1 by scale j; order 2 by scale pair (j, j2), j < j2. D = 35 averaged over absolute orientation (order 2
 *   keeps the unsigned difference of the two orientations, 0 .. 4 steps of pi / 8), D = 417 with all orientations kept.
 * - `embedding` float32 [N, 5 D]: mean over the grid, then over its quadrants (top left, top right, bottom left, bottom
 *   right), of log(1 + x / 0.01): black counts as nothing.
 */

import { type Graph, GraphBuilder, type Value } from '../onnx/graph.ts';
import { float32, int64 } from '../onnx/tensors.ts';
import { embedding } from './embedding.ts';
import {
  binomial,
  BINOMIAL_SIZE,
  KEPT_PIXEL,
  LOG_OFFSETS,
  LUMINANCE,
  morlet,
  ORIENTATIONS,
  orientationDifference,
  SCALES,
  WAVELET_SIZE,
} from './filters.ts';

/** Pixels: the wavelets at scale 3 look 3 of its pixels beyond the border, and reflection needs more than that. */
export const MINIMUM_SIZE = 32;

export type OrientationMode = 'averaged' | 'kept';

const DIFFERENCES = ORIENTATIONS / 2 + 1;
const PAIRS = ORIENTATIONS ** 2;

/** Operator set the graph is written for. */
export const OPERATOR_SET = 17;

/** Channels of a patch. */
export function dimensionOf(orientations: OrientationMode): number {
  const [first, second] = orientations === 'averaged' ? [1, DIFFERENCES] : [ORIENTATIONS, PAIRS];
  return 1 + SCALES * first + ((SCALES * (SCALES - 1)) / 2) * second;
}

export function scatter16(orientations: OrientationMode): Graph {
  const graph = new GraphBuilder('scatter16');
  const image = graph.input('image', 'float32', ['N', 3, 'H', 'W']);
  const layers = scatteringLayers(graph, orientations);

  const pyramid = [luminance(graph, image)];
  for (let j = 1; j <= SCALES; j++) pyramid.push(layers.halve(pyramid[j - 1]!, 1, j - 1));

  const orderOne = pyramid.slice(0, SCALES).map((scale) => layers.modulus(scale));
  const orderTwo = orderOne.flatMap((first, j) => {
    const coefficients: Value[] = [];
    let input = first;
    for (let j2 = j + 1; j2 < SCALES; j2++) {
      input = layers.halve(input, ORIENTATIONS, j2 - 1);
      coefficients.push(layers.toGrid(layers.pairs(layers.modulusOfEach(input)), j2));
    }
    return coefficients;
  });
  const coefficients = graph.node(
    'Concat',
    [pyramid[SCALES]!, ...orderOne.map((first, j) => layers.toGrid(layers.singles(first), j)), ...orderTwo],
    { axis: 1 },
  );

  const patches = graph.node(
    'Transpose',
    [logarithm(graph, coefficients, logOffsets(orientations))],
    { perm: [0, 2, 3, 1] },
    {
      name: 'patch_features',
    },
  );
  const dimension = dimensionOf(orientations);
  graph.output(patches, 'float32', ['N', 'rows', 'columns', dimension]);
  graph.output(embedding(graph, coefficients, dimension), 'float32', ['N', 5 * dimension]);
  return graph.build();
}

/** log(x + offset), channel by channel. */
function logarithm(graph: GraphBuilder, coefficients: Value, offsets: readonly number[]): Value {
  const perChannel = graph.initialiser('log_offsets', float32([1, offsets.length, 1, 1], offsets));
  return graph.node('Log', [graph.node('Add', [coefficients, perChannel])]);
}

/** The offset of every channel, by its order. */
function logOffsets(orientations: OrientationMode): number[] {
  const [first, second] = orientations === 'averaged' ? [1, DIFFERENCES] : [ORIENTATIONS, PAIRS];
  const counts = [1, SCALES * first, ((SCALES * (SCALES - 1)) / 2) * second];
  return counts.flatMap((count, order) => Array.from({ length: count }, () => LOG_OFFSETS[order]!));
}

/** [N, 3, H, W] -> [N, 1, H, W]. */
function luminance(graph: GraphBuilder, image: Value): Value {
  const weights = graph.initialiser('luminance', float32([1, 3, 1, 1], LUMINANCE));
  const channelAxis = graph.initialiser('channel_axis', int64([1]));
  return graph.node('ReduceSum', [graph.node('Mul', [image, weights]), channelAxis], { keepdims: 1 });
}

/** The steps of the transform; filters are stored once and shared. */
function scatteringLayers(graph: GraphBuilder, orientations: OrientationMode) {
  const wavelets = Array.from({ length: ORIENTATIONS }, (_, k) => morlet(k));
  const waveletWeights = graph.initialiser(
    'wavelets',
    float32(
      [2 * ORIENTATIONS, 1, WAVELET_SIZE, WAVELET_SIZE],
      [...wavelets.flatMap(({ real }) => real), ...wavelets.flatMap(({ imaginary }) => imaginary)],
    ),
  );
  const waveletPads = graph.initialiser('wavelet_pads', reflection(WAVELET_SIZE));
  const halves = graph.initialiser('real_and_imaginary', int64([ORIENTATIONS, ORIENTATIONS]));
  const binomialPads = [0, 1].map((kept) =>
    graph.initialiser(`binomial_pads_${kept}`, int64([0, 0, 2 - kept, 2 - kept, 0, 0, 2 + kept, 2 + kept])),
  );
  const binomialWeights = new Map<number, Value>();
  const eachShape = graph.initialiser('each_orientation', int64([-1, 1, 0, 0]));
  const pairsShape = graph.initialiser('orientation_pairs', int64([-1, PAIRS, 0, 0]));

  /** Binomial blur, then every second pixel: [N, channels, h, w] -> [N, channels, h / 2, w / 2]. */
  const halve = (x: Value, channels: number, step: number): Value => {
    let weights = binomialWeights.get(channels);
    if (!weights) {
      const kernels = Array.from({ length: channels }, binomial).flat();
      const shape = [channels, 1, BINOMIAL_SIZE, BINOMIAL_SIZE];
      weights = graph.initialiser(`binomial_${channels}`, float32(shape, kernels));
      binomialWeights.set(channels, weights);
    }
    const padded = graph.node('Pad', [x, binomialPads[KEPT_PIXEL[step]!]!], { mode: 'reflect' });
    return graph.node('Conv', [padded, weights], { group: channels, strides: [2, 2] });
  };

  /** Moduli of the eight complex responses: [N, 1, h, w] -> [N, 8, h, w]. */
  const modulus = (x: Value): Value => {
    const padded = graph.node('Pad', [x, waveletPads], { mode: 'reflect' });
    const response = graph.node('Conv', [padded, waveletWeights]);
    const [real, imaginary] = graph.nodes('Split', [response, halves], 2, { axis: 1 });
    const square = (part: Value | undefined) => graph.node('Mul', [part, part]);
    return graph.node('Sqrt', [graph.node('Add', [square(real), square(imaginary)])]);
  };

  /** Moduli of every orientation filtered again: [N, 8, h, w] -> [N, 64, h, w], first orientation slowest. */
  const modulusOfEach = (x: Value): Value =>
    graph.node('Reshape', [modulus(graph.node('Reshape', [x, eachShape])), pairsShape]);

  const mixing = orientations === 'averaged' ? averages(graph) : undefined;
  const mix = (x: Value, weights: Value | undefined) => (weights ? graph.node('Conv', [x, weights]) : x);
  const channels = {
    single: mixing ? 1 : ORIENTATIONS,
    pair: mixing ? DIFFERENCES : PAIRS,
  };

  interface Coefficients {
    readonly value: Value;
    readonly channels: number;
  }
  return {
    halve,
    modulus,
    modulusOfEach,
    singles: (x: Value): Coefficients => ({ value: mix(x, mixing?.singles), channels: channels.single }),
    pairs: (x: Value): Coefficients => ({ value: mix(x, mixing?.pairs), channels: channels.pair }),
    /** Blurs and halves from scale `from` down to the 16-pixel grid. */
    toGrid({ value, channels }: Coefficients, from: number): Value {
      let x = value;
      for (let scale = from; scale < SCALES; scale++) x = halve(x, channels, scale);
      return x;
    },
  };
}

/** 1 x 1 convolutions that average moduli of equal orientation difference. Averaging first makes the blurs cheap. */
function averages(graph: GraphBuilder): { singles: Value; pairs: Value } {
  const differenceOf = Array.from({ length: PAIRS }, (_, pair) =>
    orientationDifference(Math.floor(pair / ORIENTATIONS), pair % ORIENTATIONS),
  );
  const pairWeights = Array.from({ length: DIFFERENCES }, (_, difference) => {
    const members = differenceOf.filter((other) => other === difference).length;
    return differenceOf.map((other) => (other === difference ? 1 / members : 0));
  }).flat();
  const singleWeights = Array.from({ length: ORIENTATIONS }, () => 1 / ORIENTATIONS);
  return {
    singles: graph.initialiser('average_singles', float32([1, ORIENTATIONS, 1, 1], singleWeights)),
    pairs: graph.initialiser('average_pairs', float32([DIFFERENCES, PAIRS, 1, 1], pairWeights)),
  };
}

/** Pads of a centred square filter on the last two axes. */
function reflection(size: number) {
  const pad = (size - 1) / 2;
  return int64([0, 0, pad, pad, 0, 0, pad, pad]);
}
