import { setTimeout as wait } from 'node:timers/promises';
import { HubApiError } from '@huggingface/hub';
import { Failure } from '#shared/errors.ts';

/** Milliseconds before each further attempt: a line that breaks is often back soon. */
const waits = [500, 2000, 8000] as const;

/** What another attempt cannot mend: refusals of ours, and of the hub unless it is busy. */
const isFinal = (error: unknown): boolean =>
  error instanceof Failure ||
  (error instanceof HubApiError && error.statusCode < 500 && error.statusCode !== 429);

/** Tries again when the line breaks or the hub is busy. */
export async function withPatience<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (const milliseconds of waits) {
    try {
      return await work();
    } catch (error) {
      if (signal.aborted || isFinal(error)) throw error;
      await wait(milliseconds, undefined, { signal });
    }
  }
  return work();
}
