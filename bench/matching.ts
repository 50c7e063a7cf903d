/** Exact top 10 among many embeddings, by each way of doing it, checked against each other. */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { EmbeddingIndex } from '#engine/methods/linear-algebra/embedding-index.ts';
import { rankEmbeddings } from '#engine/methods/dino-ad/index.ts';
import { RowMatrix } from '#engine/methods/linear-algebra/row-matrix.ts';
import { encodeModel } from '#engine/models/onnx/encode.ts';
import { GraphBuilder } from '#engine/models/onnx/graph.ts';
import { createRandom } from '#shared/random.ts';
import { allThreads } from './gemm.ts';
import { median, printTable, type Row } from './table.ts';

const dimension = 384;
const queries = 12;
const wanted = 10;

/** Clusters around a common direction, as the embeddings of one kind of picture are: cosines of 0.7 to 0.99. */
export function embeddings(count: number, seed: number): Float32Array {
  const random = createRandom(seed);
  const centres = Float32Array.from({ length: 64 * dimension }, () => 1 + random.next() - random.next());
  const rows = new Float32Array(count * dimension);
  for (let row = 0; row < count; row++) {
    const centre = random.integer(64) * dimension;
    for (let d = 0; d < dimension; d++)
      rows[row * dimension + d] = centres[centre + d]! + 0.3 * (random.next() - random.next());
  }
  return rows;
}

const query = (rows: Float32Array, count: number, number: number): Float32Array => {
  const random = createRandom(1000 + number);
  const row = random.integer(count) * dimension;
  return rows.slice(row, row + dimension).map((value) => value + 0.2 * (random.next() - random.next()));
};

async function timed(work: (number: number) => unknown): Promise<number> {
  await work(0);
  const times: number[] = [];
  for (let number = 0; number < queries; number++) {
    const began = performance.now();
    await work(number);
    times.push(performance.now() - began);
  }
  return median(times);
}

/** The same ten by every way, or the figures mean nothing. */
function assertSame(rows: Float32Array, count: number, index: EmbeddingIndex): void {
  for (let number = 0; number < 3; number++) {
    const asked = query(rows, count, number);
    const expected = [...rankEmbeddings(rows, count, asked).order.subarray(0, wanted)].join();
    const found = index
      .nearest(asked, wanted)
      .map((row) => row.index)
      .join();
    if (found !== expected) throw new Error(`The index found ${found}, not ${expected}.`);
  }
}

async function matrixProduct(
  rows: Float32Array,
  count: number,
): Promise<(asked: Float32Array) => Promise<unknown>> {
  const graph = new GraphBuilder('match');
  const a = graph.input('rows', 'float32', [count, dimension]);
  const b = graph.input('query', 'float32', [dimension, 1]);
  graph.output(graph.node('MatMul', [a, b], {}, { name: 'product' }), 'float32', [count, 1]);
  const session = await InferenceSession.create(encodeModel(graph.build(), { operatorSets: { '': 17 } }), {
    intraOpNumThreads: allThreads,
    executionProviders: ['cpu'],
  });
  const left = new Tensor('float32', rows, [count, dimension]);
  return (asked) => session.run({ rows: left, query: new Tensor('float32', asked, [dimension, 1]) });
}

async function benchCount(count: number): Promise<Row[]> {
  const rows = embeddings(count, count);
  const asked = Array.from({ length: queries }, (_, number) => query(rows, count, number));
  const began = performance.now();
  const index = new EmbeddingIndex(rows, count, dimension);
  const built = performance.now() - began;
  assertSame(rows, count, index);
  const product = await matrixProduct(rows, count);
  const ours = await timed((number) => index.nearest(asked[number]!, wanted));
  const every = await timed((number) => rankEmbeddings(rows, count, asked[number]!));
  const onnx = await timed((number) => product(asked[number]!));
  const result: Row[] = [
    { what: 'embedding index, 8 bits then exact', value: ours, unit: 'ms', note: 'one thread; in use' },
    {
      what: `matrix product, ONNX Runtime, ${allThreads} threads`,
      value: onnx,
      unit: 'ms',
      note: `${(onnx / ours).toFixed(1)} x; products only, copies the rows each time`,
    },
    {
      what: 'every similarity in float64, sorted',
      value: every,
      unit: 'ms',
      note: `${(every / ours).toFixed(1)} x; what was in use`,
    },
    { what: 'building the index', value: built, unit: 'ms', note: 'once a pool' },
  ];
  if (count > 200_000) return result;
  const matrix = new RowMatrix(rows, count, dimension);
  const simd = await timed((number) => matrix.multiply(asked[number]!, 1));
  const note = `${(simd / ours).toFixed(1)} x; products only`;
  return [...result, { what: 'matrix product, float32 SIMD kernel', value: simd, unit: 'ms', note }];
}

export async function benchMatching(): Promise<void> {
  for (const count of [10_000, 100_000, 1_000_000]) {
    const title = `Exact top ${wanted} of ${count.toLocaleString('en')} embeddings of ${dimension} values`;
    printTable(title, await benchCount(count));
  }
}
