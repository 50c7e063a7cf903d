import { defineQueryOptions } from '@pinia/colada';
import type { RunId, Scale, Scope, StudyId } from '#shared/domain.ts';
import { defaultBootstrap } from '#shared/evaluation.ts';
import { client } from '../../api/client.ts';
import { keys } from '../../api/queries.ts';

interface Choice {
  readonly runId: RunId;
  readonly scale: Scale;
  readonly scope: Scope;
}

export const frocQuery = defineQueryOptions((input: Choice) => ({
  key: [...keys.run(input.runId), 'froc', input.scale, input.scope],
  query: () => client.evaluations.froc(input),
}));

export const intervalsQuery = defineQueryOptions((input: Choice) => ({
  key: [...keys.run(input.runId), 'intervals', input.scale, input.scope],
  query: () => client.evaluations.bootstrap({ ...input, options: defaultBootstrap }),
}));

export const comparisonQuery = defineQueryOptions(
  ({ runId, other, scale, scope }: Choice & { other: RunId }) => ({
    key: [...keys.run(runId), 'comparison', other, scale, scope],
    query: () =>
      client.evaluations.compare({ runs: [runId, other], scale, scope, options: defaultBootstrap }),
  }),
);

export const thresholdsQuery = defineQueryOptions((studyId: StudyId) => ({
  key: [...keys.study(studyId), 'thresholds'],
  query: () => client.thresholds.list({ studyId }),
}));

export const runThresholdQuery = defineQueryOptions((runId: RunId) => ({
  key: [...keys.run(runId), 'threshold'],
  query: () => client.thresholds.ofRun({ runId }),
}));
