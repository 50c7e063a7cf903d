import { describe, expect, test } from 'vitest';
import { parseDicom } from '#engine/imaging/dicom/parse.ts';
import { modalityTransform } from '#engine/imaging/dicom/rescale.ts';
import { frameWindows } from '#engine/imaging/dicom/windows.ts';
import { displayBytes } from '#engine/imaging/display.ts';
import { inSamples } from '#engine/imaging/series-window.ts';
import { rowsInWindow } from '#engine/models/intensity.ts';
import { valueRange } from '#shared/grey-curve.ts';
import { bytesOf, type DicomElement, imageElements, writeDicom } from '../../support/dicom.ts';

interface Given {
  readonly elements: readonly DicomElement[];
  readonly signed?: boolean;
  readonly syntax?: string;
}

function windowsOf({ elements, signed = false, syntax }: Given) {
  const { dataSet } = parseDicom(
    writeDicom({
      ...(syntax === undefined ? {} : { syntax }),
      elements: [
        ['00080018', 'UI', '1.2.3'],
        ...imageElements({ rows: 1, columns: 4, bitsStored: 12, signed }),
        ...elements,
        ['7FE00010', 'OW', new Uint8Array(8)],
      ],
    }),
    'made',
  );
  return frameWindows(dataSet, 0, modalityTransform(dataSet, 0));
}

const lut = (
  first: number,
  bits: number,
  values: readonly number[],
  { vr = 'US', name = 'HARD' } = {},
): DicomElement[] => [
  ['00283002', vr, [values.length, first, bits]],
  ['00283003', 'LO', name],
  ['00283006', 'OW', bytesOf(Uint16Array.from(values))],
];

test('windows come first, then tables with their names, over the values they map', () => {
  const windows = windowsOf({
    elements: [
      ['00281050', 'DS', '40\\100'],
      ['00281051', 'DS', '400\\50'],
      ['00281055', 'LO', 'BRAIN\\BONE'],
      ['00281056', 'CS', 'LINEAR_EXACT'],
      ['00283010', 'SQ', [lut(100, 12, [0, 4095, 1365]), lut(0, 8, [0, 51, 255], { name: 'SOFT' })]],
    ],
  });
  expect(windows).toEqual([
    { centre: 40, width: 400, function: 'linear-exact', name: 'BRAIN' },
    { centre: 100, width: 50, function: 'linear-exact', name: 'BONE' },
    {
      centre: 101,
      width: 2,
      name: 'HARD',
      function: {
        entries: 3,
        knots: [
          [0, 0],
          [1, 1],
          [2, 0.333333],
        ],
      },
    },
    {
      centre: 1,
      width: 2,
      name: 'SOFT',
      function: {
        entries: 3,
        knots: [
          [0, 0],
          [1, 0.2],
          [2, 1],
        ],
      },
    },
  ]);
});

describe('the first value of a table', () => {
  const below = lut(-50 & 0xffff, 8, [0, 255]);
  const implicit = '1.2.840.10008.1.2';
  const table = (given: Omit<Given, 'elements'>, ...extra: DicomElement[]) =>
    windowsOf({ ...given, elements: [...extra, ['00283010', 'SQ', [below]]] })[0]!.centre;

  test('is as signed as its VR says', () => {
    const signed = lut(-50, 8, [0, 255], { vr: 'SS' });
    expect(windowsOf({ elements: [['00283010', 'SQ', [signed]]] })[0]!.centre).toBe(-49.5);
    expect(table({ signed: true })).toBe(65_486.5);
  });

  test('is signed without a VR where samples are, or where the rescale leads below 0', () => {
    expect(table({ syntax: implicit })).toBe(65_486.5);
    expect(table({ syntax: implicit, signed: true })).toBe(-49.5);
    const intercept: DicomElement[] = [
      ['00281052', 'DS', '-1024'],
      ['00281053', 'DS', '1'],
    ];
    expect(table({ syntax: implicit }, ...intercept)).toBe(-49.5);
  });
});

test('a descriptor with too few bits is corrected, and a table that is cut off is left out', () => {
  const table = (items: DicomElement[]) => windowsOf({ elements: [['00283010', 'SQ', [items]]] })[0];
  expect(table(lut(0, 8, [0, 4095]))?.function).toMatchObject({
    knots: [
      [0, 0],
      [1, 1],
    ],
  });
  expect(
    table([
      ['00283002', 'US', [9, 0, 12]],
      ['00283006', 'OW', new Uint8Array(4)],
    ]),
  ).toBeUndefined();
});

test('models and pictures see samples through the table', () => {
  const [window] = windowsOf({ elements: [['00283010', 'SQ', [lut(100, 12, [0, 4095, 1365])]]] });
  const rescale = { slope: 2, intercept: 0, unit: null };
  const pixels = {
    width: 5,
    height: 1,
    channels: 1,
    bits: 12,
    data: Uint16Array.of(0, 50, 51, 50, 4095),
    window: inSamples(rescale, valueRange(window!)),
  } as const;
  // Values 0, 100, 102 and 8190: before, at the first entry, at the last, and after.
  expect([...displayBytes(pixels)]).toEqual([0, 0, 85, 0, 85]);
  const row = rowsInWindow(pixels, 0, pixels.window)(0);
  [0, 0, 1 / 3, 0, 1 / 3].forEach((grey, i) => expect(row[i]).toBeCloseTo(grey, 6));
});
