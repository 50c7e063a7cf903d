/** Whose turn it is: one inference at a time, and what a person waits for first. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Urgency } from '#shared/engine-protocol.ts';
import { throwIfCancelled } from './calls/context.ts';

/** The call on whose behalf something is done. */
interface Caller {
  readonly urgency: Urgency;
  readonly signal: AbortSignal;
}

const callers = new AsyncLocalStorage<Caller>();

/** Does something for a call: what it queues has the call's urgency, and is dropped when the call was given up. */
export const onBehalfOf = <T>(caller: Caller, work: () => T): T => callers.run(caller, work);

/** Work outside any call is waited for by whoever started it. */
export const isUrgent = (): boolean => callers.getStore()?.urgency !== 'job';

/** A call that others may be served with must not be dropped by the one who asked first. */
export const wasGivenUp = (): boolean => callers.getStore()?.signal.aborted ?? false;

interface Waiting {
  readonly kind: 'urgent' | 'job' | 'last';
  readonly begin: () => Promise<void>;
}

const waiting: Waiting[] = [];
let busy = false;

/** The first that a person waits for, unless it came after something that has to be last. */
function takeNext(): Waiting | undefined {
  const barrier = waiting.findIndex(({ kind }) => kind === 'last');
  const free = barrier < 0 ? waiting : waiting.slice(0, barrier);
  const urgent = free.findIndex(({ kind }) => kind === 'urgent');
  return waiting.splice(Math.max(urgent, 0), 1)[0];
}

async function drain(): Promise<void> {
  if (busy) return;
  busy = true;
  for (let next = takeNext(); next; next = takeNext()) await next.begin();
  busy = false;
}

function queue<T>(kind: Waiting['kind'], work: () => Promise<T>): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  waiting.push({ kind, begin: () => work().then(resolve, reject) });
  void drain();
  return promise;
}

/**
 * Runs must not overlap: some providers crash, and on the CPU they would only share the same cores.
 * @throws Failure `cancelled` when nobody wants the call any more by the time it is its turn
 */
export function oneAtATime<T>(work: () => Promise<T>): Promise<T> {
  const signal = callers.getStore()?.signal;
  return queue(isUrgent() ? 'urgent' : 'job', async () => {
    if (signal) throwIfCancelled(signal);
    return work();
  });
}

/** After everything that waits now; nothing that comes later is done before it. */
export const afterAllTurns = <T>(work: () => Promise<T>): Promise<T> => queue('last', work);
