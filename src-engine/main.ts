/** Entry of the engine process: started by Node's fork or by Electron's utilityProcess, told apart by its port. */
import { extname } from 'node:path';
import type { ToEngine } from '#shared/engine-protocol.ts';
import { createEngineServer } from './server.ts';

interface ParentPort {
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
  postMessage(message: unknown): void;
}

const { parentPort } = process as NodeJS.Process & { parentPort?: ParentPort };

const send = (message: unknown): void => {
  if (parentPort) parentPort.postMessage(message);
  else process.send?.(message);
};

// Beside this entry, in the sources and in the bundle.
const inputWorker = new URL(`./input-worker${extname(import.meta.url)}`, import.meta.url);
const server = createEngineServer(send, inputWorker);

if (parentPort) {
  parentPort.on('message', ({ data }) => server.receive(data as ToEngine));
} else {
  process.on('message', (message) => server.receive(message as ToEngine));
  // The application is gone, however it ended: nobody waits for an answer any more.
  process.on('disconnect', () => process.exit(0));
}
