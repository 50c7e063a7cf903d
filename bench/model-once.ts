/** A process that loads one model, runs it once and prints its own peak memory in MB: `node model-once.ts FILE SIZE`. */
import { openSession } from '#engine/models/session.ts';
import { peakMegabytes } from './process-memory.ts';

const [, , path = '', size = '448'] = process.argv;
const side = Number(size);
const session = await openSession(path);
await session.run({ width: side, height: side, data: new Float32Array(3 * side * side).fill(0.1) });
process.stdout.write(String(peakMegabytes()));
