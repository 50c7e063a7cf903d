/** The small JSON files beside the weights, as Hugging Face writes them. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Failure } from '#shared/errors.ts';

/** The parsed `config.json` of a model folder. @throws Failure `not-found` or `unreadable`. */
export async function readConfig(folder: string): Promise<unknown> {
  const config = await readJson(folder, 'config.json');
  if (config === undefined) throw new Failure('not-found', `${folder} holds no config.json.`);
  return config;
}

/** How images are prepared for a model. */
export interface Preprocessing {
  /** Of red, green and blue in 0 .. 1. */
  readonly mean: readonly [number, number, number];
  readonly standardDeviation: readonly [number, number, number];
}

/** Statistics of ImageNet, which all released models but the satellite ones use. */
const imageNet: Preprocessing = {
  mean: [0.485, 0.456, 0.406],
  standardDeviation: [0.229, 0.224, 0.225],
};

const triple = z.tuple([z.number(), z.number(), z.number()]);
const positiveTriple = z.tuple([z.number().positive(), z.number().positive(), z.number().positive()]);

const preprocessorSchema = z.object({
  image_mean: triple.default([...imageNet.mean]),
  image_std: positiveTriple.default([...imageNet.standardDeviation]),
});

/** What `preprocessor_config.json` says; ImageNet's statistics where there is none. @throws Failure `unreadable`. */
export async function readPreprocessing(folder: string): Promise<Preprocessing> {
  const name = 'preprocessor_config.json';
  const parsed = preprocessorSchema.safeParse((await readJson(folder, name)) ?? {});
  if (!parsed.success) {
    throw new Failure(
      'unreadable',
      `${name} gives no usable ${parsed.error.issues[0]!.path.join('.') || 'settings'}.`,
    );
  }
  return { mean: parsed.data.image_mean, standardDeviation: parsed.data.image_std };
}

/** Undefined when the file is not there. */
async function readJson(folder: string, name: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(join(folder, name), 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new Failure('unreadable', `${name} is not JSON.`, { cause: error });
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
