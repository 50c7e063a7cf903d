import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ImageId } from '#shared/domain.ts';
import {
  orderQueue,
  queueOrders,
  stepInQueue,
} from '../../../../src-renderer/features/inspect/model/queue.ts';
import { failed, scored, studyImage } from './fixtures.ts';

const images = [studyImage(10), studyImage(2), studyImage(30), studyImage(4, { role: 'normal' })];
const results = [scored(10, 0.2, 0.9), scored(2, 0.7, 0.95), failed(30, 'The file ends early.')];
const ids = (queue: readonly { id: number }[]) => queue.map(({ id }) => id);

test('the highest score is read first; what has none comes last either way', () => {
  expect(ids(orderQueue(images, results, 'score', false))).toEqual([2, 10, 30]);
  expect(ids(orderQueue(images, results, 'score', true))).toEqual([10, 2, 30]);
});

test('the least similar support image comes first', () => {
  expect(ids(orderQueue(images, results, 'similarity', false))).toEqual([10, 2, 30]);
});

test('names are ordered as people count', () => {
  expect(ids(orderQueue(images, [], 'name', false))).toEqual([2, 10, 30]);
  expect(ids(orderQueue(images, [], 'name', true))).toEqual([30, 10, 2]);
});

test('an image the run gave up on says why', () => {
  const item = orderQueue(images, results, 'name', false).find(({ id }) => id === 30);
  expect(item).toMatchObject({ score: null, failure: 'The file ends early.' });
});

test('every order holds the same query images', () => {
  const study = fc.uniqueArray(fc.integer({ min: 1, max: 500 }), { maxLength: 30 });
  fc.assert(
    fc.property(
      study,
      fc.constantFrom(...queueOrders),
      fc.boolean(),
      fc.func(fc.option(fc.float({ noNaN: true, noDefaultInfinity: true }))),
      (study, order, reversed, scoreOf) => {
        const known = study.flatMap((id) => {
          const value = scoreOf(id);
          return value === null ? [] : [scored(id, value, value)];
        });
        const queue = orderQueue(
          study.map((id) => studyImage(id)),
          known,
          order,
          reversed,
        );
        expect(new Set(ids(queue))).toEqual(new Set(study));
        const values = queue.map((item) => item.score);
        expect(
          order === 'name' ||
            values.lastIndexOf(null) === -1 ||
            values.slice(values.indexOf(null)).every((value) => value === null),
        ).toBe(true);
      },
    ),
  );
});

test('steps stop at the ends and start at the first', () => {
  const queue = orderQueue(images, results, 'name', false);
  const at = (id: number) => ImageId.parse(id);
  expect(stepInQueue(queue, at(2), 1)).toBe(10);
  expect(stepInQueue(queue, at(2), -1)).toBe(2);
  expect(stepInQueue(queue, at(2), Infinity)).toBe(30);
  expect(stepInQueue(queue, null, 1)).toBe(2);
  expect(stepInQueue([], null, 1)).toBeNull();
});
