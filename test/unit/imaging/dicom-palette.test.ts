import { expect, test } from 'vitest';
import { frameGeometry } from '#engine/imaging/dicom/geometry.ts';
import { expandPalette } from '#engine/imaging/dicom/palette.ts';
import { parseDicom } from '#engine/imaging/dicom/parse.ts';
import { bytesOf, type DicomElement, imageElements, writeDicom } from '../../support/dicom.ts';

const [rows, columns] = [1, 8];
const indices = Uint8Array.from([0, 1, 2, 3, 4, 5, 6, 7]);

function paletteFile(segments: readonly number[], bits: 8 | 16, entries: number) {
  const data = bytesOf(bits === 8 ? Uint8Array.from(segments) : Uint16Array.from(segments));
  const elements: DicomElement[] = [
    ['00080018', 'UI', '1.2.3'],
    ...imageElements({ rows, columns, bitsAllocated: 8, photometric: 'PALETTE COLOR' }),
    ...['01', '02', '03'].map((end): DicomElement => [`002811${end}`, 'US', [entries, 0, bits]]),
    ...['21', '22', '23'].map((end): DicomElement => [`002812${end}`, 'OW', data]),
    ['7FE00010', 'OW', indices],
  ];
  return parseDicom(writeDicom({ elements }), 'made');
}

const greyOf = (segments: readonly number[], bits: 8 | 16, entries: number) => {
  const rgb = expandPalette(paletteFile(segments, bits, entries), indices);
  return Array.from(indices, (_, i) => rgb[i * 3]);
};

test('segments of a palette: values, ramps, and copies of earlier segments', () => {
  // Two values, then a ramp of three to 50.
  const two = [0, 2, 10, 20, 1, 3, 50];
  expect(greyOf(two, 8, 5)).toEqual([10, 20, 30, 40, 50, 50, 50, 50]);
  // The same two segments again, by their place in bytes.
  expect(greyOf([...two, 2, 2, 0, 0, 0, 0], 8, 10).slice(0, 8)).toEqual([10, 20, 30, 40, 50, 10, 20, 30]);
  // Of 16 bits the upper byte is the colour; offsets count bytes: 8 are the four words before the ramp.
  const wide = [0, 2, 0x0a00, 0x1400, 1, 3, 0x3200];
  expect(greyOf([...wide, 2, 1, 8, 0], 16, 8)).toEqual([10, 20, 30, 40, 50, 50, 50, 50]);
});

test.each([
  ['cut off', [0, 9, 10]],
  ['a ramp from nowhere', [1, 3, 50]],
  ['too few entries', [0, 2, 10, 20]],
  ['an unknown kind', [7, 2, 10, 20]],
  ['a copy of itself', [2, 1, 0, 0, 0, 0]],
])('a damaged segmented palette is refused: %s', (_, segments) => {
  expect(() => greyOf(segments, 8, 5)).toThrow('made: its colour palette is damaged');
});

test.each([
  ['distances from the first plane', '0\\2.5\\5'],
  ['heights in the patient', '-40\\-37.5\\-35'],
])('planes of a dose grid lie where its offsets say: %s', (_, offsets) => {
  const elements: DicomElement[] = [
    ['00080018', 'UI', '1.2.3'],
    ['00200032', 'DS', '1\\2\\-40'],
    ['00200037', 'DS', '1\\0\\0\\0\\1\\0'],
    ...imageElements({ rows, columns, bitsAllocated: 8, frames: 3 }),
    ['3004000C', 'DS', offsets],
    ['7FE00010', 'OW', new Uint8Array(24)],
  ];
  const { dataSet } = parseDicom(writeDicom({ elements }), 'made');
  const heights = [0, 1, 2].map((frame) => frameGeometry(dataSet, frame).position?.[2]);
  expect(heights).toEqual([-40, -37.5, -35]);
});
