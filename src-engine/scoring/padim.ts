import { Failure } from '#shared/errors.ts';
import { mapRuleOf } from '#shared/methods/index.ts';
import type { PadimSettings } from '#shared/methods/padim.ts';
import { triangleLength } from '../methods/linear-algebra/cholesky.ts';
import { drawChannels, PadimFit, type PadimModel, scorePadim } from '../methods/padim/index.ts';
import { assertMemory, type MethodRunner } from './method-runner.ts';
import { aggregate, patchesOf } from './patches.ts';

interface Meta {
  readonly rows: number;
  readonly columns: number;
  readonly channels: readonly number[];
}

export const padim: MethodRunner<PadimSettings, PadimModel> = {
  fitSettings: ({ channels, shrinkage, seed }) => ({ channels, shrinkage, seed }),

  async fit(tools, references, settings, out, report): Promise<Meta> {
    const [first] = references;
    if (!first || references.length < 2) {
      throw new Failure('invalid', 'PaDiM needs at least two references.');
    }
    const { rows, columns, dimension } = await patchesOf(tools, first, settings, 'nearest');
    const channels = drawChannels(dimension, settings.channels, settings.seed);
    assertMemory(rows * columns * triangleLength(channels.length) * 8, 'The covariances of PaDiM');
    const fit = new PadimFit({ rows, columns }, channels);
    const total = 2 * references.length;
    for (const [index, reference] of references.entries()) {
      fit.addToMeans(await patchesOf(tools, reference, settings, 'nearest'));
      await report.step(index + 1, total);
    }
    for (const [index, reference] of references.entries()) {
      fit.addToCovariances(await patchesOf(tools, reference, settings, 'nearest'));
      await report.step(references.length + index + 1, total);
    }
    const model = fit.finish(settings.shrinkage);
    await out.append('means', model.means);
    await out.append('factors', model.factors);
    return { rows, columns, channels: [...channels] };
  },

  async open(files) {
    const { rows, columns, channels } = files.meta as Meta;
    return {
      rows,
      columns,
      channels: Int32Array.from(channels),
      means: await files.doubles('means'),
      factors: await files.doubles('factors'),
    };
  },

  async score(tools, query, model, settings) {
    const patches = await patchesOf(tools, query, settings, 'nearest');
    const scores = scorePadim(model, patches);
    const foreground = await tools.images.foreground(query.pixels, patches, settings.foreground);
    const imageScore = aggregate(scores, foreground, 'largest-pixel', mapRuleOf(settings), query);
    return { scores, foreground, imageScore };
  },
};
