import { defineQueryOptions } from '@pinia/colada';
import type { RunId, Scale, Scope, StudyId } from '#shared/domain.ts';
import { defaultBootstrap } from '#shared/evaluation.ts';
import type { SweepId } from '#shared/sweep.ts';
import { client } from '../../api/client.ts';
import { keys } from '../../api/queries.ts';
import { shownRow, shownSweep } from '../../privacy/hidden-names.ts';

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
    query: async () => {
      const options = defaultBootstrap;
      const comparison = await client.evaluations.compare({ runs: [runId, other], scale, scope, options });
      return { ...comparison, perImage: comparison.perImage.map(shownRow) };
    },
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

export const sweepsQuery = defineQueryOptions((studyId: StudyId) => ({
  key: [...keys.study(studyId), 'sweeps'],
  query: () => client.sweeps.list({ studyId }),
}));

/** Hangs below the runs of the study it is looked at from, which tell of their progress. */
export const sweepQuery = defineQueryOptions(({ studyId, id }: { studyId: StudyId; id: SweepId }) => ({
  key: [...keys.runs(studyId), 'sweep', id],
  query: async () => shownSweep(await client.sweeps.get({ id })),
}));

/** The line of a sweep that a run is; null for a run of its own. */
export const membershipQuery = defineQueryOptions((runId: RunId) => ({
  key: [...keys.run(runId), 'sweep'],
  query: () => client.sweeps.ofRun({ runId }),
}));
