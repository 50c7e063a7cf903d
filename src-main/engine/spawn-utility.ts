import { utilityProcess } from 'electron';
import type { SpawnEngine } from './spawn.ts';

/** The engine as Electron's utility process: named in the task manager, and reaped with the application. */
export function utilityEngine(entry: string): SpawnEngine {
  return ({ quiet = false } = {}) => {
    const stdio = quiet ? 'ignore' : 'inherit';
    const child = utilityProcess.fork(entry, [], { serviceName: 'Nidus engine', stdio });
    return {
      post: (message) => child.postMessage(message, []),
      onMessage: (listener) => void child.on('message', listener),
      onExit(listener) {
        // A fatal error of V8 says where it happened; the exit that follows has no more than a number.
        let place: string | undefined;
        child.once('error', (_type, location) => (place = location));
        child.once('exit', (code) => listener(code, place));
      },
      kill: () => void child.kill(),
    };
  };
}
