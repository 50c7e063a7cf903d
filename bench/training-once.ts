import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { batchGradient, type ImageGroup, imagesARun } from '#engine/adapters/batch-gradient.ts';
import { openTrainingSession } from '#engine/adapters/level-sessions.ts';
import { saveStanding } from '#engine/adapters/training/checkpoint.ts';
import { openFeatureFolder } from '#engine/adapters/training/feature-folder.ts';
import {
  adamStep,
  defaultAdam,
  defaultLoss,
  initialWeights,
  parametersOf,
  zeroMoments,
} from '#engine/methods/ad-dinov3/index.ts';
import { defaultForwardOptions } from '#shared/adapter.ts';
import { createRandom } from '#shared/random.ts';
import { peakMegabytes } from './process-memory.ts';
import type { Form, TrainingTimes } from './training.ts';

const batches = 3;
const images = 64;
const levels = 4;
const shape = { image: 1024, text: 768, bottleneck: 256 };
const size = { levels, rows: 32, columns: 32, dimension: shape.image, maskEdge: 512 };

/** An activation after the second layer of slope 1 changes nothing, and takes the plain form. */
const forward = (form: Form) =>
  form === 'folded'
    ? defaultForwardOptions
    : { ...defaultForwardOptions, slope: 0.01, activatesOutput: true };

const folder = await mkdtemp(join(tmpdir(), 'nidus-bench-'));
const random = createRandom(1);
const noise = (length: number): Float32Array => Float32Array.from({ length }, () => random.next() - 0.5);
const features = openFeatureFolder(folder, size);
const some = Float16Array.from(noise(levels * 1024 * shape.image));
const mask = Uint8Array.from({ length: 512 * 512 }, (_, i) => (i % 512 < 100 && i > 200_000 ? 1 : 0));
for (let image = 0; image < images; image++) {
  await features.write(
    image,
    { ...size, cls: noise(levels * shape.image), patches: some, milliseconds: 0 },
    mask,
  );
}

const form = (process.argv[2] ?? 'folded') as Form;
const options = forward(form);
const weights = initialWeights(levels, shape, 0);
const parameters = parametersOf(weights);
const moments = zeroMoments(parameters);
const session = await openTrainingSession(
  { ...shape, ...size },
  { height: 512, width: 512 },
  options,
  defaultLoss,
  'cpu',
);
const text = noise(2 * shape.text);
let reading = 0;
const timed = async <T>(work: Promise<T>): Promise<T> => {
  const began = performance.now();
  const result = await work;
  reading += (performance.now() - began) / 1000;
  return result;
};
const groups = await Promise.all(
  Array.from({ length: images / imagesARun }, async (_, group): Promise<ImageGroup> => {
    const own = Array.from({ length: imagesARun }, (__, index) => group * imagesARun + index);
    return {
      classes: own.map(() => 0),
      masks: await features.masks(own),
      level: (level) => timed(features.level(own, level)),
    };
  }),
);

const seconds: number[] = [];
let adamSeconds = 0;
for (let step = 1; step <= batches; step++) {
  reading = 0;
  const began = performance.now();
  const { gradients } = await batchGradient(session, weights, shape, text, groups, options, defaultLoss);
  const before = performance.now();
  adamStep(parameters, parametersOf(gradients), moments, step, defaultAdam);
  adamSeconds = (performance.now() - before) / 1000;
  seconds.push((performance.now() - began) / 1000);
}
const beforeCheckpoint = performance.now();
await saveStanding(folder, 'bench', { weights, moments, losses: [] });
const checkpointSeconds = (performance.now() - beforeCheckpoint) / 1000;
await rm(folder, { recursive: true });
process.send!({
  seconds,
  readSeconds: reading,
  adamSeconds,
  checkpointSeconds,
  megabytes: peakMegabytes(),
} satisfies TrainingTimes);
process.disconnect();
