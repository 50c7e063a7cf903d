import { Buffer } from 'node:buffer';

const tags = {
  bitsPerSample: 258,
  photometric: 262,
  samplesPerPixel: 277,
  extraSamples: 338,
  sampleFormat: 339,
} as const;

/** Bytes of one value of the TIFF types that hold whole numbers here: BYTE, SHORT, LONG, LONG8. */
const typeBytes: Readonly<Record<number, number>> = { 1: 1, 3: 2, 4: 4, 16: 8 };

interface TiffEntry {
  readonly type: number;
  readonly count: number;
  /** Where the first value lies in the file. */
  readonly valueOffset: number;
}

export interface TiffDirectory {
  readonly littleEndian: boolean;
  readonly big: boolean;
  /** Where the entries of the directory begin and how many there are. */
  readonly offset: number;
  readonly entryCount: number;
  readonly bitsPerSample: number;
  readonly samplesPerPixel: number;
  /** 1 = unsigned, 2 = signed, 3 = float. */
  readonly sampleFormat: number;
  /** 0 = white is zero, 1 = black is zero, 2 = RGB, 3 = palette ...; undefined where the file does not say. */
  readonly photometric: number | undefined;
  /** The extra channel is alpha and the colours are already multiplied with it. */
  readonly premultiplied: boolean;
  readonly entries: ReadonlyMap<number, TiffEntry>;
}

/**
 * The image file directory of a page (0 = first) of a TIFF or BigTIFF, TIFF 6.0 section 2. Undefined where
 * it cannot be followed: what is wrong with the file is then for the decoder to say.
 */
export function readTiffDirectory(bytes: Uint8Array, page: number): TiffDirectory | undefined {
  try {
    return walkToDirectory(bytes, page);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function walkToDirectory(bytes: Uint8Array, page: number): TiffDirectory | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = view.getUint8(0) === 0x49;
  const big = view.getUint16(2, little) === 43;
  const offsetAt = (at: number) => (big ? Number(view.getBigUint64(at, little)) : view.getUint32(at, little));
  const countBytes = big ? 8 : 2;
  const entryBytes = big ? 20 : 12;
  const entriesAt = (directory: number) =>
    big ? Number(view.getBigUint64(directory, little)) : view.getUint16(directory, little);

  // No file holds more directories than this; it bounds a chain that runs in a loop.
  if (page > bytes.length / entryBytes) return undefined;
  let directory = offsetAt(big ? 8 : 4);
  for (let i = 0; i < page; i++) {
    directory = offsetAt(directory + countBytes + entriesAt(directory) * entryBytes);
  }
  if (directory === 0) return undefined;

  const entryCount = entriesAt(directory);
  const entries = new Map<number, TiffEntry>();
  for (let i = 0; i < entryCount; i++) {
    const at = directory + countBytes + i * entryBytes;
    const type = view.getUint16(at + 2, little);
    const count = offsetAt(at + 4);
    const inline = (typeBytes[type] ?? Infinity) * count <= (big ? 8 : 4);
    const valueAt = at + (big ? 12 : 8);
    entries.set(view.getUint16(at, little), {
      type,
      count,
      valueOffset: inline ? valueAt : offsetAt(valueAt),
    });
  }

  const firstValue = (tag: number): number | undefined => {
    const entry = entries.get(tag);
    if (!entry || entry.count === 0) return undefined;
    if (entry.type === 3) return view.getUint16(entry.valueOffset, little);
    if (entry.type === 4) return view.getUint32(entry.valueOffset, little);
    return undefined;
  };
  return {
    littleEndian: little,
    big,
    offset: directory,
    entryCount,
    bitsPerSample: firstValue(tags.bitsPerSample) ?? 1,
    samplesPerPixel: firstValue(tags.samplesPerPixel) ?? 1,
    sampleFormat: firstValue(tags.sampleFormat) ?? 1,
    photometric: firstValue(tags.photometric),
    premultiplied: firstValue(tags.extraSamples) === 1,
    entries,
  };
}

/**
 * Overwrite SampleFormat so that signed 16-bit samples are read as their bit patterns. sharp casts every
 * 16-bit grey image to unsigned, which would turn all negative values into 0. Returns a changed copy.
 */
export function withUnsignedSamples(bytes: Buffer, directory: TiffDirectory): Buffer {
  const copy = Buffer.from(bytes);
  for (const tag of [tags.sampleFormat, tags.photometric]) {
    const entry = directory.entries.get(tag);
    if (entry?.type !== 3) continue;
    const view = new DataView(copy.buffer, copy.byteOffset, copy.byteLength);
    // "Black is zero" too, or the decoder would invert bit patterns that are not intensities.
    if (tag === tags.photometric && directory.photometric !== 0) continue;
    for (let i = 0; i < entry.count; i++)
      view.setUint16(entry.valueOffset + i * 2, 1, directory.littleEndian);
  }
  return copy;
}

/**
 * A grey TIFF without PhotometricInterpretation, as some scientific programs write it, completed with "black
 * is zero": its first directory is appended once more with that entry and the header points to it.
 * Undefined where the file is not of that kind.
 */
export function withPhotometric(bytes: Buffer, directory: TiffDirectory): Buffer | undefined {
  const { big, littleEndian: little, samplesPerPixel, offset, entryCount } = directory;
  if (big || directory.photometric !== undefined || samplesPerPixel !== 1) return undefined;

  const start = bytes.length + (bytes.length % 2);
  const copy = Buffer.alloc(start + 2 + (entryCount + 1) * 12 + 4);
  bytes.copy(copy);
  const view = new DataView(copy.buffer, copy.byteOffset, copy.byteLength);
  view.setUint32(4, start, little);
  view.setUint16(start, entryCount + 1, little);

  let at = start + 2;
  const appendPhotometric = () => {
    view.setUint16(at, tags.photometric, little);
    view.setUint16(at + 2, 3, little);
    view.setUint32(at + 4, 1, little);
    view.setUint16(at + 8, 1, little);
    at += 12;
  };
  let done = false;
  for (let i = 0; i < entryCount; i++) {
    const from = offset + 2 + i * 12;
    if (!done && view.getUint16(from, little) > tags.photometric) {
      appendPhotometric();
      done = true;
    }
    copy.copy(copy, at, from, from + 12);
    at += 12;
  }
  if (!done) appendPhotometric();
  const nextAt = offset + 2 + entryCount * 12;
  if (nextAt + 4 <= bytes.length) copy.copy(copy, at, nextAt, nextAt + 4);
  return copy;
}
