import type { DataSet } from 'dicom-parser';
import { refuse } from '../refusals.ts';
import type { SampleData } from '../sample-array.ts';
import { tags, unsignedShort } from './attributes.ts';
import type { DicomFile } from './parse.ts';
import { readTable } from './rescale.ts';

interface Palette {
  /** Colour of stored sample `first`, `first + 1` ...; beyond its ends the end values hold. */
  readonly first: number;
  readonly values: SampleData;
}

/** Palette indices to RGB of 8 bits (PS3.3 C.7.6.3.1.5 and C.7.9); 16-bit entries give their upper byte. */
export function expandPalette({ dataSet, name }: DicomFile, indices: SampleData): Uint8Array {
  const palettes = (['red', 'green', 'blue'] as const).map((colour) => {
    const palette: Palette | null =
      readTable(dataSet, dataSet, tags[`${colour}Descriptor`], tags[`${colour}Data`]) ??
      segmentedPalette(dataSet, tags[`${colour}Descriptor`], tags[`${colour}Segmented`]);
    if (!palette) throw refuse(name, 'its colour palette is damaged');
    return { ...palette, shift: isWide(palette.values) ? 8 : 0 };
  });
  const rgb = new Uint8Array(indices.length * 3);
  for (let i = 0; i < indices.length; i++) {
    palettes.forEach(({ first, values, shift }, channel) => {
      const entry = Math.min(values.length - 1, Math.max(0, indices[i]! - first));
      rgb[i * 3 + channel] = values[entry]! >> shift;
    });
  }
  return rgb;
}

const isWide = (values: SampleData): boolean => {
  for (const value of values) if (value > 255) return true;
  return false;
};

/** PS3.3 C.7.9.2; null where it is missing, damaged or does not give the entries its descriptor announces. */
function segmentedPalette(dataSet: DataSet, descriptorTag: string, dataTag: string): Palette | null {
  const element = dataSet.elements[dataTag];
  const entries = unsignedShort(dataSet, descriptorTag);
  if (!element || entries === undefined || dataSet.elements[descriptorTag]!.length < 6) return null;
  const signed = unsignedShort(dataSet, tags.pixelRepresentation) === 1;
  const first = (signed ? dataSet.int16(descriptorTag, 1) : dataSet.uint16(descriptorTag, 1)) ?? 0;
  const bytewise = dataSet.uint16(descriptorTag, 2) === 8;
  const words = bytewise
    ? dataSet.byteArray.subarray(element.dataOffset, element.dataOffset + element.length)
    : Uint16Array.from({ length: element.length >> 1 }, (_, i) => dataSet.uint16(dataTag, i)!);
  const count = entries === 0 ? 65_536 : entries;
  const values = expandSegments(words, bytewise ? 1 : 2, count);
  return values && { first, values: values.subarray(0, count) };
}

/** More segments than entries can only be meant to keep a reader busy. */
const maxSegments = 2 ** 17;
const discrete = 0;
const linear = 1;
const indirect = 2;

/** Null where the segments do not make `count` values. A trailing byte of padding is left over. */
function expandSegments(words: ArrayLike<number>, bytesPerWord: 1 | 2, count: number): Uint16Array | null {
  const values = new Uint16Array(count);
  let filled = 0;
  let segments = 0;

  /** @returns where the next segment begins; undefined where this one is damaged */
  const expand = (at: number, depth: number): number | undefined => {
    const [kind, length] = [words[at], words[at + 1]];
    if (kind === undefined || length === undefined || ++segments > maxSegments) return undefined;
    if (kind === discrete) {
      if (at + 2 + length > words.length) return undefined;
      for (let i = 0; i < length && filled < count; i++) values[filled++] = words[at + 2 + i]!;
      return at + 2 + length;
    }
    if (kind === linear) {
      const [from, to] = [values[filled - 1], words[at + 2]];
      if (from === undefined || to === undefined) return undefined;
      for (let i = 1; i <= length && filled < count; i++)
        values[filled++] = Math.round(from + ((to - from) * i) / length);
      return at + 3;
    }
    // Copies of earlier segments may not copy in turn, so that no file runs in a circle.
    if (kind !== indirect || depth > 0) return undefined;
    const offset = offsetAt(words, at + 2, bytesPerWord);
    let next: number | undefined = offset;
    for (let i = 0; i < length && next !== undefined; i++) next = expand(next, 1);
    return next === undefined ? undefined : at + (bytesPerWord === 1 ? 6 : 4);
  };

  for (let at: number | undefined = 0; filled < count;) {
    at = expand(at, 0);
    if (at === undefined) return null;
  }
  return values;
}

/** In words, of a 32-bit offset in bytes, least significant part first. */
function offsetAt(words: ArrayLike<number>, at: number, bytesPerWord: 1 | 2): number {
  const parts = 4 / bytesPerWord;
  let offset = 0;
  for (let i = parts - 1; i >= 0; i--) offset = offset * 2 ** (8 * bytesPerWord) + (words[at + i] ?? 0);
  return offset / bytesPerWord;
}
