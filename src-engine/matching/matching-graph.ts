import { encodeModel } from '../models/onnx/encode.ts';
import { GraphBuilder, real } from '../models/onnx/graph.ts';

/**
 * One block of the search as an ONNX model: queries [Q, D] . block [B, D]^T + offsets [B], and of every query the `kept`
 * largest with their places in the block. With offsets -|b|^2 / 2 the largest are the nearest by L2 distance; with 0 by
 * cosine distance of unit vectors.
 */
export function matchingModel(): Uint8Array {
  const graph = new GraphBuilder('match');
  const queries = graph.input('queries', 'float32', ['queries', 'dimension']);
  const block = graph.input('block', 'float32', ['rows', 'dimension']);
  const offsets = graph.input('offsets', 'float32', [1, 'rows']);
  const kept = graph.input('kept', 'int64', [1]);
  const products = graph.node('Gemm', [queries, block, offsets], {
    transB: 1,
    alpha: real(1),
    beta: real(1),
  });
  const [values, places] = graph.nodes(
    'TopK',
    [products, kept],
    2,
    { axis: 1, largest: 1, sorted: 0 },
    { name: 'values' },
  );
  graph.output(values!, 'float32', ['queries', 'kept']);
  graph.output(graph.node('Cast', [places!], { to: 6 }, { name: 'places' }), 'int32', ['queries', 'kept']);
  return encodeModel(graph.build(), { operatorSets: { '': 17 } });
}
