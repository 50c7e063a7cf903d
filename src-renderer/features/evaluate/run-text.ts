import type { Run } from '#shared/results.ts';
import type { RunSettings } from '#shared/settings.ts';
import { countText, timeText } from '../../text/format.ts';

/** The support choice in a few words. */
export function supportText({ support }: RunSettings): string {
  if (support.kind === 'chosen') return `${countText(support.images.length, 'image')} picked by hand`;
  const what = support.kind === 'matched' ? 'most similar' : 'random';
  return `${support.count} ${what} normal ${support.count === 1 ? 'image' : 'images'}`;
}

/** The foreground rule in a few words. */
export function foregroundText({ foreground }: RunSettings): string {
  if (foreground.rule === 'all') return 'every patch';
  return `pixels other than 0, closed with ${foreground.closing} × ${foreground.closing}`;
}

const states: Partial<Record<Run['state'], string>> = {
  cancelled: 'cancelled',
  failed: 'stopped',
  running: 'running',
};

/** One line that tells runs apart in a list; `short` leaves out what seldom differs. */
export function runText(run: Run, short: boolean): string {
  const { model, k, size, support } = run.settings;
  const shots = support.kind === 'chosen' ? 'by hand' : `${support.kind} ${support.count}`;
  const parts = short
    ? [`Run ${run.id}`, `K ${k}`, shots, timeText(run.createdAt)]
    : [`Run ${run.id}`, model, `K ${k}`, shots, `${size} px`, timeText(run.createdAt)];
  const state = states[run.state];
  return [...parts, ...(state ? [state] : [])].join(' · ');
}
