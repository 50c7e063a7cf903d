import type { EngineCall } from '#shared/engine-protocol.ts';

/** Calls that read files people bring. A decoder that does not come back must not hold up everything else. */
const reading: ReadonlySet<EngineCall> = new Set([
  'ingest',
  'inspect-series',
  'read-array',
  'read-pixels',
  'unpack',
]);

export const isReading = (call: EngineCall): boolean => reading.has(call);

interface WatchdogOptions {
  /** Milliseconds without any sign of life. */
  readonly patience: number;
  /** Whether the engine has nothing but files to read: inference may block it for longer. */
  readonly isWatching: () => boolean;
  readonly ask: () => void;
  readonly onSilence: () => void;
}

/** Asks the engine for a sign of life once a second and says when there was none for too long. */
export function watchdog({ patience, isWatching, ask, onSilence }: WatchdogOptions) {
  let heard = performance.now();
  const timer = setInterval(() => {
    if (!isWatching()) {
      heard = performance.now();
    } else if (performance.now() - heard > patience) {
      heard = performance.now();
      onSilence();
    } else ask();
  }, 1000);
  timer.unref();
  return {
    hear(): void {
      heard = performance.now();
    },
    stop: (): void => clearInterval(timer),
  };
}
