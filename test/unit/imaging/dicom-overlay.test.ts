import { expect, test } from 'vitest';
import { overlayOf } from '#engine/imaging/dicom/overlay.ts';
import { parseDicom } from '#engine/imaging/dicom/parse.ts';
import { type DicomElement, imageElements, writeDicom } from '../../support/dicom.ts';

const [rows, columns] = [4, 6];

function fileWith(overlay: readonly DicomElement[]) {
  const elements: DicomElement[] = [
    ['00080018', 'UI', '1.2.3'],
    ...imageElements({ rows, columns, bitsAllocated: 8 }),
    ...overlay,
    ['7FE00010', 'OW', new Uint8Array(rows * columns)],
  ];
  return parseDicom(writeDicom({ elements }), 'made').dataSet;
}

const plane = (
  group: string,
  [height, width]: readonly [number, number],
  origin: readonly [number, number],
  bytes: readonly number[],
): DicomElement[] => [
  [`${group}0010`, 'US', height],
  [`${group}0011`, 'US', width],
  [`${group}0050`, 'SS', origin],
  [`${group}0100`, 'US', 1],
  [`${group}0102`, 'US', 0],
  [`${group}3000`, 'OW', Uint8Array.from(bytes)],
];

const drawn = (overlay: Uint8Array | undefined) =>
  overlay &&
  Array.from({ length: rows }, (_, y) => overlay.subarray(y * columns, (y + 1) * columns).join(''));

test('planes lie where their origin says, cut at the edge, all of them together', () => {
  const dataSet = fileWith([
    // Two rows of three from the second row and column: 101, 111.
    ...plane('6000', [2, 3], [2, 2], [0b111101, 0]),
    // One row that runs over the right edge.
    ...plane('6002', [1, 4], [4, 5], [0b1111, 0]),
  ]);
  expect(drawn(overlayOf(dataSet, 0, { rows, columns }))).toEqual(['000000', '010100', '011100', '000011']);
});

test('planes of several frames belong to frames of the image', () => {
  const [head, rest] = [plane('6000', [1, 8], [1, 1], []).slice(0, 3), plane('6000', [1, 8], [1, 1], [1, 4])];
  const dataSet = fileWith([...head, ['60000015', 'IS', '2'], ['60000051', 'US', 2], ...rest.slice(3)]);
  const row = (frame: number) => drawn(overlayOf(dataSet, frame, { rows, columns }))?.[0];
  expect([0, 1, 2, 3].map(row)).toEqual([undefined, '100000', '001000', undefined]);
});

test.each([
  ['cut off', plane('6000', [4, 6], [1, 1], [255, 0])],
  ['without a size', plane('6000', [0, 6], [1, 1], [255, 0])],
  ['empty', plane('6000', [1, 8], [1, 1], [0, 0])],
])('a plane that is %s draws nothing', (_, overlay) => {
  expect(overlayOf(fileWith(overlay), 0, { rows, columns })).toBeUndefined();
});
