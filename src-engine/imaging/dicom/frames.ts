import type { DataSet, Element } from 'dicom-parser';
import { refuse } from '../refusals.ts';
import { tags } from './attributes.ts';

interface Piece {
  /** Distance from the first byte after the Basic Offset Table item. */
  readonly offset: number;
  readonly position: number;
  readonly length: number;
}

/**
 * The compressed frames of encapsulated pixel data (PS3.5 A.4), in order: told apart by the extended or basic offset
 * table, by one fragment a frame, or by where JPEG streams begin.
 * @throws Failure 'unreadable' where the frames cannot be told apart or run over the end of the file.
 */
export function compressedFrames(dataSet: DataSet, count: number, name: string): (() => Uint8Array)[] {
  const element = dataSet.elements[tags.pixelData];
  const pieces: readonly Piece[] = element?.fragments ?? [];
  if (!element || pieces.length === 0) throw refuse(name, 'its compressed pixel data is empty');
  const size = dataSet.byteArray.length;
  if (pieces.some(({ position, length }) => position + length > size)) {
    throw refuse(name, 'the file is cut off in its compressed pixel data');
  }
  const groups = groupPieces(dataSet, element, pieces, count);
  if (!groups) {
    throw refuse(name, `its ${pieces.length} pieces of compressed pixel data do not make ${count} frames`);
  }
  return groups.map((group) => () => joined(dataSet.byteArray, group));
}

function groupPieces(
  dataSet: DataSet,
  element: Element,
  pieces: readonly Piece[],
  count: number,
): (readonly Piece[])[] | undefined {
  if (count === 1) return [pieces];
  const starts = extendedStarts(dataSet, count) ?? basicStarts(element, count);
  if (starts) {
    const groups = splitAt(pieces, starts);
    if (groups) return groups;
  }
  if (pieces.length === count) return pieces.map((piece) => [piece]);
  const jpegStarts = pieces
    .filter(({ position }) => startsStream(dataSet.byteArray, position))
    .map(({ offset }) => offset);
  return jpegStarts.length === count ? splitAt(pieces, jpegStarts) : undefined;
}

/** PS3.3 C.7.6.3.1.8: 64-bit offsets, for files of more than 4 GiB. */
function extendedStarts(dataSet: DataSet, count: number): number[] | undefined {
  const element = dataSet.elements[tags.extendedOffsets];
  if (!element || element.length !== count * 8) return undefined;
  const { buffer, byteOffset } = dataSet.byteArray;
  const view = new DataView(buffer, byteOffset + element.dataOffset, element.length);
  return Array.from({ length: count }, (_, i) => Number(view.getBigUint64(i * 8, true)));
}

function basicStarts({ basicOffsetTable = [] }: Element, count: number): readonly number[] | undefined {
  return basicOffsetTable.length === count ? basicOffsetTable : undefined;
}

/** Groups that begin at these offsets; undefined where no piece begins at one of them. */
function splitAt(pieces: readonly Piece[], starts: readonly number[]): (readonly Piece[])[] | undefined {
  const indices = starts.map((start) => pieces.findIndex(({ offset }) => offset === start));
  const inOrder = indices.every((index, i) => index >= 0 && (i === 0 || index > indices[i - 1]!));
  if (!inOrder || indices[0] !== 0) return undefined;
  return indices.map((index, i) => pieces.slice(index, indices[i + 1]));
}

/** The start of a JPEG, JPEG-LS or JPEG 2000 stream. */
const startsStream = (bytes: Uint8Array, at: number): boolean =>
  bytes[at] === 0xff && (bytes[at + 1] === 0xd8 || bytes[at + 1] === 0x4f);

function joined(bytes: Uint8Array, pieces: readonly Piece[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const { position, length } of pieces) {
    whole.set(bytes.subarray(position, position + length), at);
    at += length;
  }
  return whole;
}
