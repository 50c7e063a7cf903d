import {
  type AdapterDescription,
  AdapterDescription as Schema,
  type WrittenAdapter,
} from '#shared/adapter.ts';
import { Failure } from '#shared/errors.ts';
import {
  type AdapterShape,
  type AdapterWeights,
  fillWeights,
  parametersOf,
  zeroWeights,
} from '#engine/methods/ad-dinov3/index.ts';
import { cut, readFloats, writeFloats } from './floats-file.ts';

const MAGIC = 'NIDUSADA';

export interface LoadedAdapter extends WrittenAdapter {
  readonly weights: AdapterWeights;
}

export const shapeOf = ({ image, text, settings }: Omit<AdapterDescription, 'losses'>): AdapterShape => ({
  image: image.dimension,
  text: text.dimension,
  bottleneck: settings.bottleneck,
});

/** One level where there are no layers to choose from. */
export const levelCount = ({ image }: Omit<AdapterDescription, 'losses'>): number =>
  Math.max(1, image.layers.length);

/** Writes `.nidus-adapter`: weights, prompts, hashes of both encoders and the record of the training. */
export async function writeAdapter(
  path: string,
  description: AdapterDescription,
  weights: AdapterWeights,
): Promise<WrittenAdapter> {
  return { ...(await writeFloats(path, MAGIC, description, parametersOf(weights))), description };
}

/** @throws Failure `unreadable` when the file is no adapter or has been changed */
export async function readAdapter(path: string): Promise<LoadedAdapter> {
  const { header, floats, sha256, bytes } = await readFloats(path, MAGIC, 'an adapter of Nidus');
  const parsed = Schema.safeParse(header);
  if (!parsed.success) throw new Failure('unreadable', `${path} was written by another version of Nidus.`);
  const zeros = zeroWeights(levelCount(parsed.data), shapeOf(parsed.data));
  const weights = fillWeights(zeros, cut(floats, parametersOf(zeros), path));
  return { description: parsed.data, weights, sha256, bytes };
}
