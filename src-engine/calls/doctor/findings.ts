import type { DoctorCalls } from '#shared/doctor-protocol.ts';
import {
  abnormalNormals,
  duplicateNormals,
  leaks,
  proposal,
  sharedPatients,
  uncoveredQueries,
} from '../../methods/normal-set/index.ts';
import type { EngineState } from '../../state.ts';
import { poolEmbeddings, poolNamed } from '../embeddings.ts';

export async function doctorFindings(
  state: EngineState,
  request: DoctorCalls['doctor-findings']['request'],
): Promise<DoctorCalls['doctor-findings']['reply']> {
  const { images } = poolNamed(state, request.poolKey);
  const { index, data } = await poolEmbeddings(state, request.poolKey, request.settings);
  const examined = {
    ...request,
    images: images.map(({ id }) => id),
    contents: images.map(({ pixels }) => pixels.sha256),
    embeddings: { data, count: index.count, dimension: index.dimension },
  };
  const abnormal = abnormalNormals(examined);
  const uncovered = uncoveredQueries(examined);
  return {
    duplicates: duplicateNormals(examined),
    leaks: leaks(examined),
    sharedPatients: sharedPatients(examined),
    abnormal,
    uncovered,
    proposal: proposal(examined, abnormal, uncovered),
  };
}
