/** The learned numbers of a model by name, checked against what its configuration asks for. */

import { Failure } from '#shared/errors.ts';
import type { Weights } from '../safetensors/weights.ts';

/** A tensor whose values are read when they are needed, row-major, in chunks that are valid until the next one. */
export interface Parameter {
  /** Name in the graph. */
  readonly name: string;
  readonly shape: readonly number[];
  values(): AsyncIterable<Float32Array>;
}

export interface Parameters {
  /** @throws Failure `unreadable` that names a tensor which is missing or has another shape. */
  get(name: string, shape: readonly number[]): Parameter;
  has(name: string): boolean;
  /** Shape of a tensor that the configuration leaves open. */
  shape(name: string): readonly number[];
  /**
   * Refuses tensors that nothing asked for, where every tensor must take part.
   * @throws Failure `unreadable` for the first name that matches and was never asked for.
   */
  assertAllUsed(pattern: RegExp): void;
}

/** What libraries put before the names when the encoder is part of a larger model. */
const PREFIX = /^(?:model|dinov2|dinov2_with_registers|dinov3_vit|dinov3_convnext)\./;

/** Parameters of opened weights; an optional prefix of each name is ignored. */
export function parametersOf(weights: Weights): Parameters {
  const stored = new Map<string, string>();
  for (const name of weights.shapes.keys()) {
    const short = name.replace(PREFIX, '');
    const other = stored.get(short);
    if (other !== undefined) {
      throw new Failure(
        'unreadable',
        `${weights.label} holds both ${other} and ${name}, which mean the same.`,
      );
    }
    stored.set(short, name);
  }
  const used = new Set<string>();
  const find = (name: string): string => {
    const found = stored.get(name);
    if (found !== undefined) return found;
    throw new Failure('unreadable', `${weights.label} has no tensor ${name}, which config.json asks for.`);
  };
  return {
    get(name, shape) {
      const found = find(name);
      const actual = weights.shapes.get(found)!;
      if (actual.join() !== shape.join()) {
        throw new Failure(
          'unreadable',
          `Tensor ${found} in ${weights.label} has shape [${actual.join(', ')}]; config.json asks for [${shape.join(', ')}].`,
        );
      }
      used.add(name);
      return { name, shape, values: () => weights.values(found) };
    },
    has: (name) => stored.has(name),
    shape: (name) => weights.shapes.get(find(name))!,
    assertAllUsed(pattern) {
      for (const [name, found] of stored) {
        if (pattern.test(name) && !used.has(name)) {
          throw new Failure(
            'unreadable',
            `${weights.label} holds tensor ${found}, which does not fit config.json.`,
          );
        }
      }
    },
  };
}
