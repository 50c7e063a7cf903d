import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AppEvent } from '#shared/contract/system.ts';
import type { Job, JobId } from '#shared/domain.ts';
import { Failure, toFailure } from '#shared/errors.ts';
import type { Workspace } from '#main/workspace/workspace.ts';

export interface JobContext {
  readonly signal: AbortSignal;
  /** Tells the window that items were settled, or what the job is busy with before they are. */
  progress(activity?: string, counted?: Counted): void;
  /** The application is closing: the job has not been given up, it goes on at the next start. */
  isClosing(): boolean;
}

/** How far a job has come whose work is not counted in rows: bytes, or hundredths. */
interface Counted {
  readonly done: number;
  readonly total: number;
}

/**
 * Does one job from wherever it stands: settled items are in the database, so starting again is resuming.
 * Throws to fail the job; throws 'cancelled' when the signal says so.
 */
export type JobExecutor = (job: JobId, context: JobContext) => Promise<void>;

export interface JobQueue {
  /** Takes up what the last application left unfinished, then waits for more. */
  start(): void;
  /** A job was created: do it when its turn comes. */
  wake(): void;
  list(): Job[];
  cancel(id: JobId): void;
  resume(id: JobId): void;
  /** Resolves when the job has ended, in whatever way. */
  ended(id: JobId): Promise<Job>;
  /** Stops without ending the running job: it goes on at the next start. */
  close(): Promise<void>;
}

/** Progress events a second at most. */
const eventsPerSecond = 10;

/** One job at a time: there is one engine, and a person can tell what is going on. */
export function createJobQueue(
  workspace: Workspace,
  executors: Readonly<Record<Job['kind'], JobExecutor>>,
  emit: (event: AppEvent) => void,
): JobQueue {
  const { jobs } = workspace;
  const waiting = new Map<JobId, ((job: Job) => void)[]>();
  let running:
    | {
        id: JobId;
        controller: AbortController;
        activity: string | null;
        counted?: Counted;
        finished: Promise<void>;
      }
    | undefined;
  let closed = false;

  const withActivity = (job: Job): Job => ({
    ...job,
    activity: running?.id === job.id ? running.activity : null,
    ...(running?.id === job.id ? running.counted : undefined),
  });
  const read = (id: JobId): Job => withActivity(jobs.get(id));
  const tell = (id: JobId) => emit({ type: 'job', job: read(id) });

  const settle = (id: JobId) => {
    tell(id);
    const job = read(id);
    for (const resolve of waiting.get(id) ?? []) resolve(job);
    waiting.delete(id);
  };

  const throttledTell = (id: JobId) => {
    let timer: NodeJS.Timeout | undefined;
    return {
      call: () => (timer ??= setTimeout(() => ((timer = undefined), tell(id)), 1000 / eventsPerSecond)),
      stop: () => clearTimeout(timer),
    };
  };

  const execute = async (id: JobId, signal: AbortSignal): Promise<void> => {
    const job = jobs.get(id);
    jobs.start(id);
    tell(id);
    const told = throttledTell(id);
    // Whoever queued the job gets an answer before it begins: the first one starts the engine.
    await nextTurn();
    try {
      await executors[job.kind](id, {
        signal,
        isClosing: () => closed,
        progress(activity, counted) {
          if (running) running.activity = activity ?? null;
          if (running && counted) running.counted = counted;
          told.call();
        },
      });
      jobs.end(id, 'finished', null);
    } catch (error) {
      // Closing the application is no decision about the job.
      if (closed) return;
      const failure = toFailure(error);
      if (signal.aborted || failure.kind === 'cancelled') jobs.end(id, 'cancelled', null);
      else jobs.end(id, 'failed', failure.message);
    } finally {
      told.stop();
    }
  };

  const pump = () => {
    if (running || closed) return;
    const id = jobs.nextQueued();
    if (id === undefined) return;
    const controller = new AbortController();
    const finished = execute(id, controller.signal).finally(() => {
      running = undefined;
      if (closed) return;
      settle(id);
      pump();
    });
    running = { id, controller, activity: null, finished };
  };

  return {
    start() {
      jobs.requeueInterrupted();
      pump();
    },
    wake: pump,
    list: () => jobs.list().map(withActivity),
    cancel(id) {
      if (running?.id === id) return running.controller.abort();
      if (jobs.get(id).state !== 'queued') throw new Failure('invalid', 'This job has already ended.');
      jobs.end(id, 'cancelled', null);
      settle(id);
    },
    resume(id) {
      const { state } = jobs.get(id);
      if (state === 'queued' || state === 'running') return;
      jobs.requeue(id);
      tell(id);
      pump();
    },
    ended: (id) =>
      new Promise((resolve) => {
        const job = read(id);
        if (job.state !== 'queued' && job.state !== 'running') return resolve(job);
        waiting.set(id, [...(waiting.get(id) ?? []), resolve]);
      }),
    async close() {
      closed = true;
      running?.controller.abort();
      await running?.finished;
    },
  };
}
