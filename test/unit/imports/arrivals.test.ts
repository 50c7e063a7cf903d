import { expect, test } from 'vitest';
import { arrivalsAmong } from '#main/imports/arrivals.ts';

const file = (path: string, size: number, modified: number) => ({ path, size, modified });

test('a file is ready when it stayed the same for long enough, and again when it changes', () => {
  const growing = arrivalsAmong([file('a', 10, 1)], new Map(), new Map(), 1000, 500);
  expect(growing.ready).toEqual([]);
  const grown = arrivalsAmong([file('a', 20, 2)], new Map(), growing.arriving, 1600, 500);
  expect(grown.ready).toEqual([]);
  const waiting = arrivalsAmong([file('a', 20, 2)], new Map(), grown.arriving, 2000, 500);
  expect(waiting.ready).toEqual([]);
  expect(waiting.arriving.get('a')?.since).toBe(1600);
  const whole = arrivalsAmong([file('a', 20, 2)], new Map(), waiting.arriving, 2100, 500);
  expect(whole.ready).toEqual([file('a', 20, 2)]);
  expect(whole.arriving.size).toBe(0);

  const seen = new Map(whole.ready.map((one) => [one.path, one]));
  expect(arrivalsAmong([file('a', 20, 2)], seen, new Map(), 9000, 500)).toEqual({
    ready: [],
    arriving: new Map(),
  });
  expect(arrivalsAmong([file('a', 20, 3)], seen, new Map(), 9000, 500).arriving.size).toBe(1);
});

test('an empty file is never ready', () => {
  const first = arrivalsAmong([file('a', 0, 1)], new Map(), new Map(), 0, 500);
  expect(arrivalsAmong([file('a', 0, 1)], new Map(), first.arriving, 9000, 500).ready).toEqual([]);
});
