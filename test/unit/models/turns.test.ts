import { expect, test } from 'vitest';
import { openBatches } from '#engine/models/batches.ts';
import type { InputTensor } from '#engine/models/preprocess.ts';
import { afterAllTurns, oneAtATime, onBehalfOf } from '#engine/turns.ts';

const never = new AbortController().signal;
const asJob = <T>(work: () => T): T => onBehalfOf({ urgency: 'job', signal: never }, work);
const asPerson = <T>(work: () => T): T => onBehalfOf({ urgency: 'interactive', signal: never }, work);

/** Holds the turn until it is let go. */
function hold() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { held: oneAtATime(() => promise), letGo: resolve };
}

test('what a person waits for comes before the work of a job, but not before a release', async () => {
  const order: string[] = [];
  const note = (name: string) => async () => void order.push(name);
  const { held, letGo } = hold();
  const all = [
    asJob(() => oneAtATime(note('job 1'))),
    asJob(() => oneAtATime(note('job 2'))),
    asPerson(() => oneAtATime(note('person'))),
    afterAllTurns(note('release')),
    asPerson(() => oneAtATime(note('late person'))),
  ];
  letGo();
  await Promise.all([held, ...all]);
  expect(order).toEqual(['person', 'job 1', 'job 2', 'release', 'late person']);
});

test('a call that was given up while it waited is not done, and a failure holds nobody up', async () => {
  const controller = new AbortController();
  const { held, letGo } = hold();
  let done = false;
  const given = onBehalfOf({ urgency: 'job', signal: controller.signal }, () =>
    oneAtATime(async () => void (done = true)),
  );
  const failing = oneAtATime(() => Promise.reject(new Error('broken')));
  const next = oneAtATime(() => Promise.resolve('next'));
  controller.abort();
  letGo();
  await held;
  await expect(given).rejects.toMatchObject({ kind: 'cancelled' });
  await expect(failing).rejects.toThrow('broken');
  expect([done, await next]).toEqual([false, 'next']);
});

const input = (value: number, width = 1): InputTensor => ({
  width,
  height: 1,
  data: new Float32Array(3 * width).fill(value),
});

/** A model that gives back the first value of each input. */
const echo = (sizes: number[], refuses = (_count: number) => false) =>
  openBatches(3, (inputs) => {
    sizes.push(inputs.length);
    if (refuses(inputs.length)) return Promise.reject(new Error('out of memory'));
    const data = Float32Array.from(inputs, ({ data: [first = 0] }) => first);
    return Promise.resolve([{ shape: [inputs.length, 1], data }]);
  });

const valuesOf = async (runs: ReturnType<ReturnType<typeof echo>>[]) =>
  (await Promise.all(runs)).map(({ outputs }) => [outputs[0]!.shape, outputs[0]!.data[0]]);

test('inputs of one size that wait at the same time go together, up to the limit', async () => {
  const sizes: number[] = [];
  const run = echo(sizes);
  const { letGo } = hold();
  const runs = [input(1), input(2), input(9, 2), input(3), input(4)].map((one) => run(one, ['a']));
  letGo();
  expect(await valuesOf(runs)).toEqual([1, 2, 9, 3, 4].map((value) => [[1, 1], value]));
  expect(sizes).toEqual([3, 1, 1]);
});

test('what is too much together is done one by one', async () => {
  const sizes: number[] = [];
  const run = echo(sizes, (count) => count > 1);
  const { letGo } = hold();
  const runs = [1, 2, 3].map((value) => run(input(value), ['a']));
  letGo();
  expect((await valuesOf(runs)).map(([, value]) => value)).toEqual([1, 2, 3]);
  expect(sizes).toEqual([3, 1, 1, 1]);
});
