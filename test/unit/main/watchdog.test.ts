import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { watchdog } from '#main/engine/watchdog.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function watched(isWatching: () => boolean) {
  const [ask, onSilence] = [vi.fn<() => void>(), vi.fn<() => void>()];
  return { ask, onSilence, dog: watchdog({ patience: 5000, isWatching, ask, onSilence }) };
}

test('an engine that answers is left alone, however long it works', () => {
  const { ask, onSilence, dog } = watched(() => true);
  for (let second = 0; second < 60; second++) {
    vi.advanceTimersByTime(1000);
    dog.hear();
  }
  expect(ask).toHaveBeenCalledTimes(60);
  expect(onSilence).not.toHaveBeenCalled();
  dog.stop();
});

test('one that is silent for too long is noticed once, and not while it may be busy with something else', () => {
  let reads = false;
  const { onSilence, dog } = watched(() => reads);
  vi.advanceTimersByTime(60_000);
  expect(onSilence).not.toHaveBeenCalled();
  reads = true;
  vi.advanceTimersByTime(7000);
  expect(onSilence).toHaveBeenCalledTimes(1);
  dog.stop();
});
