import { Failure } from '#shared/errors.ts';
import { isSameClass, unknownClass } from '#shared/prompts.ts';
import type { StoredImage } from '#main/workspace/repositories/images.ts';

/** What an adapter has seen, or will see. */
export interface Seen {
  readonly classes: readonly string[];
  /** SHA-256 of the pixels of its images. */
  readonly images: readonly string[];
}

/**
 * An adapter says nothing of what it was trained on: neither class nor image may be in both. "object" names no class.
 * @throws Failure('invalid') that names the class or an image
 */
export function assertDisjoint(
  seen: Seen,
  target: { readonly className: string; readonly images: readonly StoredImage[] },
  what: string,
): void {
  const { className } = target;
  if (className !== unknownClass && seen.classes.some((name) => isSameClass(name, className))) {
    throw new Failure('invalid', `${what} was trained on "${className}", so it cannot be tried on it.`);
  }
  const hashes = new Set(seen.images);
  const both = target.images.filter(({ pixels }) => hashes.has(pixels.sha256));
  const [first] = both;
  if (!first) return;
  const others = both.length === 1 ? '' : ` and ${both.length - 1} more`;
  throw new Failure('invalid', `${what} was trained on ${first.name}${others}, so it cannot be tried on it.`);
}
