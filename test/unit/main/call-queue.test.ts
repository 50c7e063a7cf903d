import { describe, expect, test } from 'vitest';
import { callQueue, type QueuedCall } from '#main/engine/call-queue.ts';
import type { Urgency } from '#shared/engine-protocol.ts';

let id = 0;
const call = (urgency: Urgency = 'job'): QueuedCall => ({
  id: ++id,
  call: 'ingest',
  request: undefined,
  urgency,
  crashes: 0,
  resolve: () => {},
  reject: () => {},
});

describe('the queue of engine calls', () => {
  test('sends no more than a few at once, in order', () => {
    const queue = callQueue(2);
    const calls = [call(), call(), call()];
    calls.forEach(queue.add);
    expect([queue.next(), queue.next(), queue.next()]).toEqual([calls[0], calls[1], undefined]);
    queue.settle(calls[0]!.id);
    expect(queue.next()).toBe(calls[2]);
  });

  test('lets a person go before a job', () => {
    const queue = callQueue(1);
    const [job, person] = [call('job'), call('interactive')];
    queue.add(job);
    queue.add(person);
    expect(queue.next()).toBe(person);
  });

  test('tries the calls of a dead engine again one at a time, before anything else', () => {
    const queue = callQueue(3);
    const [innocent, guilty, later] = [call(), call(), call('interactive')];
    queue.add(innocent);
    queue.add(guilty);
    queue.next();
    queue.next();
    queue.add(later);
    expect(queue.crashed(2)).toEqual([]);

    const first = queue.next();
    expect([innocent, guilty]).toContain(first);
    expect(queue.next()).toBeUndefined();
    queue.settle(first!.id);
    const second = queue.next();
    expect(second).not.toBe(first);
    expect(queue.next()).toBeUndefined();
    // The second one kills its engine again: it alone is given up, the waiting call is not touched.
    expect(queue.crashed(2)).toEqual([second]);
    expect(queue.next()).toBe(later);
  });
});
