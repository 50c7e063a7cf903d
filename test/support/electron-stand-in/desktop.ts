import { fork } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ensureBuilt, projectRoot } from '../built.ts';
import type { Actions, Order } from './driver.ts';

type Answer<A extends keyof Actions> = Awaited<ReturnType<Actions[A]>>;

export interface Desktop {
  /** Does what a page, a person or the system would do; see `driver.ts`. */
  does<A extends keyof Actions>(action: A, ...args: Parameters<Actions[A]>): Promise<Answer<A>>;
  /** What the host asked Electron for under this name, call by call. */
  asked(name: string): Promise<unknown[][]>;
  /** Waits until it has. */
  until(name: string): Promise<void>;
  /** Resolves to the exit code. */
  readonly ended: Promise<number | null>;
  quit(): Promise<number | null>;
}

/** Starts the built desktop host, `out/main/electron.js`, on Node with the stand-in for Electron. */
export async function startDesktop(args: readonly string[]): Promise<Desktop> {
  await ensureBuilt();
  const child = fork(join(projectRoot, 'out/main/electron.js'), args, {
    serialization: 'advanced',
    execArgv: ['--import', new URL('register.ts', import.meta.url).href],
  });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  void ended.then((code) => {
    for (const { reject } of waiting.values()) reject(new Error(`The desktop host ended with code ${code}.`));
  });
  child.on('message', ({ id, value, error }: { id: number; value?: unknown; error?: string }) => {
    const { resolve, reject } = waiting.get(id) ?? Promise.withResolvers();
    waiting.delete(id);
    if (error === undefined) resolve(value);
    else reject(new Error(error));
  });

  let lastId = 0;
  async function does<A extends keyof Actions>(
    action: A,
    ...args: Parameters<Actions[A]>
  ): Promise<Answer<A>> {
    const answer = Promise.withResolvers<unknown>();
    const order: Order = { id: ++lastId, action, args };
    waiting.set(order.id, answer);
    child.send(order);
    return (await answer.promise) as Answer<A>;
  }
  const asked = async (name: string) => ((await does('asked'))[name] ?? []) as unknown[][];
  return {
    does,
    asked,
    async until(name) {
      while ((await asked(name)).length === 0) await wait(50);
    },
    ended,
    async quit() {
      if (child.connected) await does('appEvent', 'window-all-closed').catch(() => {});
      return ended;
    },
  };
}
