import { readFile, writeFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import type { PatchFeatures, PatchMask } from '#shared/arrays.ts';
import { anomalyMap } from '#shared/anomaly-map.ts';
import { Failure } from '#shared/errors.ts';
import { readNpy, toFloat32, writeNpy } from '#shared/npy.ts';
import { answer, figure } from './output.ts';
import { integer } from './run.ts';
import { wantsJson } from './session.ts';
import { withEngine } from './with-engine.ts';

interface ScoreOptions {
  readonly support: string;
  readonly foreground: string;
  readonly query: string;
  readonly k: number;
  readonly seed: number;
  readonly out?: string;
}

/** For people who bring their own features: no workspace, no study. */
export function addBringYourOwnCommands(program: Command): void {
  program
    .command('score')
    .description('a method on your own patch features (.npy, float32, rows x columns x dimension)')
    .addOption(new Option('--method <method>').choices(['dino-ad']).default('dino-ad'))
    .requiredOption('--support <features.npy>', 'features of the support image')
    .requiredOption(
      '--foreground <mask.npy>',
      'patches of the support image that count (rows x columns, 0 = no)',
    )
    .requiredOption('--query <features.npy>', 'features of the query image')
    .option('--k <n>', 'clusters', integer, 2)
    .option('--seed <n>', 'seed of K-means', integer, 0)
    .option('--out <map.npy>', 'raw patch scores, 1 - mean cosine similarity (rows x columns)')
    .action(async (options: ScoreOptions, command: Command) => {
      const [support, query] = [await readFeatures(options.support), await readFeatures(options.query)];
      const foreground = await readPatchMask(options.foreground, support, options.support);
      if (query.dimension !== support.dimension) {
        throw new Failure(
          'invalid',
          `${options.query}: dimension ${query.dimension}, but ${options.support} has ${support.dimension}.`,
        );
      }
      const request = { support, foreground, query, k: options.k, seed: options.seed };
      const scored = await withEngine((engine) => engine.call('score-features', request, 'interactive'));
      const map = anomalyMap(scored.scores, null, 'raw');
      if (options.out !== undefined) {
        await writeFile(
          options.out,
          writeNpy({ type: 'f4', shape: [map.rows, map.columns], data: map.data }),
        );
      }
      const result = {
        imageScore: scored.imageScore,
        clusterSizes: scored.clusterSizes,
        min: Math.min(...map.data),
        max: Math.max(...map.data),
        out: options.out ?? null,
      };
      answer(wantsJson(command), result, () => [
        `image score ${figure(result.imageScore)}, map ${figure(result.min)} to ${figure(result.max)}`,
      ]);
    });
}

async function readArray(path: string) {
  const bytes = await readFile(path).catch(() => {
    throw new Failure('not-found', `${path}: there is no such file.`);
  });
  return readNpy(bytes, path);
}

async function readFeatures(path: string): Promise<PatchFeatures> {
  const array = await readArray(path);
  // `nidus features` writes the layers first; of one layer there is nothing to choose.
  const shape = array.shape.length === 4 && array.shape[0] === 1 ? array.shape.slice(1) : array.shape;
  const [rows, columns, dimension] = shape;
  if (rows === undefined || columns === undefined || dimension === undefined || shape.length !== 3) {
    throw new Failure(
      'invalid',
      `${path}: features are rows x columns x dimension, this file is ${array.shape.join(' x ')}.`,
    );
  }
  return { rows, columns, dimension, data: toFloat32(array) };
}

async function readPatchMask(path: string, { rows, columns }: PatchFeatures, of: string): Promise<PatchMask> {
  const array = await readArray(path);
  if (array.shape.length !== 2 || array.shape[0] !== rows || array.shape[1] !== columns) {
    throw new Failure(
      'invalid',
      `${path}: the mask is ${array.shape.join(' x ')}, but ${of} has ${rows} x ${columns} patches.`,
    );
  }
  return { rows, columns, data: Uint8Array.from(toFloat32(array), (value) => (value > 0 ? 1 : 0)) };
}
