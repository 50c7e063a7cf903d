import { useQuery } from '@pinia/colada';
import { computed } from 'vue';
import { RunId, type Model, type Scale, type Study, type StudyId } from '#shared/domain.ts';
import type { Evaluation, Run, RunResult } from '#shared/results.ts';
import { imagesQuery, modelsQuery, resultsQuery, studyQuery } from '../../api/queries.ts';
import { evaluationQuery } from '../inspect/index.ts';

/** How many images a report shows with pictures. */
export const picturedImages = 40;

export interface ReportImage {
  readonly row: Evaluation['perImage'][number];
  readonly aspect: number;
  readonly groundTruth: 'drawn' | 'empty' | 'unknown';
  readonly support: {
    readonly id: RunResult['imageId'];
    readonly name: string;
    readonly similarity: number;
  } | null;
}

/** What the pages of a report say. */
export interface ReportData {
  readonly study: Study;
  readonly run: Run;
  readonly scale: Scale;
  readonly model: Model | undefined;
  readonly evaluation: Evaluation;
  /** Those with pictures, highest image score first. */
  readonly images: readonly ReportImage[];
}

/** Everything the preview needs, once all of it is there. */
export function useReportData(studyId: StudyId, run: () => Run | null, scale: () => Scale) {
  const study = useQuery(studyQuery(studyId));
  const images = useQuery(imagesQuery(studyId));
  const models = useQuery(modelsQuery);
  const runId = () => run()?.id ?? RunId.parse(1);
  const results = useQuery(() => ({ ...resultsQuery(runId()), enabled: run() !== null }));
  const evaluation = useQuery(() => ({
    ...evaluationQuery({ runId: runId(), scale: scale(), scope: 'abnormal' }),
    enabled: run() !== null,
  }));

  const queries = [study, images, results, evaluation];
  const data = computed<ReportData | null>(() => {
    const shown = run();
    const figures = evaluation.data.value;
    if (!shown || !study.data.value || !images.data.value || !results.data.value || !figures) return null;
    const byId = new Map(images.data.value.map((image) => [image.id, image]));
    const outcomes = new Map(results.data.value.map((result) => [result.imageId, result.outcome]));
    return {
      study: study.data.value,
      run: shown,
      scale: scale(),
      model: models.data.value?.find(({ name }) => name === shown.settings.model),
      evaluation: figures,
      images: figures.perImage
        .toSorted((a, b) => b.imageScore - a.imageScore)
        .slice(0, picturedImages)
        .map((row) => {
          const image = byId.get(row.imageId);
          const outcome = outcomes.get(row.imageId);
          const match = outcome?.state === 'scored' ? outcome.support[0] : undefined;
          return {
            row,
            aspect: image ? image.pixels.width / image.pixels.height : 1,
            groundTruth: image?.groundTruth ?? 'unknown',
            support: match
              ? { id: match.imageId, name: byId.get(match.imageId)?.name ?? '', similarity: match.similarity }
              : null,
          };
        }),
    };
  });

  return {
    data,
    error: computed(() => queries.map((query) => query.error.value).find((error) => error !== null) ?? null),
    retry: () => queries.forEach((query) => void query.refresh()),
  };
}
