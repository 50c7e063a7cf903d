import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wheelPixels, wheelSteps, wheelZoom } from '../../../../src-renderer/viewer/interaction.ts';

test('a mouse notch is one step, whatever the browser counts', () => {
  expect(wheelSteps(0, 120)).toEqual({ steps: 1, leftOver: 0 });
  expect(wheelSteps(30, -100)).toEqual({ steps: -1, leftOver: 0 });
  expect(wheelSteps(0, wheelPixels(-3, 1) * 2)).toEqual({ steps: -1, leftOver: 0 });
});

test('small movements of a trackpad add up', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 49 }), { maxLength: 100 }), (movements) => {
      let leftOver = 0;
      let steps = 0;
      for (const pixels of movements) {
        const turned = wheelSteps(leftOver, pixels);
        steps += turned.steps;
        leftOver = turned.leftOver;
      }
      expect(steps).toBe(Math.floor(movements.reduce((sum, pixels) => sum + pixels, 0) / 50));
    }),
  );
});

test('turning round starts anew', () => {
  expect(wheelSteps(40, -20)).toEqual({ steps: 0, leftOver: -20 });
});

test('zooming in and out again ends where it began', () => {
  expect(wheelZoom(-120)).toBeGreaterThan(1);
  expect(wheelZoom(-120) * wheelZoom(120)).toBeCloseTo(1, 12);
});
