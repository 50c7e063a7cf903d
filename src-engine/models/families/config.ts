/** Checks that the configurations of all families share. */

import { z } from 'zod';
import { Failure } from '#shared/errors.ts';
import { activationNames } from './activations.ts';

const FILE = 'config.json';

export const size = z.int().positive();
export const epsilon = z.number().positive().lt(1);
export const activation = z.enum(activationNames);
/** Images of three channels are all that Nidus feeds. */
export const threeChannels = z.literal(3).default(3);

/** An error about the configuration; `problem` goes on after the file's name. */
export const refuseConfig = (problem: string): Failure => new Failure('unreadable', `${FILE} ${problem}.`);

/** @throws Failure `unreadable` that names the first field which is missing or unusable. */
export function parseConfig<T>(schema: z.ZodType<T>, config: unknown): T {
  const parsed = schema.safeParse(config);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  throw refuseConfig(
    path.length === 0
      ? `is no model description: ${message}`
      : `gives no usable ${path.join('.')}: ${message}`,
  );
}

/** @throws Failure `unreadable` when heads do not divide the hidden size into a multiple of `step`. */
export function headDimensionOf(hiddenSize: number, heads: number, step: number): number {
  const dimension = hiddenSize / heads;
  if (Number.isInteger(dimension / step)) return dimension;
  const wanted = step === 1 ? 'a whole number' : `a multiple of ${step}`;
  throw refuseConfig(
    `divides hidden_size ${hiddenSize} by num_attention_heads ${heads}, which does not give ${wanted} of channels a head`,
  );
}
