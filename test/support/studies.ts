/** Studies made through the application's interface, for tests and pictures that need one to begin with. */
import type { StudyId } from '#shared/domain.ts';
import type { Run } from '#shared/results.ts';
import type { Sweep, SweepId } from '#shared/sweep.ts';
import { defaultSettings, type DinoAdSettings } from '#shared/settings.ts';
import { jobFinished, type PageClient } from './page-client.ts';

/** Imports a folder that lies on the application's machine into a new study, and waits for it. */
export async function importFolder(client: PageClient, name: string, folder: string): Promise<StudyId> {
  const { studyId, jobId } = await client.imports.start({
    paths: [folder],
    layout: 'auto',
    role: 'query',
    study: { name },
  });
  await jobFinished(client, jobId);
  return studyId;
}

/** Starts a run over all queries of a study. */
export function startRun(
  client: PageClient,
  studyId: StudyId,
  settings: Partial<DinoAdSettings> = {},
): Promise<Run> {
  return client.runs.start({ studyId, settings: { ...defaultSettings, ...settings } });
}

/** Scores all queries of a study and waits for the end. */
export async function finishedRun(
  client: PageClient,
  studyId: StudyId,
  settings: Partial<DinoAdSettings> = {},
): Promise<Run> {
  const run = await startRun(client, studyId, settings);
  const job = (await client.jobs.list()).find((one) => one.runId === run.id);
  if (job === undefined) throw new Error(`Run ${run.id} has no job.`);
  await jobFinished(client, job.id, 300_000);
  return run;
}

/** Waits for every run of a sweep. */
export async function sweepFinished(client: PageClient, id: SweepId): Promise<Sweep> {
  const { runs } = await client.sweeps.get({ id });
  const jobs = await client.jobs.list();
  for (const { runId } of runs) {
    const job = jobs.find((one) => one.runId === runId);
    if (job !== undefined) await jobFinished(client, job.id, 300_000);
  }
  return client.sweeps.get({ id });
}
