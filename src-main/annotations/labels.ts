/** Label maps between the wire (base64), the database (raw deflate) and whoever needs the samples. Native code only. */
import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import type { PackedLabels } from '#shared/annotation.ts';
import { Failure } from '#shared/errors.ts';

const inflate = promisify(inflateRaw);

export const fromWire = (labels: PackedLabels): Buffer => Buffer.from(labels, 'base64');
export const toWire = (labels: Buffer): PackedLabels => labels.toString('base64');

/**
 * The samples of a stored label map.
 * @throws Failure('invalid') when they are not exactly `count` bytes: nothing of another size is ever stored.
 */
export async function samplesOf(labels: Buffer, count: number, name: string): Promise<Buffer> {
  const bytes = await inflate(labels, { maxOutputLength: count + 1 }).catch(() => undefined);
  if (bytes?.length === count) return bytes;
  throw new Failure('invalid', `${name}: the annotation does not have the size of the image.`);
}
