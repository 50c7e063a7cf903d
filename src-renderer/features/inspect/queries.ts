import { defineQueryOptions } from '@pinia/colada';
import type { RunId, Scale, Scope, StudyId } from '#shared/domain.ts';
import type { RunSettings } from '#shared/settings.ts';
import { client } from '../../api/client.ts';
import { keys } from '../../api/queries.ts';
import { shownRow } from '../../privacy/hidden-names.ts';

export const evaluationQuery = defineQueryOptions((input: { runId: RunId; scale: Scale; scope: Scope }) => ({
  key: [...keys.run(input.runId), 'evaluation', input.scale, input.scope],
  query: async () => {
    const evaluation = await client.evaluations.get(input);
    return { ...evaluation, perImage: evaluation.perImage.map(shownRow) };
  },
}));

/** `pool`: which images are normal; another pool has other quantiles. */
export const calibrationQuery = defineQueryOptions(
  ({ studyId, settings, pool }: { studyId: StudyId; settings: RunSettings; pool: string }) => ({
    key: [...keys.study(studyId), 'calibration', JSON.stringify(settings), pool],
    query: () => client.explain.calibration({ studyId, settings }),
    staleTime: Infinity,
  }),
);
