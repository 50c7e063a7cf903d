import type { ComputeDevice } from '#shared/devices.ts';
import type { EngineStatus } from '#shared/contract/system.ts';
import type {
  CallProgress,
  EngineCall,
  EngineCalls,
  EngineOptions,
  EngineRequestMessage,
  FromEngine,
  ReferencePool,
  Urgency,
} from '#shared/engine-protocol.ts';
import { Failure } from '#shared/errors.ts';
import { callQueue, type QueuedCall } from './call-queue.ts';
import type { EngineChannel, SpawnEngine } from './spawn.ts';
import { isReading, watchdog } from './watchdog.ts';

/** Calls sent before the first one is answered: enough that inputs are ready when a run on a GPU takes several. */
const callsAtOnce = 8;
const defaultCrashLimit = 3;
/** Engines that die before they are ready, in a row, before the engine counts as broken. */
const startLimit = 3;
/** Milliseconds an engine that only reads files may be silent; the largest pictures take a third of it. */
const patience = 15_000;
/** Reference pools kept for the next engine. */
const rememberedPools = 8;

export interface CallOptions {
  /** Gives the call up: it is rejected with a Failure('cancelled'). */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: CallProgress) => void;
}

/** A call that was with an engine when it died. */
export type LostCall = Pick<QueuedCall, 'call' | 'request'>;

export interface SupervisionOptions {
  /** Called whenever `status()` would answer differently. */
  readonly onStatus?: () => void;
  /** Called before another engine takes its place. */
  readonly onCrash?: (calls: readonly LostCall[], reason: string) => void;
  /** A call that was with this many dying engines is given up. */
  readonly crashLimit?: number;
}

export interface Engine {
  call<C extends EngineCall>(
    call: C,
    request: EngineCalls[C]['request'],
    urgency: Urgency,
    options?: CallOptions,
  ): Promise<EngineCalls[C]['reply']>;
  /** Makes a pool known to this engine and every one that follows it. */
  definePool(pool: ReferencePool): Promise<void>;
  /** Says where a model runs, to this engine and every one that follows it. */
  useDevice(model: string, device: ComputeDevice): Promise<void>;
  status(): Pick<EngineStatus, 'state' | 'restarts'>;
  close(): void;
}

/**
 * Owns the engine process: starts it at the first call, starts it again when it dies, and leaves no caller waiting.
 */
export function superviseEngine(
  spawn: SpawnEngine,
  options: EngineOptions,
  { onStatus, onCrash, crashLimit = defaultCrashLimit }: SupervisionOptions = {},
): Engine {
  const queue = callQueue(callsAtOnce);
  const pools = new Map<string, ReferencePool>();
  const devices = new Map<string, ComputeDevice>();
  let channel: EngineChannel | undefined;
  let state: EngineStatus['state'] = 'idle';
  let restarts = 0;
  let failedStarts = 0;
  let nextId = 1;
  let closed = false;
  /** Calls with the engine that were given up: they are not tried again when it dies. */
  const unwanted = new Set<number>();

  let hung = false;
  const dog = watchdog({
    patience,
    isWatching: () => state === 'ready' && queue.isOnly(({ call }) => isReading(call)),
    ask: () => channel?.post({ ask: 'alive' }),
    onSilence: () => {
      hung = true;
      channel?.kill();
    },
  });

  const setState = (next: EngineStatus['state']) => {
    state = next;
    onStatus?.();
  };

  const pump = () => {
    if (state !== 'ready') return;
    for (let call = queue.next(); call; call = queue.next()) {
      const { id, call: name, request, urgency } = call;
      channel?.post({ id, call: name, request, urgency });
    }
  };

  const start = () => {
    setState('starting');
    const mine = spawn();
    channel = mine;
    mine.onMessage((message) => receive(message as FromEngine));
    mine.onExit((code, signal) => mine === channel && exited(code, signal));
    mine.post({ id: 0, call: 'open', request: options, urgency: 'interactive' });
  };

  /** Before any call, and without an answer. */
  const tell = (message: Pick<EngineRequestMessage, 'call' | 'request'>) =>
    channel?.post({ id: -1, ...message, urgency: 'interactive' });

  const receive = (message: FromEngine) => {
    dog.hear();
    if ('alive' in message) return;
    if ('progress' in message) return queue.inFlight(message.id)?.onProgress?.(message.progress);
    if (message.id === 0) {
      if (!message.ok) return giveUp(new Failure(message.kind, message.message));
      failedStarts = 0;
      for (const pool of pools.values()) tell({ call: 'define-pool', request: pool });
      for (const [name, device] of devices) tell({ call: 'use-device', request: { name, device } });
      setState('ready');
      return pump();
    }
    const call = queue.settle(message.id);
    unwanted.delete(message.id);
    if (message.ok) call?.resolve(message.reply);
    else call?.reject(new Failure(message.kind, message.message));
    pump();
  };

  const exited = (code: number | null, signal?: string) => {
    channel = undefined;
    if (closed) return;
    const wasReady = state === 'ready';
    const gone = new Failure('engine-gone', `The compute engine stopped (${signal ?? `exit code ${code}`}).`);
    const lost = queue.all();
    // Calls are tried again one at a time, so one that was twice with an engine that fell silent is the reason.
    for (const call of queue.crashed(hung ? 2 : crashLimit)) call.reject(hung ? endless(call) : gone);
    if (wasReady) {
      // Whatever is said about devices now is for the next engine.
      state = 'starting';
      if (!hung) onCrash?.(lost, gone.message);
    }
    hung = false;
    for (const id of unwanted) queue.withdraw(id)?.reject(cancelled());
    unwanted.clear();
    if (!wasReady) failedStarts += 1;
    if (failedStarts >= startLimit) return giveUp(gone);
    restarts += 1;
    if (queue.isIdle()) setState('idle');
    else start();
  };

  const endless = ({ request }: QueuedCall) => {
    const { name } = request as { readonly name?: string };
    return new Failure(
      'unreadable',
      `${name ?? 'A file'}: reading it did not come to an end and was stopped`,
    );
  };

  const giveUp = (reason: Failure) => {
    channel?.kill();
    channel = undefined;
    failedStarts = 0;
    setState('gone');
    for (const call of queue.drain()) call.reject(reason);
  };

  const cancelled = () => new Failure('cancelled', 'The work was cancelled.');

  const giveUpCall = (id: number) => {
    const waiting = queue.withdraw(id);
    if (waiting) waiting.reject(cancelled());
    else if (queue.inFlight(id)) {
      unwanted.add(id);
      channel?.post({ cancel: id });
    }
  };

  const call: Engine['call'] = (name, request, urgency, { signal, onProgress } = {}) =>
    new Promise((resolve, reject) => {
      if (closed) return reject(new Failure('cancelled', 'Nidus is closing.'));
      if (signal?.aborted) return reject(cancelled());
      const id = nextId++;
      const withdraw = () => giveUpCall(id);
      signal?.addEventListener('abort', withdraw, { once: true });
      // A job makes thousands of calls on one signal.
      const settle = () => signal?.removeEventListener('abort', withdraw);
      queue.add({
        id,
        call: name,
        request,
        urgency,
        crashes: 0,
        // The table EngineCalls ties the reply to the call's name.
        resolve(reply) {
          settle();
          resolve(reply as EngineCalls[typeof name]['reply']);
        },
        reject(error) {
          settle();
          reject(error);
        },
        onProgress,
      });
      if (state === 'idle' || state === 'gone') start();
      else pump();
    });

  return {
    call,
    async definePool(pool) {
      if (pools.has(pool.key)) return;
      pools.set(pool.key, pool);
      for (const key of [...pools.keys()].slice(0, -rememberedPools)) pools.delete(key);
      // An engine that starts later gets every remembered pool before its first call.
      if (state === 'ready') await call('define-pool', pool, 'interactive');
    },
    async useDevice(name, device) {
      if (devices.get(name) === device) return;
      devices.set(name, device);
      // As with pools: an engine that starts later is told before its first call.
      if (state === 'ready') await call('use-device', { name, device }, 'interactive');
    },
    status: () => ({ state, restarts }),
    close() {
      closed = true;
      dog.stop();
      channel?.kill();
      for (const waiting of queue.drain()) waiting.reject(new Failure('cancelled', 'Nidus is closing.'));
    },
  };
}
