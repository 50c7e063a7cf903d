import { availableParallelism } from 'node:os';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { encodeModel } from '#engine/models/onnx/encode.ts';
import { GraphBuilder } from '#engine/models/onnx/graph.ts';

const side = 2048;
/** Milliseconds. A core that was idle takes a second or two until it is at its full speed. */
const timedFor = 4000;

/** GFLOP/s of the fastest 2048-cube matrix product through ONNX Runtime: what the machine can do, in the same run. */
export async function gemmRate(threads: number): Promise<number> {
  const graph = new GraphBuilder('gemm');
  const a = graph.input('a', 'float32', [side, side]);
  const b = graph.input('b', 'float32', [side, side]);
  graph.output(graph.node('MatMul', [a, b], {}, { name: 'product' }), 'float32', [side, side]);
  const session = await InferenceSession.create(encodeModel(graph.build(), { operatorSets: { '': 17 } }), {
    intraOpNumThreads: threads,
    executionProviders: ['cpu'],
  });
  const matrix = () =>
    new Tensor(
      'float32',
      Float32Array.from({ length: side * side }, (_, i) => (i % 97) / 97),
      [side, side],
    );
  const feeds = { a: matrix(), b: matrix() };
  const seconds: number[] = [];
  const until = performance.now() + timedFor;
  while (performance.now() < until) {
    const began = performance.now();
    await session.run(feeds);
    seconds.push((performance.now() - began) / 1000);
  }
  await session.release();
  return (2 * side ** 3) / Math.min(...seconds) / 1e9;
}

export const allThreads = availableParallelism();
