import { defineQueryOptions } from '@pinia/colada';
import type { RunId, Scale, Scope } from '#shared/domain.ts';
import { client } from '../../api/client.ts';
import { keys } from '../../api/queries.ts';

export const evaluationQuery = defineQueryOptions((input: { runId: RunId; scale: Scale; scope: Scope }) => ({
  key: [...keys.run(input.runId), 'evaluation', input.scale, input.scope],
  query: () => client.evaluations.get(input),
}));
