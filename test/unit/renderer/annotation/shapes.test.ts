import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  changedRectangle,
  cut,
  emptyLabels,
  paste,
  segmentSizes,
} from '../../../../src-renderer/annotation/label-map.ts';
import { drawingPen, erasingPen } from '../../../../src-renderer/annotation/pen.ts';
import { fillHoles, floodFill, markThreshold, smooth } from '../../../../src-renderer/annotation/regions.ts';
import { fillCapsule, fillPolygon, type Point } from '../../../../src-renderer/annotation/shapes.ts';
import { labelsFrom, picture } from './pictures.ts';

const pen = drawingPen(1, false);
const coordinate = fc.double({ min: -4, max: 24, noNaN: true });
const point = fc.tuple(coordinate, coordinate);

test('a stroke marks exactly the pixels whose centres are within the radius of its line', () => {
  fc.assert(
    fc.property(point, point, fc.double({ min: 1, max: 8, noNaN: true }), (a, b, radius) => {
      const map = emptyLabels(20, 16);
      fillCapsule(map, pen, a, b, radius);
      map.data.forEach((label, i) => {
        const centre: Point = [(i % 20) + 0.5, Math.floor(i / 20) + 0.5];
        const distance = distanceToSegment(centre, a, b);
        const onTheEdge = Math.abs(distance - radius) <= 1e-9;
        expect(onTheEdge || (label === 1) === distance < radius).toBe(true);
      });
    }),
  );
});

test('a stroke made of parts has no gap: it is what one long capsule is', () => {
  const whole = emptyLabels(40, 40);
  fillCapsule(whole, pen, [3, 5], [33, 20], 3);
  const parts = emptyLabels(40, 40);
  for (let i = 0; i < 4; i++) {
    const at = (t: number): Point => [3 + 30 * t, 5 + 15 * t];
    fillCapsule(parts, pen, at(i / 4), at((i + 1) / 4), 3);
  }
  expect(parts.data).toEqual(whole.data);
});

test('the smallest brush marks the pixel it stands on', () => {
  const map = emptyLabels(3, 3);
  fillCapsule(map, pen, [1.02, 1.98], [1.02, 1.98], 0.1);
  expect(map.data[4]).toBe(1);
});

test('a polygon marks the pixels whose centres lie inside', () => {
  const map = emptyLabels(6, 5);
  fillPolygon(map, pen, [
    [1, 1],
    [5, 1],
    [5, 4],
    [1, 4],
  ]);
  expect(picture(map)).toEqual(['......', '.1111.', '.1111.', '.1111.', '......']);
  const crossed = emptyLabels(5, 5);
  fillPolygon(crossed, pen, [
    [0, 0],
    [5, 5],
    [5, 0],
    [0, 5],
  ]);
  expect(segmentSizes(crossed).get(1)).toBeLessThan(20);
  expect(
    fillPolygon(map, pen, [
      [1, 1],
      [2, 2],
    ]),
  ).toBeNull();
});

test('two polygons that share an edge share no pixel and leave none out', () => {
  fc.assert(
    fc.property(point, point, fc.tuple(coordinate, coordinate), (a, b, c) => {
      const [left, right] = [emptyLabels(20, 16), emptyLabels(20, 16)];
      const corners: Point[] = [
        [-5, -5],
        [30, -5],
        [30, 30],
        [-5, 30],
      ];
      fillPolygon(left, pen, [a, b, c]);
      fillPolygon(right, pen, [...corners, corners[0]!, a, b, c, a, corners[0]!]);
      for (let i = 0; i < left.data.length; i++) expect(left.data[i]! + right.data[i]!).toBe(1);
    }),
  );
});

test('pens keep other segments where they are told to', () => {
  const map = labelsFrom(['12.']);
  fillCapsule(map, drawingPen(3, true), [1.5, 0.5], [1.5, 0.5], 3);
  expect(picture(map)).toEqual(['123']);
  fillCapsule(map, erasingPen(2, true), [1.5, 0.5], [1.5, 0.5], 3);
  expect(picture(map)).toEqual(['1.3']);
  fillCapsule(map, erasingPen(2, false), [1.5, 0.5], [1.5, 0.5], 3);
  expect(picture(map)).toEqual(['...']);
});

test('flood fill stays within drawn borders and grey values', () => {
  const map = labelsFrom(['.1...', '.1...', '11...']);
  const grey = { width: 5, height: 3, channels: 1, bits: 8 } as const;
  const pixels = { ...grey, data: Uint8Array.from([0, 0, 5, 9, 50, 0, 0, 5, 50, 50, 0, 0, 5, 5, 5]) };
  const bounded = { ...map, data: map.data.slice() };
  floodFill(bounded, pixels, drawingPen(2, false), [0.5, 0.5], Infinity);
  expect(picture(bounded)).toEqual(['21...', '21...', '11...']);
  floodFill(map, pixels, drawingPen(3, false), [2.5, 0.5], 4);
  expect(picture(map)).toEqual(['.133.', '.13..', '11333']);
  expect(floodFill(map, pixels, pen, [-1, 0], 4)).toBeNull();
});

test('holes are filled, bays and other segments are not', () => {
  const map = labelsFrom(['11111.', '1.12.1', '111111', '1....1']);
  fillHoles(map, 1);
  expect(picture(map)).toEqual(['11111.', '111211', '111111', '1....1']);
});

test('smoothing takes spurs and nicks, and leaves other segments', () => {
  const map = labelsFrom(['..1....', '.......', '.11111.', '.11.11.', '.111112', '.11111.', '.......']);
  smooth(map, 1, 1);
  expect(picture(map)).toEqual(['.......', '.......', '..111..', '.11111.', '.111112', '..111..', '.......']);
});

test('the threshold of the anomaly map is met where the interpolated score is', () => {
  const map = emptyLabels(8, 4);
  const scores = { rows: 1, columns: 2, data: Float32Array.from([0, 1]) };
  markThreshold(map, pen, scores, 0.5, 1);
  expect(picture(map)).toEqual(Array.from({ length: 4 }, () => '....1111'));
  const none = emptyLabels(8, 4);
  markThreshold(none, pen, scores, 0.5, 17);
  expect(segmentSizes(none).size).toBe(0);
});

test('what is cut out and pasted back is the same, and the changed rectangle holds every change', () => {
  const bytes = fc.uint8Array({ minLength: 35, maxLength: 35, max: 3 });
  fc.assert(
    fc.property(bytes, bytes, (a, b) => {
      const [before, after] = [a, b].map((data) => ({ width: 7, height: 5, data: data.slice() }));
      const rectangle = changedRectangle(before!, after!);
      if (rectangle !== null) paste(before!, rectangle, cut(after!, rectangle));
      expect(before!.data).toEqual(b);
    }),
  );
});

function distanceToSegment([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const length = (bx - ax) ** 2 + (by - ay) ** 2;
  const t =
    length === 0 ? 0 : Math.max(0, Math.min(1, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length));
  return Math.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay));
}
