import type { DataSet } from 'dicom-parser';
import { decimal, tags, unsignedShort } from './attributes.ts';
import { unpackBits } from './bits.ts';

/** Groups 6000, 6002 ... 601E: up to sixteen planes over one image (PS3.3 C.9.2). */
const groups = Array.from({ length: 16 }, (_, i) => (0x6000 + 2 * i).toString(16));

const elementOf = (group: string, element: string) => `x${group}${element}`;

export const hasOverlay = (dataSet: DataSet): boolean =>
  groups.some(
    (group) => elementOf(group, '3000') in dataSet.elements || embeddedBit(dataSet, group) !== undefined,
  );

/**
 * What the file draws over a frame: all of its planes together, 1 = drawn; undefined where that is nothing. A plane that
 * is cut off or says no size is left out: it says nothing about the image.
 */
export function overlayOf(
  dataSet: DataSet,
  frame: number,
  size: { readonly rows: number; readonly columns: number },
): Uint8Array | undefined {
  const whole = new Uint8Array(size.rows * size.columns);
  for (const group of groups) {
    const plane = planeOf(dataSet, group, frame) ?? embeddedPlane(dataSet, group, frame);
    if (!plane) continue;
    for (let row = 0; row < plane.rows; row++) {
      const y = row + plane.top;
      if (y < 0 || y >= size.rows) continue;
      for (let column = 0; column < plane.columns; column++) {
        const x = column + plane.left;
        if (x >= 0 && x < size.columns && plane.bits[row * plane.columns + column]! > 0)
          whole[y * size.columns + x] = 1;
      }
    }
  }
  return whole.includes(1) ? whole : undefined;
}

interface Plane {
  readonly rows: number;
  readonly columns: number;
  /** Of its first pixel in the image, from 0. */
  readonly top: number;
  readonly left: number;
  /** rows x columns; above 0 is drawn. */
  readonly bits: ArrayLike<number>;
}

/**
 * The bit of each sample that is an overlay, as files before 2004 have them (retired from PS3.3 C.9.2): one that the image
 * itself does not use. Undefined where the group has none, and in compressed pixels, whose codecs mostly drop such bits.
 */
function embeddedBit(dataSet: DataSet, group: string): number | undefined {
  const bit = unsignedShort(dataSet, elementOf(group, '0102'));
  const allocated = unsignedShort(dataSet, elementOf(group, '0100'));
  const pixels = dataSet.elements[tags.pixelData];
  if (bit === undefined || !pixels || pixels.encapsulatedPixelData) return undefined;
  const bitsAllocated = unsignedShort(dataSet, tags.bitsAllocated);
  if (allocated !== bitsAllocated || (allocated !== 8 && allocated !== 16) || bit >= allocated)
    return undefined;
  if ((unsignedShort(dataSet, tags.samplesPerPixel) ?? 1) !== 1) return undefined;
  const stored = unsignedShort(dataSet, tags.bitsStored) ?? allocated;
  const high = unsignedShort(dataSet, tags.highBit) ?? stored - 1;
  return bit > high || bit <= high - stored ? bit : undefined;
}

function embeddedPlane(dataSet: DataSet, group: string, frame: number): Plane | undefined {
  const bit = embeddedBit(dataSet, group);
  const [rows, columns] = [unsignedShort(dataSet, tags.rows), unsignedShort(dataSet, tags.columns)];
  const pixels = dataSet.elements[tags.pixelData];
  if (bit === undefined || !rows || !columns || !pixels) return undefined;
  const bytes = unsignedShort(dataSet, tags.bitsAllocated) === 16 ? 2 : 1;
  const from = frame * rows * columns;
  if ((from + rows * columns) * bytes > pixels.length) return undefined;
  const sample = (i: number) =>
    bytes === 2 ? dataSet.uint16(tags.pixelData, i)! : dataSet.byteArray[pixels.dataOffset + i]!;
  const bits = Uint8Array.from({ length: rows * columns }, (_, i) => (sample(from + i) >> bit) & 1);
  return { rows, columns, top: 0, left: 0, bits };
}

function planeOf(dataSet: DataSet, group: string, frame: number): Plane | undefined {
  const data = dataSet.elements[elementOf(group, '3000')];
  const rows = unsignedShort(dataSet, elementOf(group, '0010'));
  const columns = unsignedShort(dataSet, elementOf(group, '0011'));
  if (!data || !rows || !columns) return undefined;
  // Planes of several frames belong to the image's frames from this one on (from 1); a single one lies over all.
  const frames = decimal(dataSet, elementOf(group, '0015')) ?? 1;
  const first = unsignedShort(dataSet, elementOf(group, '0051')) ?? 1;
  const index = frames > 1 ? frame - (first - 1) : 0;
  if (index < 0 || index >= frames) return undefined;
  const bits = rows * columns;
  if (Math.ceil(((index + 1) * bits) / 8) > data.length) return undefined;
  const origin = elementOf(group, '0050');
  const at = (i: number) => ((dataSet.elements[origin]?.length ?? 0) >= 4 ? dataSet.int16(origin, i)! : 1);
  const bytes = dataSet.byteArray.subarray(data.dataOffset, data.dataOffset + data.length);
  return { rows, columns, top: at(0) - 1, left: at(1) - 1, bits: unpackBits(bytes, index * bits, bits) };
}
