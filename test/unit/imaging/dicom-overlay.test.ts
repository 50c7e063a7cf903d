import { describe, expect, test } from 'vitest';
import { hasOverlay, overlayOf } from '#engine/imaging/dicom/overlay.ts';
import { parseDicom } from '#engine/imaging/dicom/parse.ts';
import { openFrames } from '#engine/imaging/dicom/pixels.ts';
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

describe('a plane in bits of the pixels that the image does not use', () => {
  const words = [0x8001, 0x0fff, 0x1000, 0x9123, 0, 0x7000, 0x0001, 0x8fff];
  const [rows, columns] = [1, 4];

  function embedded(
    { bit = 15, allocated = 16, bitsStored = 12, highBit = 11, syntax = '1.2.840.10008.1.2.1' } = {},
    swapped = false,
  ) {
    const bytes = new Uint8Array(words.length * 2);
    words.forEach((word, i) => new DataView(bytes.buffer).setUint16(i * 2, word, !swapped));
    const file = writeDicom({
      syntax,
      elements: [
        ['00080018', 'UI', '1.2.3'],
        ...imageElements({ rows, columns, frames: 2, bitsStored, highBit }),
        ['60000010', 'US', rows],
        ['60000011', 'US', columns],
        ['60000050', 'SS', [1, 1]],
        ['60000100', 'US', allocated],
        ['60000102', 'US', bit],
        ['7FE00010', 'OW', bytes],
      ],
    });
    return parseDicom(file, 'made');
  }

  const size = { rows, columns };
  const bitsOf = (file: ReturnType<typeof embedded>, frame: number) =>
    overlayOf(file.dataSet, frame, size)?.join('');

  test('is read frame by frame, of either byte order, and is no part of the samples', async () => {
    for (const file of [embedded(), embedded({ syntax: '1.2.840.10008.1.2.2' }, true)]) {
      expect(hasOverlay(file.dataSet)).toBe(true);
      expect([bitsOf(file, 0), bitsOf(file, 1), bitsOf(file, 2)]).toEqual(['1001', '0001', undefined]);
      for (const _ of ['first', 'again']) {
        const { data } = await openFrames(file).frame(0);
        expect([...data]).toEqual([1, 0xfff, 0, 0x123]);
      }
      expect(bitsOf(file, 0)).toBe('1001');
    }
    expect(bitsOf(embedded({ bit: 12 }), 0)).toBe('0011');
  });

  test('may lie below samples that are stored high', async () => {
    const file = embedded({ bit: 0, highBit: 15 });
    expect(bitsOf(file, 0)).toBe('1101');
    await openFrames(file).frame(0);
    const { data } = await openFrames(file).frame(0);
    expect([...data]).toEqual(words.slice(0, 4).map((word) => word >> 4));
  });

  test.each([
    ['a bit of the image itself', { bit: 11 }],
    ['a bit beyond the sample', { bit: 16 }],
    ['another depth than the image', { allocated: 8 }],
    ['a plane of its own whose data are missing', { allocated: 1, bit: 0 }],
  ])('is not taken from %s', (_, options) => {
    const file = embedded(options);
    expect(hasOverlay(file.dataSet)).toBe(false);
    expect(bitsOf(file, 0)).toBeUndefined();
  });
});

test.each([
  ['cut off', plane('6000', [4, 6], [1, 1], [255, 0])],
  ['without a size', plane('6000', [0, 6], [1, 1], [255, 0])],
  ['empty', plane('6000', [1, 8], [1, 1], [0, 0])],
])('a plane that is %s draws nothing', (_, overlay) => {
  expect(overlayOf(fileWith(overlay), 0, { rows, columns })).toBeUndefined();
});
