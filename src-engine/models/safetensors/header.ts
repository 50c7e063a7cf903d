/** The header of a safetensors file: an 8-byte length, JSON, then the bytes of all tensors without a gap. */

import type { FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import { Failure } from '#shared/errors.ts';

/** Bytes per element of every type the format knows; the ones we can turn into float32 are in `floats.ts`. */
const elementBytes: Readonly<Record<string, number>> = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E4M3: 1,
  F8_E5M2: 1,
  F8_E8M0: 1,
  U16: 2,
  I16: 2,
  F16: 2,
  BF16: 2,
  U32: 4,
  I32: 4,
  F32: 4,
  U64: 8,
  I64: 8,
  F64: 8,
  C64: 8,
};

/** Where a tensor lies in its file. */
export interface TensorEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Position in the file, not in the data part. */
  readonly offset: number;
  readonly byteLength: number;
}

const LENGTH_BYTES = 8;
/** Limit of the format's own reader; anything larger is no header. */
const MAX_HEADER_BYTES = 100_000_000;

const count = z.int().nonnegative();
const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(count),
  data_offsets: z.tuple([count, count]),
});

/**
 * Reads and checks the header.
 * @param name what errors call the file.
 * @throws Failure `unreadable` when the file is cut off, is no safetensors file, or its entries leave its data,
 * overlap, leave gaps or do not fit their shapes.
 */
export async function readHeader(file: FileHandle, name: string): Promise<Map<string, TensorEntry>> {
  const refuse = (reason: string, cause?: unknown): Failure =>
    new Failure('unreadable', `${name} ${reason}.`, { cause });
  const { size } = await file.stat();
  const lengthField = Buffer.alloc(LENGTH_BYTES);
  if (size < LENGTH_BYTES) throw refuse('is cut off: it does not even hold the length of its header');
  await file.read(lengthField, 0, LENGTH_BYTES, 0);
  const length = lengthField.readBigUInt64LE();
  if (length < 2n || length > BigInt(MAX_HEADER_BYTES)) throw refuse('is not a safetensors file');
  const dataStart = LENGTH_BYTES + Number(length);
  if (dataStart > size) throw refuse('is cut off within its header');
  const text = Buffer.alloc(Number(length));
  await file.read(text, 0, text.byteLength, LENGTH_BYTES);
  let json: unknown;
  try {
    json = JSON.parse(text.toString('utf8'));
  } catch (error) {
    throw refuse('is not a safetensors file: its header is not JSON', error);
  }
  const header = z.record(z.string(), z.unknown()).safeParse(json);
  if (!header.success) throw refuse('is not a safetensors file: its header is not an object');

  const entries = new Map<string, TensorEntry>();
  for (const [tensor, raw] of Object.entries(header.data)) {
    if (tensor === '__metadata__') continue;
    const parsed = entrySchema.safeParse(raw);
    if (!parsed.success) throw refuse(`describes tensor ${tensor} without a usable dtype, shape or offsets`);
    const { dtype, shape, data_offsets: range } = parsed.data;
    entries.set(tensor, checkEntry(tensor, dtype, shape, range, dataStart, size, refuse));
  }
  checkCoverage(entries, dataStart, size, refuse);
  return entries;
}

type Refuse = (reason: string) => Failure;

function checkEntry(
  tensor: string,
  dtype: string,
  shape: readonly number[],
  [begin, end]: readonly [number, number],
  dataStart: number,
  size: number,
  refuse: Refuse,
): TensorEntry {
  const bytes = elementBytes[dtype];
  if (bytes === undefined) throw refuse(`holds tensor ${tensor} in the unknown type ${dtype}`);
  if (begin > end) throw refuse(`gives tensor ${tensor} an end before its beginning`);
  if (dataStart + end > size) {
    throw refuse(`is cut off: tensor ${tensor} ends ${dataStart + end - size} bytes behind the file`);
  }
  const byteLength = shape.reduce((product, extent) => product * extent, bytes);
  if (byteLength !== end - begin) {
    throw refuse(
      `gives tensor ${tensor} ${end - begin} bytes, but shape [${shape.join(', ')}] of ${dtype} takes ${byteLength}`,
    );
  }
  return { dtype, shape, offset: dataStart + begin, byteLength };
}

/** The format allows no overlap and no gap; a gap is also what a name given twice leaves behind. */
function checkCoverage(
  entries: ReadonlyMap<string, TensorEntry>,
  dataStart: number,
  size: number,
  refuse: Refuse,
): void {
  const ordered = [...entries].sort(
    ([, a], [, b]) => a.offset - b.offset || a.offset + a.byteLength - (b.offset + b.byteLength),
  );
  let position = dataStart;
  let previous = 'the header';
  for (const [tensor, { offset, byteLength }] of ordered) {
    if (offset < position) throw refuse(`is damaged: tensor ${tensor} overlaps ${previous}`);
    if (offset > position) throw refuse(`is damaged: nothing describes the bytes before tensor ${tensor}`);
    position = offset + byteLength;
    previous = `tensor ${tensor}`;
  }
  if (position !== size) throw refuse(`is damaged: nothing describes its last ${size - position} bytes`);
}
