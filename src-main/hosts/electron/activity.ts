import { powerSaveBlocker, type BrowserWindow } from 'electron';
import type { AppEvent } from '#shared/contract/system.ts';
import type { Job } from '#shared/domain.ts';

/** While jobs run, the machine stays awake and the task bar shows how far they are. Ends when the events do. */
export async function showActivity(events: AsyncIterable<AppEvent>, window: BrowserWindow): Promise<void> {
  const running = new Map<Job['id'], Job>();
  let blocker: number | null = null;

  for await (const event of events) {
    if (event.type !== 'job') continue;
    if (event.job.state === 'running') running.set(event.job.id, event.job);
    else running.delete(event.job.id);

    if (running.size > 0) blocker ??= powerSaveBlocker.start('prevent-app-suspension');
    else if (blocker !== null) {
      powerSaveBlocker.stop(blocker);
      blocker = null;
    }
    if (!window.isDestroyed()) window.setProgressBar(progress([...running.values()]));
  }
}

/** Share done of all running jobs, 0 to 1; -1 (no bar) when none runs; above 1 (a moving bar) while totals are unknown. */
function progress(jobs: readonly Job[]): number {
  if (jobs.length === 0) return -1;
  const total = jobs.reduce((sum, job) => sum + job.total, 0);
  return total === 0 ? 2 : jobs.reduce((sum, job) => sum + job.done + job.failed, 0) / total;
}
