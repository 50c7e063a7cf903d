import type { DoctorCalls } from '#shared/doctor-protocol.ts';
import type { EngineState } from '../../state.ts';
import { poolEmbeddings } from '../embeddings.ts';

export async function nearestImages(
  state: EngineState,
  { poolKey, settings, asked, findable, groups, k }: DoctorCalls['nearest-images']['request'],
): Promise<DoctorCalls['nearest-images']['reply']> {
  const { index, data } = await poolEmbeddings(state, poolKey, settings);
  const indices = new Int32Array(asked.length * k).fill(-1);
  const similarities = new Float64Array(asked.length * k).fill(Number.NaN);
  for (const [position, image] of asked.entries()) {
    const embedding = data.subarray(image * index.dimension, (image + 1) * index.dimension);
    const group = groups[image];
    const found = index.nearest(embedding, k, (other) => findable[other] === 1 && groups[other] !== group);
    for (const [rank, row] of found.entries()) {
      indices[position * k + rank] = row.index;
      similarities[position * k + rank] = row.similarity;
    }
    // A person waits for other answers meanwhile.
    if (position % 64 === 63) await new Promise(setImmediate);
  }
  return { indices, similarities };
}
