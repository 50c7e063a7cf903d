import { Failure } from '#shared/errors.ts';
import type { PatchCoreSettings } from '#shared/methods/patchcore.ts';
import type { EngineImage } from '#shared/engine-protocol.ts';
import { createRandom } from '#shared/random.ts';
import { memoryBank, type Bank } from '../matching/bank.ts';
import type { Rows } from '../methods/linear-algebra/nearest-neighbours.ts';
import {
  bankRow,
  coresetSize,
  coresetSteps,
  largestPatch,
  neighbourhoodWeight,
  poolPatches,
} from '../methods/patchcore/index.ts';
import { assertMemory, type MethodRunner, type Tools } from './method-runner.ts';
import { patchesOf } from './patches.ts';

interface Fitted {
  readonly rows: Rows;
  readonly bank: Bank;
}

export const patchCore: MethodRunner<PatchCoreSettings, Fitted> = {
  fitSettings: ({ pooling, coreset, seed }) => ({ pooling, coreset, seed }),

  async fit(tools, references, settings, out, report) {
    const [first] = references;
    if (!first) throw new Failure('invalid', 'PatchCore needs at least one reference.');
    const { rows, columns, dimension } = await embed(tools, first, settings);
    const patches = rows * columns;
    assertMemory(references.length * patches * dimension * 4, 'The coreset of PatchCore');
    const parts: Float32Array[] = [];
    for (const reference of references) parts.push((await embed(tools, reference, settings)).data);
    const data = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts.splice(0)) {
      data.set(part, at);
      at += part.length;
    }
    const count = data.length / dimension;
    const size = coresetSize(count, settings.coreset);
    const start = createRandom(settings.seed).integer(count);
    const steps = coresetSteps({ data, count, dimension }, size, start);
    let step = steps.next();
    for (; !step.done; step = steps.next()) await report.step(step.value, size);
    for (const row of step.value.indices) {
      await out.append('bank', data.subarray(row * dimension, (row + 1) * dimension));
    }
    return { dimension };
  },

  async open(files) {
    const { dimension } = files.meta as { dimension: number };
    const data = await files.floats('bank');
    const rows: Rows = { data, count: data.length / dimension, dimension };
    return { rows, bank: memoryBank(rows) };
  },

  async score(tools, query, { rows, bank }, settings) {
    const patches = await embed(tools, query, settings);
    const queries = {
      data: patches.data,
      count: patches.rows * patches.columns,
      dimension: patches.dimension,
    };
    const found = await tools.matcher.nearest(queries, bank, 1);
    const foreground = await tools.images.foreground(query.pixels, patches, settings.foreground);
    const patch = largestPatch(found, foreground);
    let score = 0;
    if (patch >= 0) {
      const nearest = found.indices[patch]!;
      score = Math.sqrt(found.squaredDistances[patch]!);
      if (settings.neighbours > 1) {
        const around = await tools.matcher.nearest(bankRow(rows, nearest), bank, settings.neighbours);
        score *= neighbourhoodWeight(patches, rows, patch, nearest, around.indices);
      }
    }
    const scores = {
      rows: patches.rows,
      columns: patches.columns,
      data: Float32Array.from(found.squaredDistances, Math.sqrt),
    };
    return { scores, foreground, imageScore: score };
  },
};

async function embed(tools: Tools, image: EngineImage, settings: PatchCoreSettings) {
  const patches = await patchesOf(tools, image, settings);
  return settings.pooling ? poolPatches(patches) : patches;
}
