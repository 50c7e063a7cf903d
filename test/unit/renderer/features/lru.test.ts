import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLruCache } from '../../../../src-renderer/features/inspect/model/lru.ts';

test('what was used longest ago goes first', () => {
  const cache = createLruCache<string, number>(2);
  cache.set('a', 1);
  cache.set('b', 2);
  cache.get('a');
  cache.set('c', 3);
  expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([1, undefined, 3]);
});

test('one entry heavier than the limit still stays', () => {
  const cache = createLruCache<string, number>(10);
  cache.set('small', 1, 1);
  cache.set('huge', 2, 100);
  expect([cache.get('small'), cache.get('huge')]).toEqual([undefined, 2]);
});

test('a key set again weighs once', () => {
  const cache = createLruCache<string, number>(3);
  for (let i = 0; i < 10; i++) cache.set('a', i, 2);
  cache.set('b', 1, 1);
  expect([cache.get('a'), cache.get('b')]).toEqual([9, 1]);
});

test('the newest entries that fit together are all there', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1 }),
      fc.integer({ min: 1, max: 10 }),
      (keys, limit) => {
        const cache = createLruCache<number, number>(limit);
        for (const key of keys) cache.set(key, key);
        const newest = [...new Set(keys.toReversed())].slice(0, limit);
        expect(cache.size).toBe(newest.length);
        expect(newest.every((key) => cache.get(key) === key)).toBe(true);
      },
    ),
  );
});
