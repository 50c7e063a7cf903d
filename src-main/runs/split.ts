import { createHash } from 'node:crypto';
import { Failure } from '#shared/errors.ts';
import type { SweepPart } from '#shared/sweep.ts';
import type { StoredImage } from '#main/workspace/repositories/images.ts';

export interface Split {
  readonly normals: readonly StoredImage[];
  readonly queries: readonly StoredImage[];
  /** What a sweep keeps of it. */
  readonly record: NonNullable<SweepPart['split']>;
}

/**
 * The images a protocol takes: training and test of the data set as its folders had them, so that roles given since
 * change nothing. Of folders that did not say, the roles of now.
 * @throws Failure('invalid') when there is nothing to compare with or to test
 */
export function splitOf(study: string, images: readonly StoredImage[]): Split {
  const known = images.some(({ split }) => split === 'test') && images.some(({ split }) => split === 'train');
  // A lesion among the training images is no reference, whoever put it there.
  const normals = images.filter(({ split, role, label }) =>
    known ? split === 'train' && label !== 'abnormal' : role === 'normal',
  );
  const queries = images.filter(({ split, role }) => (known ? split === 'test' : role === 'query'));
  if (normals.length === 0 || queries.length === 0) {
    const missing = normals.length === 0 ? 'normal images to compare with' : 'images to test';
    throw new Failure('invalid', `${study} has no ${missing}, which the protocol needs.`);
  }
  const lines = [
    ...normals.map(({ pixels }) => `reference ${pixels.sha256}`),
    ...queries.map(
      ({ pixels, label, truth }) =>
        `test ${pixels.sha256} ${label} ${truth.kind === 'drawn' ? truth.sha256 : truth.kind}`,
    ),
  ];
  return {
    normals,
    queries,
    record: {
      source: known ? 'data set' : 'roles',
      references: normals.length,
      queries: queries.length,
      sha256: createHash('sha256').update(lines.toSorted().join('\n')).digest('hex'),
    },
  };
}
