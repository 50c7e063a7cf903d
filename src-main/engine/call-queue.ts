import type { CallProgress, EngineCall, Urgency } from '#shared/engine-protocol.ts';

export interface QueuedCall {
  readonly id: number;
  readonly call: EngineCall;
  readonly request: unknown;
  readonly urgency: Urgency;
  /** Engines that died while this call was with them. */
  crashes: number;
  readonly resolve: (reply: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress?: ((progress: CallProgress) => void) | undefined;
}

/**
 * Decides which call goes to the engine next. Calls that were with an engine when it died are tried again one at a
 * time, so that the one that kills it is found without its neighbours being blamed.
 */
export function callQueue(atOnce: number) {
  const waiting: QueuedCall[] = [];
  const inFlight = new Map<number, QueuedCall>();

  const takeNext = (): QueuedCall | undefined => {
    const suspect = waiting.findIndex(({ crashes }) => crashes > 0);
    if (suspect >= 0) return inFlight.size === 0 ? waiting.splice(suspect, 1)[0] : undefined;
    const suspectOut = inFlight.values().some(({ crashes }) => crashes > 0);
    if (suspectOut || inFlight.size >= atOnce) return undefined;
    const interactive = waiting.findIndex(({ urgency }) => urgency === 'interactive');
    return waiting.splice(Math.max(interactive, 0), 1)[0];
  };

  return {
    add: (call: QueuedCall): void => void waiting.push(call),
    /** The next call to send, now counted as in flight; undefined when the engine has enough to do. */
    next(): QueuedCall | undefined {
      const call = takeNext();
      if (call) inFlight.set(call.id, call);
      return call;
    },
    settle(id: number): QueuedCall | undefined {
      const call = inFlight.get(id);
      inFlight.delete(id);
      return call;
    },
    /** The engine died: its calls wait again, except those that have now been with `limit` dying engines. */
    crashed(limit: number): QueuedCall[] {
      const given: QueuedCall[] = [];
      for (const call of inFlight.values()) {
        call.crashes += 1;
        if (call.crashes >= limit) given.push(call);
        else waiting.unshift(call);
      }
      inFlight.clear();
      return given;
    },
    all: (): QueuedCall[] => [...inFlight.values()],
    inFlight: (id: number): QueuedCall | undefined => inFlight.get(id),
    /** Takes back a call that has not been sent. */
    withdraw(id: number): QueuedCall | undefined {
      const at = waiting.findIndex((call) => call.id === id);
      return at < 0 ? undefined : waiting.splice(at, 1)[0];
    },
    /** Whether the engine has something to do, and nothing but this. */
    isOnly: (kind: (call: QueuedCall) => boolean): boolean =>
      inFlight.size > 0 && inFlight.values().every(kind),
    isIdle: (): boolean => waiting.length === 0 && inFlight.size === 0,
    drain(): QueuedCall[] {
      const all = [...inFlight.values(), ...waiting.splice(0)];
      inFlight.clear();
      return all;
    },
  };
}
