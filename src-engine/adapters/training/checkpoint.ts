/** Where a training stands after its last whole batch: weights, moments of Adam, losses. */

import { join } from 'node:path';
import { z } from 'zod';
import { LossPoint } from '#shared/adapter.ts';
import {
  type AdapterWeights,
  fillWeights,
  type Moments,
  parametersOf,
  zeroMoments,
} from '#engine/methods/ad-dinov3/index.ts';
import { cut, readFloats, writeFloats } from '../floats-file.ts';

const MAGIC = 'NIDUSCHK';
const Header = z.object({ plan: z.string(), losses: z.array(LossPoint) });

export interface Standing {
  readonly weights: AdapterWeights;
  readonly moments: Moments;
  /** One entry a batch done. */
  readonly losses: readonly LossPoint[];
}

const fileIn = (folder: string): string => join(folder, 'checkpoint');

/** @param plan hash of all that decides the numbers: another plan begins anew */
export async function saveStanding(
  folder: string,
  plan: string,
  { weights, moments, losses }: Standing,
): Promise<void> {
  await writeFloats(fileIn(folder), MAGIC, { plan, losses }, [
    ...parametersOf(weights),
    ...moments.first,
    ...moments.second,
  ]);
}

/** Undefined where there is none of this plan, or it is damaged. @param like gives the shapes */
export async function loadStanding(
  folder: string,
  plan: string,
  like: AdapterWeights,
): Promise<Standing | undefined> {
  try {
    const { header, floats } = await readFloats(fileIn(folder), MAGIC, 'a checkpoint');
    const parsed = Header.parse(header);
    if (parsed.plan !== plan) return undefined;
    const parameters = parametersOf(like);
    const { first, second } = zeroMoments(parameters);
    const pieces = cut(floats, [...parameters, ...first, ...second], fileIn(folder));
    const count = parameters.length;
    return {
      weights: fillWeights(like, pieces.slice(0, count)),
      moments: { first: pieces.slice(count, 2 * count), second: pieces.slice(2 * count) },
      losses: parsed.losses,
    };
  } catch {
    return undefined;
  }
}
