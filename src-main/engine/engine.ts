import type { EngineStatus } from '#shared/contract/system.ts';
import type {
  EngineCall,
  EngineCalls,
  EngineInfo,
  EngineOptions,
  EngineReplyMessage,
  ReferencePool,
} from '#shared/engine-protocol.ts';
import { Failure } from '#shared/errors.ts';
import { callQueue, type Urgency } from './call-queue.ts';
import type { EngineChannel, SpawnEngine } from './spawn.ts';

/** Calls sent before the first one is answered: enough to keep two cores busy with decoding. */
const callsAtOnce = 4;
/** A call that was with this many dying engines is given up. */
const crashLimit = 3;
/** Engines that die before they are ready, in a row, before the engine counts as broken. */
const startLimit = 3;
/** Reference pools kept for the next engine. */
const rememberedPools = 8;

export interface Engine {
  call<C extends EngineCall>(
    call: C,
    request: EngineCalls[C]['request'],
    urgency: Urgency,
  ): Promise<EngineCalls[C]['reply']>;
  /** Makes a pool known to this engine and every one that follows it. */
  definePool(pool: ReferencePool): Promise<void>;
  status(): Pick<EngineStatus, 'state' | 'device' | 'restarts'>;
  close(): void;
}

/**
 * Owns the engine process: starts it at the first call, starts it again when it dies, and leaves no caller waiting.
 * @param onStatus called whenever `status()` would answer differently
 */
export function superviseEngine(spawn: SpawnEngine, options: EngineOptions, onStatus: () => void): Engine {
  const queue = callQueue(callsAtOnce);
  const pools = new Map<string, ReferencePool>();
  let channel: EngineChannel | undefined;
  let state: EngineStatus['state'] = 'idle';
  let device = 'CPU';
  let restarts = 0;
  let failedStarts = 0;
  let nextId = 1;
  let closed = false;

  const setState = (next: EngineStatus['state']) => {
    state = next;
    onStatus();
  };

  const pump = () => {
    if (state !== 'ready') return;
    for (let call = queue.next(); call; call = queue.next()) {
      channel?.post({ id: call.id, call: call.call, request: call.request });
    }
  };

  const start = () => {
    setState('starting');
    const mine = spawn();
    channel = mine;
    mine.onMessage((message) => receive(message as EngineReplyMessage));
    mine.onExit((code, signal) => mine === channel && exited(code, signal));
    mine.post({ id: 0, call: 'open', request: options });
  };

  const receive = (message: EngineReplyMessage) => {
    if (message.id === 0) {
      if (!message.ok) return giveUp(new Failure(message.kind, message.message));
      device = (message.reply as EngineInfo).device;
      failedStarts = 0;
      for (const pool of pools.values()) channel?.post({ id: -1, call: 'define-pool', request: pool });
      setState('ready');
      return pump();
    }
    const call = queue.settle(message.id);
    if (message.ok) call?.resolve(message.reply);
    else call?.reject(new Failure(message.kind, message.message));
    pump();
  };

  const exited = (code: number | null, signal?: string) => {
    channel = undefined;
    if (closed) return;
    const wasReady = state === 'ready';
    const gone = new Failure('engine-gone', `The compute engine stopped (${signal ?? `exit code ${code}`}).`);
    for (const call of queue.crashed(crashLimit)) call.reject(gone);
    if (!wasReady) failedStarts += 1;
    if (failedStarts >= startLimit) return giveUp(gone);
    restarts += 1;
    if (queue.isIdle()) setState('idle');
    else start();
  };

  const giveUp = (reason: Failure) => {
    channel?.kill();
    channel = undefined;
    failedStarts = 0;
    setState('gone');
    for (const call of queue.drain()) call.reject(reason);
  };

  const call: Engine['call'] = (name, request, urgency) =>
    new Promise((resolve, reject) => {
      if (closed) return reject(new Failure('cancelled', 'Nidus is closing.'));
      queue.add({
        id: nextId++,
        call: name,
        request,
        urgency,
        crashes: 0,
        // The table EngineCalls ties the reply to the call's name.
        resolve: (reply) => resolve(reply as EngineCalls[typeof name]['reply']),
        reject,
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
    status: () => ({ state, device, restarts }),
    close() {
      closed = true;
      channel?.kill();
      for (const waiting of queue.drain()) waiting.reject(new Failure('cancelled', 'Nidus is closing.'));
    },
  };
}
