import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SpawnEngine } from '#main/engine/spawn.ts';
import { installation } from '#main/installation.ts';

/** An engine like the application's, whose peak memory can be asked for while it lives. */
export function measuredEngine(): { spawn: SpawnEngine; peakMegabytes(): number } {
  let pid: number | undefined;
  return {
    spawn: () => {
      const child = fork(join(installation, 'src-engine', 'main.ts'), [], {
        serialization: 'advanced',
        stdio: ['ignore', 2, 2, 'ipc'],
        execArgv: [],
      });
      pid = child.pid;
      return {
        post: (message) => void child.send(message as object, () => {}),
        onMessage: (listener) => void child.on('message', listener),
        onExit: (listener) => void child.on('exit', (code, signal) => listener(code, signal ?? undefined)),
        kill: () => void child.kill('SIGKILL'),
      };
    },
    peakMegabytes: () => peakMegabytes(pid),
  };
}

/** Largest resident set so far (Linux: VmHWM); NaN where the system does not tell. */
export function peakMegabytes(pid: number | 'self' = 'self'): number {
  try {
    const kilobytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kilobytes) / 1024;
  } catch {
    return Number.NaN;
  }
}
