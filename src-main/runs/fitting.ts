import { randomUUID } from 'node:crypto';
import { setTimeout as after } from 'node:timers/promises';
import { methodTitle } from '#shared/methods/index.ts';
import type { RunSettings } from '#shared/settings.ts';
import type { Engine } from '#main/engine/engine.ts';
import type { JobContext } from '#main/jobs/job-queue.ts';

/** Milliseconds between two looks at a fit under way. */
const interval = 300;

/** Has a method learn from a pool before its first image is scored; the job shows how far it is and can be cancelled. */
export async function fitOnPool(
  engine: Engine,
  poolKey: string,
  settings: RunSettings,
  { signal, progress }: JobContext,
): Promise<void> {
  const ticket = randomUUID();
  let fitted = false;
  const fit = engine.call('fit', { ticket, poolKey, settings }, 'job').finally(() => (fitted = true));
  const cancel = () => void engine.call('cancel-fit', { ticket }, 'interactive').catch(() => {});
  signal.addEventListener('abort', cancel, { once: true });
  const watch = async () => {
    while (!fitted) {
      await Promise.race([after(interval), fit.catch(() => {})]);
      if (fitted) return;
      // An engine that has just died answers the next time.
      const state = await engine.call('fit-progress', { ticket }, 'interactive').catch(() => null);
      if (state && !fitted) {
        const share = Math.floor((100 * state.done) / Math.max(state.total, 1));
        progress(`Fitting ${methodTitle(settings)}: ${share} %`);
      }
    }
  };
  try {
    await Promise.all([fit, watch()]);
  } finally {
    signal.removeEventListener('abort', cancel);
  }
  signal.throwIfAborted();
}
