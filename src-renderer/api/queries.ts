/**
 * Server state by key. Everything of a study hangs below `['studies', id]`, so one invalidation reaches all of it;
 * what a run left behind hangs below `['runs', id]`.
 */
import { defineQueryOptions, useQueryCache } from '@pinia/colada';
import type { JobId, RunId, StudyId } from '#shared/domain.ts';
import {
  namesHidden,
  shownFiles,
  shownImage,
  shownJob,
  shownResult,
  shownStudy,
} from '../privacy/hidden-names.ts';
import { client } from './client.ts';
import { allPages } from './pages.ts';

export const keys = {
  studies: ['studies'] as const,
  study: (id: StudyId) => ['studies', id] as const,
  images: (id: StudyId) => ['studies', id, 'images'] as const,
  runs: (id: StudyId) => ['studies', id, 'runs'] as const,
  /** Marks and verdicts. */
  readings: (id: StudyId) => ['studies', id, 'readings'] as const,
  run: (id: RunId) => ['runs', id] as const,
  results: (id: RunId) => ['runs', id, 'results'] as const,
  samples: ['samples'] as const,
  jobs: ['jobs'] as const,
  importSummary: (id: JobId) => ['import-summaries', id] as const,
  models: ['models'] as const,
  adapters: ['adapters'] as const,
  published: ['published-models'] as const,
  kept: ['models', 'kept-downloads'] as const,
  hub: ['hub'] as const,
  system: ['system'] as const,
  audit: ['audit'] as const,
};

export const studiesQuery = defineQueryOptions({
  key: [...keys.studies, 'list'],
  query: async () => (await client.studies.list()).map(shownStudy),
});

export const studyQuery = defineQueryOptions((id: StudyId) => ({
  key: [...keys.study(id), 'study'],
  query: async () => shownStudy(await client.studies.get({ id })),
}));

/** Few enough that the application answers others in between. */
const imagesAtOnce = 1000;

export const imagesQuery = defineQueryOptions((studyId: StudyId) => ({
  key: [...keys.images(studyId)],
  query: async ({ signal }) => {
    const cache = useQueryCache();
    const key = [...keys.images(studyId)];
    const isFirst = cache.getQueryData(key) === undefined;
    return allPages(
      async (after) => {
        const page = await client.images.page({ studyId, after, limit: imagesAtOnce });
        return { items: page.images.map(shownImage), next: page.next };
      },
      signal,
      (some) => isFirst && cache.setQueryData(key, some),
    );
  },
}));

export const readingsQuery = defineQueryOptions((studyId: StudyId) => ({
  key: [...keys.readings(studyId), 'list'],
  query: () => client.readings.list({ studyId }),
}));

export const runsQuery = defineQueryOptions((studyId: StudyId) => ({
  key: [...keys.runs(studyId)],
  query: () => client.runs.list({ studyId }),
}));

export const resultsQuery = defineQueryOptions((id: RunId) => ({
  key: [...keys.results(id)],
  query: async () => (await client.runs.results({ id })).map(shownResult),
}));

export const samplesQuery = defineQueryOptions({
  key: [...keys.samples],
  query: () => client.samples.list(),
});

export const jobsQuery = defineQueryOptions({
  key: [...keys.jobs],
  query: async () => (await client.jobs.list()).map(shownJob),
});

export const importSummaryQuery = defineQueryOptions((jobId: JobId) => ({
  key: [...keys.importSummary(jobId)],
  query: async () => {
    const summary = await client.imports.summary({ jobId });
    return { ...summary, failed: shownFiles(summary.failed) };
  },
}));

export const modelsQuery = defineQueryOptions({
  key: [...keys.models],
  query: () => client.models.list(),
});

export const keptDownloadsQuery = defineQueryOptions({
  key: [...keys.kept],
  query: () => client.models.keptDownloads(),
});

export const publishedQuery = defineQueryOptions({
  key: [...keys.published],
  query: () => client.models.published(),
});

export const hubQuery = defineQueryOptions({
  key: [...keys.hub],
  query: () => client.models.hub(),
});

export const systemQuery = defineQueryOptions({
  key: [...keys.system],
  query: () => client.system.info(),
});

export const watchesQuery = defineQueryOptions((studyId: StudyId) => ({
  key: [...keys.study(studyId), 'watches'],
  query: async () =>
    (await client.watches.list({ studyId })).map((folder) => ({
      ...folder,
      path: namesHidden.value ? `Folder ${folder.id}` : folder.path,
      failed: shownFiles(folder.failed),
    })),
}));

export const storageQuery = defineQueryOptions({
  key: ['storage'],
  query: () => client.system.storage(),
  // It changes without an event: ask whenever it is shown.
  staleTime: 0,
});

export const auditQuery = defineQueryOptions({
  key: [...keys.audit],
  query: () => client.system.audit({ limit: 100 }),
  // The log grows without an event: ask whenever it is shown.
  staleTime: 0,
});
