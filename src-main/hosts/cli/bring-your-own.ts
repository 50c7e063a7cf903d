import { readFile, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { PatchFeatures, PatchMask } from '#shared/arrays.ts';
import { anomalyMap } from '#shared/anomaly-map.ts';
import { Failure } from '#shared/errors.ts';
import { type Method, methods } from '#shared/methods/index.ts';
import { readNpy, toFloat32, writeNpy } from '#shared/npy.ts';
import { score as scoreText } from '#shared/score-text.ts';
import { addMethodOptions, type Given, methodOption, settingsFrom } from './method-options.ts';
import { answer } from './output.ts';
import { assertBrought, imagesFrom, startOf } from './score-features.ts';
import { wantsJson } from './session.ts';
import { withEngine } from './with-engine.ts';

interface ScoreOptions {
  readonly method: Method;
  readonly support?: string;
  readonly foreground?: string;
  readonly references?: string;
  readonly query: string;
  readonly out?: string;
}

/** For people who bring their own features: no workspace, no study. */
export function addBringYourOwnCommands(program: Command): void {
  const command = program
    .command('score')
    .description('a method on your own patch features (.npy, float32)')
    .addOption(methodOption())
    .option('--support <features.npy>', 'features of the support image, rows x columns x dimension (dino-ad)')
    .option(
      '--foreground <mask.npy>',
      'patches of the support image that count, rows x columns, 0 = no (dino-ad)',
    )
    .option(
      '--references <features.npy>',
      'features of the normal images, images x rows x columns x dimension, or patches x dimension',
    )
    .requiredOption(
      '--query <features.npy>',
      'features of the query, rows x columns x dimension, or of several, images first',
    )
    .option('--out <map.npy>', 'raw patch scores, rows x columns; of several queries images first');
  addMethodOptions(command, ['foreground', 'support']);
  command.action(async (options: ScoreOptions & Given, own: Command) => {
    const scored =
      options.method === 'dino-ad' ? await scoreOnSupport(options) : await scoreOnReferences(options);
    if (options.out !== undefined) {
      const { shape, data } = scored;
      await writeFile(options.out, writeNpy({ type: 'f4', shape, data }));
    }
    const result = { ...scored.answer, ...extremes(scored.data), out: options.out ?? null };
    const scores = scored.imageScores.map((value) => scoreText(value)).join(', ');
    answer(wantsJson(own), result, () => [
      `image score ${scores}, map ${scoreText(result.min)} to ${scoreText(result.max)}`,
    ]);
  });
}

interface Brought {
  readonly shape: readonly number[];
  readonly data: Float32Array;
  readonly imageScores: readonly number[];
  /** What the JSON answer says besides the range of the map. */
  readonly answer: Readonly<Record<string, unknown>>;
}

async function scoreOnSupport(options: ScoreOptions & Given): Promise<Brought> {
  const { support: supportPath, foreground: maskPath, method, query: queryPath, ...given } = options;
  if (supportPath === undefined || maskPath === undefined) {
    throw new Failure('invalid', 'DINO-AD needs --support FEATURES.npy and --foreground MASK.npy.');
  }
  const settings = settingsFrom(methods[method].defaults, {}, given);
  if (settings.method !== 'dino-ad') throw new Failure('bug', 'These are not the settings of DINO-AD.');
  const [support, query] = [await readFeatures(supportPath), await readFeatures(queryPath)];
  const foreground = await readPatchMask(maskPath, support, supportPath);
  if (query.dimension !== support.dimension) {
    throw new Failure(
      'invalid',
      `${queryPath}: dimension ${query.dimension}, but ${supportPath} has ${support.dimension}.`,
    );
  }
  const request = { support, foreground, query, k: settings.k, seed: settings.seed };
  const { scores, imageScore, clusterSizes } = await withEngine((engine) =>
    engine.call('score-features', request, 'interactive'),
  );
  const { rows, columns, data } = scores;
  return { shape: [rows, columns], data, imageScores: [imageScore], answer: { imageScore, clusterSizes } };
}

async function scoreOnReferences(options: ScoreOptions & Given): Promise<Brought> {
  const { method, support, foreground, references: path, query: queryPath, ...given } = options;
  const { title } = methods[method];
  if (method === 'ad-dinov3') {
    throw new Failure('invalid', `${title} reads images and text: it cannot score features alone.`);
  }
  if (support !== undefined || foreground !== undefined) {
    throw new Failure('invalid', `${title} takes --references, not --support and --foreground.`);
  }
  const bank = path === undefined ? undefined : await readArray(path);
  const references = bank === undefined || path === undefined ? [] : imagesFrom(bank, path);
  const queryArray = await readArray(queryPath);
  const queries = imagesFrom(queryArray, queryPath);
  const settings = settingsFrom(startOf(method, bank?.shape.length === 2), {}, given);
  assertBrought(settings, references, queries);
  const scored = await withEngine((engine) =>
    engine.call('score-brought', { references, queries, settings }, 'interactive'),
  );
  const maps = scored.map(({ scores, foreground: counted }) => anomalyMap(scores, counted, 'raw'));
  const { rows, columns } = maps[0]!;
  const data = new Float32Array(maps.length * rows * columns);
  for (const [index, map] of maps.entries()) data.set(map.data, index * rows * columns);
  const imageScores = scored.map(({ imageScore }) => imageScore);
  const several = queryArray.shape.length === 4;
  return {
    shape: several ? [maps.length, rows, columns] : [rows, columns],
    data,
    imageScores,
    answer: several ? { imageScores } : { imageScore: imageScores[0] },
  };
}

const extremes = (data: Float32Array) => ({
  min: data.reduce((least, value) => Math.min(least, value), Infinity),
  max: data.reduce((most, value) => Math.max(most, value), -Infinity),
});

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
