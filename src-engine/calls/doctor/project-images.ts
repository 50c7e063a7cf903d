import { UMAP } from 'umap-js';
import type { DoctorCalls } from '#shared/doctor-protocol.ts';
import { createRandom } from '#shared/random.ts';
import type { EmbeddingIndex } from '../../methods/linear-algebra/embedding-index.ts';
import { principalPlane } from '../../methods/linear-algebra/principal-plane.ts';
import type { EngineState } from '../../state.ts';
import { poolEmbeddings, type PoolEmbeddings } from '../embeddings.ts';

const neighbours = 15;
/** Fewer images have no shape to show; more take minutes. */
const fewestForUmap = neighbours + 1;
const mostForUmap = 20_000;

export async function projectImages(
  state: EngineState,
  { poolKey, settings, seed }: DoctorCalls['project-images']['request'],
): Promise<DoctorCalls['project-images']['reply']> {
  const embeddings = await poolEmbeddings(state, poolKey, settings);
  const { count, dimension } = embeddings.index;
  return {
    pca: principalPlane(embeddings.data, count, dimension),
    umap: count < fewestForUmap || count > mostForUmap ? null : await umapPlane(embeddings, seed),
  };
}

const embeddingOf = (data: Float32Array, { dimension }: EmbeddingIndex, row: number) =>
  data.subarray(row * dimension, (row + 1) * dimension);

/** UMAP (McInnes et al., 2018) on cosine distances, from exact neighbours; the same seed gives the same plane. */
async function umapPlane({ index, data }: PoolEmbeddings, seed: number): Promise<Float32Array> {
  const indices: number[][] = [];
  const distances: number[][] = [];
  for (let row = 0; row < index.count; row++) {
    const others = index.nearest(embeddingOf(data, index, row), neighbours - 1, (other) => other !== row);
    // The library counts an image among its own neighbours, as UMAP's authors do.
    indices.push([row, ...others.map((other) => other.index)]);
    distances.push([0, ...others.map(({ similarity }) => Math.max(0, 1 - similarity))]);
    if (row % 64 === 63) await new Promise(setImmediate);
  }
  const random = createRandom(seed);
  const umap = new UMAP({
    nComponents: 2,
    nNeighbors: neighbours,
    minDist: 0.1,
    random: () => random.next(),
  });
  umap.setPrecomputedKNN(indices, distances);
  // With neighbours known, the library only counts the rows.
  const epochs = umap.initializeFit(indices.map(() => []));
  for (let epoch = 0; epoch < epochs; epoch++) {
    umap.step();
    await new Promise(setImmediate);
  }
  return Float32Array.from(umap.getEmbedding().flat());
}
