import type { Job } from '#shared/domain.ts';

/** Where a job stood when this window first saw it move: a resumed job does not start at 0. */
export interface ProgressStart {
  readonly at: number;
  readonly done: number;
}

/** Milliseconds left at the pace since `start`; undefined until there is a pace to speak of, and when nothing is left. */
export function millisecondsLeft(
  job: Pick<Job, 'done' | 'total'>,
  start: ProgressStart,
  now: number,
): number | undefined {
  const since = job.done - start.done;
  if (since <= 0 || job.done >= job.total || now - start.at < 1000) return undefined;
  return ((now - start.at) / since) * Math.max(0, job.total - job.done);
}

/** "8 s", "3 min", "2 h 5 min". */
export function durationText(milliseconds: number): string {
  const seconds = Math.max(1, Math.round(milliseconds / 1000));
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Whether a job ends with a model: there are no images to count then. */
export const bringsModel = ({ kind }: Pick<Job, 'kind'>) => kind === 'import-model' || kind === 'download';

/** What a job is called: runs by their number. */
export const jobTitle = (job: Pick<Job, 'runId' | 'title'>) =>
  job.runId === null ? job.title : `Run ${job.runId}, ${job.title}`;

/** What sort of work it is, in a word. */
const jobWord = ({ kind, runId }: Job): string =>
  runId !== null ? `run ${runId}` : kind === 'import-model' ? 'model' : kind;

/** "run 3: 128 of 200, 12 s left" */
export function progressText(job: Job, left: number | undefined): string {
  const name = jobWord(job);
  if (job.activity !== null) return `${name}: ${job.activity}`;
  const count = job.total === 0 ? 'starting' : `${job.done} of ${job.total}`;
  return left === undefined ? `${name}: ${count}` : `${name}: ${count}, ${durationText(left)} left`;
}
