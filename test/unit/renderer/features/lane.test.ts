import { expect, test } from 'vitest';
import { createLane, Superseded } from '../../../../src-renderer/features/inspect/model/lane.ts';

/** A task that ends when it is told to. */
function task(name: string, log: string[]) {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const start = () => {
    log.push(name);
    return promise;
  };
  return { start, finish: () => resolve(name), fail: () => reject(new Error(name)) };
}

test('while one runs only the newest of the others is started afterwards', async () => {
  const lane = createLane();
  const started: string[] = [];
  const [first, second, third] = ['first', 'second', 'third'].map((name) => task(name, started)) as [
    ReturnType<typeof task>,
    ReturnType<typeof task>,
    ReturnType<typeof task>,
  ];
  const results = [first, second, third].map(({ start }) => lane.run(start));
  first.finish();
  third.finish();
  expect(await Promise.allSettled(results)).toEqual([
    { status: 'fulfilled', value: 'first' },
    { status: 'rejected', reason: new Superseded() },
    { status: 'fulfilled', value: 'third' },
  ]);
  expect(started).toEqual(['first', 'third']);
  expect(lane.busy).toBe(false);
});

test('a task that fails does not close the lane', async () => {
  const lane = createLane();
  const started: string[] = [];
  const [bad, good] = [task('bad', started), task('good', started)];
  const results = [lane.run(bad.start), lane.run(good.start)];
  bad.fail();
  good.finish();
  expect(await Promise.allSettled(results)).toEqual([
    { status: 'rejected', reason: new Error('bad') },
    { status: 'fulfilled', value: 'good' },
  ]);
});
