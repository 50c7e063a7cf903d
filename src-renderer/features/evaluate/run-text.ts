import type { Run } from '#shared/results.ts';
import { methodTitle, settingsText } from '#shared/methods/index.ts';
import { timeText } from '../../text/format.ts';

const states: Partial<Record<Run['state'], string>> = {
  cancelled: 'cancelled',
  failed: 'stopped',
  running: 'running',
};

const referencesText = ({ referenceSet }: Run): string[] =>
  referenceSet ? [`references ${referenceSet.name ?? referenceSet.version}`] : [];

/** One line that tells runs apart in a list; `short` leaves out what seldom differs. */
export function runText(run: Run, short: boolean): string {
  const { model, size } = run.settings;
  const what = [methodTitle(run.settings), settingsText(run.settings), ...referencesText(run)];
  const parts = short
    ? [`Run ${run.id}`, ...what, timeText(run.createdAt)]
    : [`Run ${run.id}`, ...what, model, `${size} px`, timeText(run.createdAt)];
  const state = states[run.state];
  return [...parts, ...(state ? [state] : [])].join(' · ');
}
