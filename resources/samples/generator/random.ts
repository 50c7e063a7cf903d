import type { Random } from '#shared/random.ts';

export { createRandom, type Random } from '#shared/random.ts';

/** Uniform number in [low, high). */
export const between = (random: Random, low: number, high: number): number =>
  low + (high - low) * random.next();

/** Standard normal number (Box and Muller 1958). */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}
