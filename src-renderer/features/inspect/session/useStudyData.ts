import { useQuery } from '@pinia/colada';
import { computed } from 'vue';
import { RunId, type ImageId, type StudyId } from '#shared/domain.ts';
import { imagesQuery, resultsQuery, runsQuery } from '../../../api/queries.ts';
import { evaluationQuery } from '../queries.ts';
import { latestScored } from '../model/runs.ts';

/** Stands in a key whose query is not enabled. */
const noRun = RunId.parse(1);

/** The images of a study and what its latest run says of them. */
export function useStudyData(studyId: StudyId) {
  const images = useQuery(imagesQuery(studyId));
  const runs = useQuery(runsQuery(studyId));
  const latestRun = computed(() => latestScored(runs.data.value ?? []));

  const results = useQuery(() => ({
    ...resultsQuery(latestRun.value?.id ?? noRun),
    enabled: latestRun.value !== null,
  }));
  const evaluation = (scale: 'raw' | 'minmax') =>
    useQuery(() => ({
      ...evaluationQuery({ runId: latestRun.value?.id ?? noRun, scale, scope: 'abnormal' }),
      enabled: latestRun.value !== null,
    }));
  const rawEvaluation = evaluation('raw');
  const minmaxEvaluation = evaluation('minmax');

  const byId = computed(() => new Map(images.data.value?.map((image) => [image.id, image])));
  return {
    images,
    runs,
    latestRun,
    results: computed(() => (latestRun.value ? (results.data.value ?? []) : [])),
    /** Pooled figures of the latest run by scale; undefined without a run. */
    evaluations: {
      raw: computed(() => (latestRun.value ? rawEvaluation.data.value : undefined)),
      minmax: computed(() => (latestRun.value ? minmaxEvaluation.data.value : undefined)),
    },
    imageOf: (id: ImageId) => byId.value.get(id),
    /** Images, runs and the results of the latest are known (or cannot be had), so settings and queue are too. */
    ready: computed(
      () =>
        images.data.value !== undefined &&
        runs.data.value !== undefined &&
        (latestRun.value === null || results.status.value !== 'pending'),
    ),
  };
}

export type StudyData = ReturnType<typeof useStudyData>;
