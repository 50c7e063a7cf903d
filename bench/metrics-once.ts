/**
 * A process that measures COUNT maps and prints figures, seconds and peak memory as JSON: `node metrics-once.ts COUNT [FILE]`.
 * With FILE it leaves FILE.scores (float32) and FILE.labels (uint8) for others to measure.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { createFroc, createPixelMetrics } from '#engine/metrics/index.ts';
import { resizeBilinear } from '#shared/anomaly-map.ts';
import { createRandom } from '#shared/random.ts';
import { peakMegabytes } from './process-memory.ts';

const side = 240;
const grid = 28;

/** A map as a method leaves it: noise on the patch grid and a lesion of some 2 % of the image that scores higher. */
function mapOf(index: number) {
  const random = createRandom(index);
  const [x, y, radius] = [8 + random.integer(12), 8 + random.integer(12), 10 + random.integer(18)];
  const patch = side / grid;
  const data = Float32Array.from({ length: grid * grid }, (_, i) => {
    const inside = Math.hypot((i % grid) - x, Math.floor(i / grid) - y) < radius / patch;
    return 0.3 * random.next() ** 2 + (inside ? 0.2 * random.next() : 0);
  });
  const truth = new Uint8Array(side * side);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const [dx, dy] = [column - x * patch, row - y * patch];
      if (dx * dx + dy * dy < radius * radius) truth[row * side + column] = 1;
    }
  }
  return {
    map: resizeBilinear({ rows: grid, columns: grid, data }, side, side),
    truth: { width: side, height: side, data: truth },
  };
}

const [, , count = '100', file] = process.argv;
const files = file === undefined ? null : [openSync(`${file}.scores`, 'w'), openSync(`${file}.labels`, 'w')];
let microseconds = 0;
/** Processor time of the measuring alone: making the maps is not part of it. */
const timed = <T>(work: () => T): T => {
  const began = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(began);
  microseconds += user + system;
  return result;
};

const metrics = createPixelMetrics();
const froc = createFroc();
let frocSeconds = 0;
for (let i = 0; i < Number(count); i++) {
  const { map, truth } = mapOf(i);
  if (files) {
    writeSync(files[0]!, new Uint8Array(map.data.buffer));
    writeSync(files[1]!, truth.data);
  }
  timed(() => metrics.add(map, truth));
}
const ranked = timed(() => metrics.ranked());
for (let i = 0; i < Number(count); i++) {
  const { map, truth } = mapOf(i);
  timed(() => ranked.add(map, truth));
  const began = process.cpuUsage();
  froc.add(map, truth);
  const { user, system } = process.cpuUsage(began);
  frocSeconds += (user + system) / 1e6;
}
const { auroc, ap, f1Max } = timed(() => {
  ranked.curves();
  return ranked.figures();
});
for (const handle of files ?? []) closeSync(handle);
process.stdout.write(
  JSON.stringify({ seconds: microseconds / 1e6, frocSeconds, megabytes: peakMegabytes(), auroc, ap, f1Max }),
);
