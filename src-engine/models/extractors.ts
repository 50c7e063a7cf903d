import { join } from 'node:path';
import type { PixelArray } from '#shared/arrays.ts';
import { Failure } from '#shared/errors.ts';
import type { ImageFeatures } from '../features/feature-file.ts';
import { type ModelEntry, readCatalogue } from './catalogue.ts';
import { type Fit, preprocess } from './preprocess.ts';
import { openSession } from './session.ts';

/** Part of every fingerprint: a change of windows or resizing must not meet features from before it. */
const PREPROCESSING_VERSION = 1;

/** A model ready to look at images. */
export interface Extractor {
  /** Names everything but pixels and size that features depend on: the model's bytes and the preprocessing. */
  readonly fingerprint: string;
  /**
   * Patch features (rows x columns x dimension, size / patch each way when squashed) and embedding of an image.
   * @throws Failure `invalid` when the size is too small for the model or not a multiple of its patch.
   */
  extract(image: PixelArray, size: number, fit?: Fit): Promise<ImageFeatures>;
}

export interface Extractors {
  /**
   * The extractor of this name, loaded at its first use.
   * @throws Failure `not-found` for a name the catalogue does not have, `unreadable` when it cannot be loaded.
   */
  get(name: string): Promise<Extractor>;
}

/** Extractors of the catalogue in a folder. A load that failed is tried again by the next caller. */
export function openExtractors(folder: string): Extractors {
  const opened = new Map<string, Promise<Extractor>>();
  return {
    get(name) {
      const present = opened.get(name);
      if (present) return present;
      const opening = open(folder, name);
      opened.set(name, opening);
      opening.catch(() => opened.delete(name));
      return opening;
    },
  };
}

async function open(folder: string, name: string): Promise<Extractor> {
  const entries = await readCatalogue(folder);
  const entry = entries.find((candidate) => candidate.name === name);
  if (!entry) {
    const known = entries.map((candidate) => candidate.name).join(', ');
    throw new Failure('not-found', `There is no model "${name}". Known: ${known}.`);
  }
  const session = await openSession(join(folder, entry.file));
  return {
    fingerprint: `${entry.sha256} preprocessing ${PREPROCESSING_VERSION}`,
    async extract(image, size, fit = 'squash') {
      assertSize(entry, size);
      const { patch, normalisation } = entry;
      return session.run(preprocess(image, { size, patch, fit, normalisation }));
    },
  };
}

function assertSize({ name, minimumSize }: ModelEntry, size: number): void {
  if (size < minimumSize) {
    throw new Failure('invalid', `${name} needs images of at least ${minimumSize} pixels, not ${size}.`);
  }
}
