/** A scanner's export: DICOM files without extension, in series, with a patient's name in them. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesOf, type DicomElement, imageElements, writeDicom } from './dicom.ts';
import { phantom } from './phantoms.ts';

const size = 64;

/** Millimetres; the slices of series 2 have a gap. */
const distance = 4;

function slice(series: number, instance: number, extra: readonly DicomElement[]): Buffer {
  const { image } = phantom(10 * series + instance, size, false);
  const height = distance * (series === 2 && instance > 2 ? instance + 2 : instance);
  return writeDicom({
    elements: [
      ['00080018', 'UI', `1.2.${series}.${instance}`],
      ['00080060', 'CS', 'MR'],
      ['00100010', 'PN', 'Doe^Jane'],
      ['00100020', 'LO', 'ID-4711'],
      ['0020000D', 'UI', '1.2'],
      ['0020000E', 'UI', `1.2.${series}`],
      ['00200011', 'IS', String(series)],
      ['00200032', 'DS', `0\\0\\${height}`],
      ['00200037', 'DS', '1\\0\\0\\0\\1\\0'],
      ...imageElements({ rows: size, columns: size, bitsStored: 12 }),
      ['00280030', 'DS', '1\\1'],
      ...extra,
      ['7FE00010', 'OW', bytesOf(Uint16Array.from(image, (value) => value * 8))],
    ],
  });
}

/** A frame along the edge, as annotations are drawn. */
function frameOverlay(): DicomElement[] {
  const bits = new Uint8Array((size * size) / 8);
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      const isEdge = Math.min(x, y, size - 1 - x, size - 1 - y) === 4;
      if (isEdge) bits[(y * size + x) >> 3]! |= 1 << (x & 7);
    }
  return [
    ['60000010', 'US', size],
    ['60000011', 'US', size],
    ['60000050', 'SS', [1, 1]],
    ['60003000', 'OW', bits],
  ];
}

/** Two series, `MR 1` with an overlay and `MR 2` with a gap, of three slices or as many as asked for. */
export async function writeSeries(folder: string, slices = 3): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const series of [1, 2])
    for (let instance = 1; instance <= slices; instance++) {
      const extra = series === 1 ? frameOverlay() : [];
      await writeFile(join(folder, `IM${series}${instance}`), slice(series, instance, extra));
    }
}
