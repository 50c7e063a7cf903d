import { describe, expect, test } from 'vitest';
import {
  cellOf,
  cellTitles,
  changedCell,
  defaultLayout,
  resized,
  shownCells,
  supportsOf,
} from '../../../../src-renderer/features/inspect/cells/cell.ts';
import { mapRegions } from '../../../../src-renderer/features/inspect/model/map-regions.ts';
import { variantsOf } from '../../../../src-renderer/features/inspect/bench/variants.ts';
import {
  clusterGrid,
  componentGrid,
} from '../../../../src-renderer/features/inspect/explain/picture-colours.ts';
import { patchCorners } from '../../../../src-renderer/features/inspect/explain/patch-box.ts';
import { ImageId } from '#shared/domain.ts';
import { defaultSettings } from '#shared/settings.ts';

describe('a layout', () => {
  test('keeps what does not fit for when it grows again', () => {
    const changed = changedCell(defaultLayout, 3, { kind: 'support', support: 1 });
    const small = resized(changed, 1, 1);
    expect(shownCells(small).map(({ kind }) => kind)).toEqual(['query']);
    expect(shownCells(resized(small, 2, 2))).toEqual(shownCells(changed));
  });

  test('fills new cells with what is not shown yet, then with further support images', () => {
    const kinds = shownCells(resized(defaultLayout, 3, 3)).map(({ kind, support }) => `${kind} ${support}`);
    expect(kinds.slice(4)).toEqual(['truth 0', 'clusters 0', 'features 0', 'support 1', 'support 2']);
  });

  test('names cells so that no two are called the same, and knows the support images it needs', () => {
    const cells = [cellOf('map'), cellOf('support', 2), cellOf('map'), cellOf('support-clusters', 1)];
    expect(cellTitles(cells)).toEqual(['Anomaly map', 'Support', 'Anomaly map 2', 'Support clusters']);
    expect(supportsOf(cells)).toEqual([1, 2]);
  });
});

describe('regions of a map', () => {
  const data = Float32Array.of(9, 9, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 7, 8, 0, 0, 0, 0, 0);
  const map = { rows: 4, columns: 5, data };
  const truth = { width: 5, height: 4, data: Uint8Array.from(data, (score) => (score === 9 ? 1 : 0)) };

  test('come hottest first, with what they share with the ground truth', () => {
    const { found, truth: known, predicted, dice, iou } = mapRegions(map, 7, 0, truth);
    expect(found.map(({ area, peak, truth }) => [area, peak, truth])).toEqual([
      [2, 9, 2],
      [3, 8, 0],
    ]);
    expect(found[1]!.at).toEqual([4.5, 2.5]);
    expect(known).toEqual([{ area: 2, at: [1, 0.5], found: 2 }]);
    expect([predicted, dice, iou]).toEqual([5, 4 / 7, 2 / 5]);
  });

  test('that are too small count as not found', () => {
    const { found, truth: known, predicted, dice, within } = mapRegions(map, 7, 3, truth);
    expect(found).toHaveLength(1);
    expect(known![0]!.found).toBe(0);
    expect([predicted, dice]).toEqual([3, 0]);
    expect(within.data[0]).toBe(0);
    expect(within.data[13]).toBe(1);
  });

  test('without ground truth nothing is claimed', () => {
    expect(mapRegions(map, 7, 0, null)).toMatchObject({ truth: null, dice: null, iou: null });
    expect(mapRegions(map, 10, 0, truth).dice).toBe(0);
  });
});

test('the strip shows the present settings among their neighbours', () => {
  const known = { layers: 24, matches: [], used: [], nameOf: String };
  const clusters = variantsOf('k', defaultSettings, known);
  expect(clusters.map(({ label }) => label)).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((k) => `K ${k}`));
  expect(clusters.filter(({ current }) => current).map(({ label }) => label)).toEqual(['K 2']);
  const layers = variantsOf('layers', defaultSettings, known);
  expect(layers).toHaveLength(13);
  expect(layers.at(-1)!.label).toBe('Layer 24');
  const match = { imageId: ImageId.parse(4), similarity: 1 };
  const supports = variantsOf('support', defaultSettings, {
    ...known,
    matches: [match],
    used: [match.imageId],
  });
  expect(supports).toMatchObject([{ label: '4', current: true }]);
});

test('patches that do not count have no colour', () => {
  const picture = {
    imageId: ImageId.parse(1),
    rows: 1,
    columns: 2,
    clusters: [1, -1],
    components: [9, 8, 7, -1, -1, -1],
  };
  expect([...clusterGrid(picture)!.data]).toEqual([0xe6, 0x9f, 0, 255, 0, 0, 0, 0]);
  expect([...componentGrid(picture).data]).toEqual([9, 8, 7, 255, 0, 0, 0, 0]);
  expect(clusterGrid({ ...picture, clusters: null })).toBeNull();
  expect(patchCorners({ rows: 2, columns: 4 }, { width: 8, height: 6 }, { row: 1, column: 3 })).toEqual([
    [6, 3],
    [8, 3],
    [8, 6],
    [6, 6],
  ]);
});
