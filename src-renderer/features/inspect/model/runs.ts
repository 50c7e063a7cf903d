import type { Run } from '#shared/results.ts';
import { RunSettings } from '#shared/settings.ts';

/** The newest run that scored something and is not being worked on any more; null without one. */
export function latestScored(runs: readonly Run[]): Run | null {
  const scored = runs.filter((run) => run.done > 0 && run.state !== 'running' && run.state !== 'queued');
  return scored.reduce<Run | null>((newest, run) => (newest && newest.id > run.id ? newest : run), null);
}

/** The run of a study that is waiting or under way, if there is one. */
export const activeRun = (runs: readonly Run[]): Run | null =>
  runs.find((run) => run.state === 'running' || run.state === 'queued') ?? null;

/** Parsing puts the keys into one order, so equal settings are equal text. */
const canonical = (settings: RunSettings): string => JSON.stringify(RunSettings.parse(settings));

export const sameSettings = (a: RunSettings, b: RunSettings): boolean => canonical(a) === canonical(b);
