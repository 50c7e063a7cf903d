import type { AppEvent } from '#shared/contract/system.ts';

/** Fan-out of what changed to every subscribed window. */
export function appEvents() {
  const listeners = new Set<(event: AppEvent) => void>();
  return {
    emit(event: AppEvent): void {
      for (const listener of listeners) listener(event);
    },
    /** Events from now on, until the signal says stop. A slow reader gets them late, never in another order. */
    async *stream(signal: AbortSignal | undefined): AsyncGenerator<AppEvent> {
      const queue: AppEvent[] = [];
      let wake = () => {};
      const listener = (event: AppEvent) => {
        queue.push(event);
        wake();
      };
      const stop = () => wake();
      listeners.add(listener);
      signal?.addEventListener('abort', stop);
      try {
        while (!signal?.aborted) {
          const event = queue.shift();
          if (event) yield event;
          else await new Promise<void>((resolve) => (wake = resolve));
        }
      } finally {
        listeners.delete(listener);
        signal?.removeEventListener('abort', stop);
      }
    },
  };
}

export type AppEvents = ReturnType<typeof appEvents>;
