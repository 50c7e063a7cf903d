import { expect, test } from 'vitest';
import { createEasel } from '../../../../src-renderer/annotation/easel.ts';
import { emptyLabels, type Patch } from '../../../../src-renderer/annotation/label-map.ts';
import { pack, packPatch, unpack, unpackPatch } from '../../../../src-renderer/annotation/packed.ts';
import { drawingPen } from '../../../../src-renderer/annotation/pen.ts';
import { brushTool } from '../../../../src-renderer/annotation/tools/brush.ts';
import { fillTool } from '../../../../src-renderer/annotation/tools/fill.ts';
import { lassoTool } from '../../../../src-renderer/annotation/tools/lasso.ts';
import { polygonTool } from '../../../../src-renderer/annotation/tools/polygon.ts';
import { picture } from './pictures.ts';

function bench(width = 7, height = 5) {
  const labels = emptyLabels(width, height);
  const touched: unknown[] = [];
  const easel = createEasel(labels, (rectangle) => touched.push(rectangle));
  const strokes: { title: string; patch: Patch }[] = [];
  const workbench = {
    easel: () => easel,
    pen: () => drawingPen(1, false),
    finished: (title: string, patch: Patch) => strokes.push({ title, patch }),
  };
  return { labels, easel, strokes, workbench, touched };
}

test('one stroke of the brush is one step, from press to release', () => {
  const { labels, strokes, workbench, touched } = bench();
  const brush = brushTool(workbench, 'Brush', () => 0.5);
  brush.move([3, 3]);
  brush.press([1.5, 1.5]);
  brush.move([3.5, 1.5]);
  brush.move([5.5, 1.5]);
  expect(strokes).toHaveLength(0);
  brush.release([5.5, 1.5]);
  expect(picture(labels)).toEqual(['.......', '.11111.', '.......', '.......', '.......']);
  expect(strokes).toEqual([
    {
      title: 'Brush',
      patch: {
        rectangle: { x: 1, y: 1, width: 5, height: 1 },
        before: new Uint8Array(5),
        after: new Uint8Array(5).fill(1),
      },
    },
  ]);
  expect(touched).toHaveLength(3);
});

test('a stroke that is taken away leaves what was there, and one that changes nothing is no step', () => {
  const { labels, strokes, workbench } = bench();
  const brush = brushTool(workbench, 'Brush', () => 1);
  brush.press([1.5, 1.5]);
  brush.move([5.5, 3.5]);
  expect(brush.cancel()).toBe(true);
  expect(labels.data.every((label) => label === 0)).toBe(true);
  expect(brush.cancel()).toBe(false);
  brush.press([-20, -20]);
  brush.release([-20, -20]);
  expect(strokes).toHaveLength(0);
});

test('a polygon is closed on its first corner, by Enter, and corner by corner taken back', () => {
  const { labels, strokes, workbench } = bench();
  const polygon = polygonTool(workbench, () => 0.5);
  for (const corner of [
    [1, 1],
    [6, 1],
    [6, 4],
    [1, 4],
  ] as const)
    polygon.press(corner);
  polygon.move([2, 2]);
  expect(polygon.outline()).toHaveLength(5);
  expect(polygon.stepBack()).toBe(true);
  polygon.press([1, 4]);
  polygon.press([1.2, 1.1]);
  expect(strokes.map(({ title }) => title)).toEqual(['Polygon']);
  expect(picture(labels)).toEqual(['.......', '.11111.', '.11111.', '.11111.', '.......']);
  expect(polygon.outline()).toEqual([]);
  polygon.press([0, 0]);
  polygon.press([2, 0]);
  polygon.finish();
  expect(strokes).toHaveLength(1);
  expect(polygon.cancel()).toBe(true);
});

test('a lasso fills what it encloses, a fill what hangs together', () => {
  const { labels, strokes, workbench } = bench();
  const lasso = lassoTool(workbench);
  lasso.press([1, 1]);
  for (const corner of [
    [6, 1],
    [6, 4],
    [1, 4],
  ] as const)
    lasso.move(corner);
  lasso.release([1, 4]);
  expect(picture(labels)[1]).toBe('.11111.');
  const pixels = { width: 7, height: 5, channels: 1, bits: 8, data: new Uint8Array(35) } as const;
  fillTool(
    { ...workbench, pen: () => drawingPen(2, false) },
    () => pixels,
    () => Infinity,
  ).press([0.5, 0.5]);
  expect(picture(labels)).toEqual(['2222222', '2111112', '2111112', '2111112', '2222222']);
  expect(strokes).toHaveLength(2);
});

test('labels come back from the wire bit for bit', async () => {
  const bytes = Uint8Array.from({ length: 70_000 }, (_, i) => (i * i) % 251);
  expect(await unpack(await pack(bytes))).toEqual(bytes);
  const patch = {
    rectangle: { x: 1, y: 2, width: 3, height: 1 },
    before: bytes.slice(0, 3),
    after: bytes.slice(3, 6),
  };
  expect(await unpackPatch(await packPatch(patch))).toEqual(patch);
});
