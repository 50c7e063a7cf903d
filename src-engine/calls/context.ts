import type { CallProgress } from '#shared/engine-protocol.ts';
import { Failure } from '#shared/errors.ts';

/** How a long call hears that nobody wants it any more, and says how far it has come. */
export interface CallContext {
  readonly signal: AbortSignal;
  progress(progress: CallProgress): void;
}

/** @throws Failure `cancelled` */
export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new Failure('cancelled', 'The work was cancelled.');
}
