/** `node --import` this to give a plain child process what a utility process has: `process.parentPort`. */
import { EventEmitter } from 'node:events';

const port = Object.assign(new EventEmitter(), {
  postMessage: (message: unknown) => void process.send?.(message),
});
process.on('message', (data) => port.emit('message', { data, ports: [] }));
Object.assign(process, { parentPort: port });
