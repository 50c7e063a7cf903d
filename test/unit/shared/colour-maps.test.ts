import { describe, expect, test } from 'vitest';
import { colourMapNames, colourTable, cssGradient } from '#shared/colour-maps.ts';
import type { ColourMapName } from '#shared/colour-maps.ts';

/** Every 15th entry of matplotlib 3's tables. */
const matplotlib: Partial<Record<ColourMapName, string>> = {
  inferno:
    '0000030906211d0c45370961500d6c68166e801f6b982765af315bc53d4dd94d3de8612bf37918fa9306fbb014f8cd37f1e968fcfea4',
  magma:
    '00000309071f1a10413010654a107961187f792281912a80a9327cc23a75d9466aec585ff7715bfc8e63feaa74fec689fde1a3fbfcbf',
  viridis:
    '440154471669472a79433c843c4d8a355d8c2e6c8e287a8e23898d1e978a20a5852eb27c45bf6f64cb5d88d547afdc2ed7e219fde724',
  cividis:
    '00224d002c6716366f2e416c3f4b6b4e566c5b606e686b71757575838078918c77a09775afa370beb06acebc62dfca56efd846fde737',
};

const luminance = (table: Uint8Array, entry: number) =>
  0.2126 * table[entry * 3]! + 0.7152 * table[entry * 3 + 1]! + 0.0722 * table[entry * 3 + 2]!;

describe('colour tables', () => {
  test.each(Object.entries(matplotlib))('%s is matplotlib’s to within 2 of 255', (name, expected) => {
    const table = colourTable(name as ColourMapName);
    for (let i = 0; i < 18; i++) {
      for (let channel = 0; channel < 3; channel++) {
        const wanted = Number.parseInt(expected.slice(i * 6 + channel * 2, i * 6 + channel * 2 + 2), 16);
        expect(Math.abs(table[i * 15 * 3 + channel]! - wanted)).toBeLessThanOrEqual(2);
      }
    }
  });

  test.each(colourMapNames.filter((name) => name !== 'jet'))(
    '%s grows in luminance from end to end',
    (name) => {
      const table = colourTable(name);
      // Half a step of rounding in each channel may dent the growth between neighbours, never over eight entries.
      for (let entry = 1; entry < 256; entry++) {
        expect(luminance(table, entry)).toBeGreaterThan(luminance(table, entry - 1) - 0.5);
        expect(luminance(table, Math.min(255, entry + 7))).toBeGreaterThan(luminance(table, entry - 1));
      }
    },
  );

  test('jet runs from dark blue over green to dark red', () => {
    const table = colourTable('jet');
    expect([...table.subarray(0, 3)]).toEqual([0, 0, 127]);
    expect([...table.subarray(127 * 3, 128 * 3)].map((channel) => channel > 100)).toEqual([true, true, true]);
    expect([...table.subarray(255 * 3)]).toEqual([127, 0, 0]);
  });

  test('grey is grey', () => {
    const table = colourTable('grey');
    for (let entry = 0; entry < 256; entry++)
      expect([...table.subarray(entry * 3, entry * 3 + 3)]).toEqual([entry, entry, entry]);
  });

  test('a gradient names the ends', () => {
    expect(cssGradient('grey', 'to top')).toBe(
      'linear-gradient(to top, rgb(0 0 0) 0.00%, rgb(255 255 255) 100.00%)',
    );
  });
});
