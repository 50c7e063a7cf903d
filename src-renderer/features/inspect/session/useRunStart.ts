import { useMutation, useQuery, useQueryCache } from '@pinia/colada';
import { computed } from 'vue';
import type { StudyId } from '#shared/domain.ts';
import { usesReferences } from '#shared/methods/index.ts';
import type { RunSettings } from '#shared/settings.ts';
import { client } from '../../../api/client.ts';
import { jobsQuery, keys } from '../../../api/queries.ts';
import { activeRun, latestScored, sameSettings } from '../model/runs.ts';
import type { StudyData } from './useStudyData.ts';

/** Starting a run over all query images with given settings, and the one that is under way. */
export function useRunStart(
  studyId: StudyId,
  { images, runs }: Pick<StudyData, 'images' | 'runs'>,
  settings: () => RunSettings,
) {
  const cache = useQueryCache();
  const jobs = useQuery(jobsQuery);
  const starting = useMutation({
    mutation: () => client.runs.start({ studyId, settings: settings() }),
    onSuccess: () => cache.invalidateQueries({ key: [...keys.runs(studyId)] }),
  });

  const count = (role: 'query' | 'normal') =>
    (images.data.value ?? []).filter((image) => image.role === role).length;
  const queries = computed(() => count('query'));
  const normals = computed(() => count('normal'));
  const lacksNormals = computed(() => normals.value === 0 && usesReferences(settings()));
  const active = computed(() => activeRun(runs.data.value ?? []));

  return {
    /** Images a run would score. */
    queries,
    normals,
    /** Whether the settings want normal images, and there are none. */
    lacksNormals,
    /** How far the run under way is; null when there is none. */
    progress: computed(() => {
      const run = active.value;
      if (run === null) return null;
      const job = jobs.data.value?.find((one) => one.runId === run.id);
      return job ? { done: job.done + job.failed, total: job.total } : { done: run.done, total: run.total };
    }),
    /** The newest run has just these settings: another would tell nothing new. */
    alreadyRun: computed(() => {
      const latest = latestScored(runs.data.value ?? []);
      return latest !== null && sameSettings(latest.settings, settings());
    }),
    enabled: computed(() => queries.value > 0 && !lacksNormals.value && active.value === null),
    starting: starting.isLoading,
    start: async (): Promise<void> => {
      await starting.mutateAsync();
    },
  };
}
