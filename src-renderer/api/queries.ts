/**
 * Server state by key. Everything of a study hangs below `['studies', id]`, so one invalidation reaches all of it;
 * what a run left behind hangs below `['runs', id]`.
 */
import { defineQueryOptions } from '@pinia/colada';
import type { JobId, RunId, StudyId } from '#shared/domain.ts';
import { shownImage, shownJob, shownResult, shownStudy } from '../privacy/hidden-names.ts';
import { client } from './client.ts';

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

export const imagesQuery = defineQueryOptions((studyId: StudyId) => ({
  key: [...keys.images(studyId)],
  query: async () => (await client.images.list({ studyId })).map(shownImage),
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
  query: () => client.imports.summary({ jobId }),
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
  query: () => client.watches.list({ studyId }),
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
