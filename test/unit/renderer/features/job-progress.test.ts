import { expect, test } from 'vitest';
import type { Job } from '#shared/domain.ts';
import { JobId, RunId, StudyId } from '#shared/domain.ts';
import {
  durationText,
  millisecondsLeft,
  progressText,
} from '../../../../src-renderer/features/jobs/progress.ts';

const job: Job = {
  id: JobId.parse(9),
  kind: 'run',
  title: 'Run 3',
  studyId: StudyId.parse(1),
  runId: RunId.parse(3),
  state: 'running',
  done: 128,
  total: 200,
  failed: 0,
  activity: null,
  error: null,
  createdAt: '2025-01-01T00:00:00.000Z',
  startedAt: '2025-01-01T00:00:00.000Z',
  finishedAt: null,
};

test('a resumed job is paced by what it did since, not since it was first started', () => {
  // 28 images in 7 s: 250 ms each, 72 to go.
  expect(millisecondsLeft(job, { at: 1000, done: 100 }, 8000)).toBe(18_000);
});

test('no guess before there is a pace', () => {
  expect(millisecondsLeft(job, { at: 1000, done: 128 }, 60_000)).toBeUndefined();
  expect(millisecondsLeft(job, { at: 1000, done: 100 }, 1500)).toBeUndefined();
});

test('the words of the status bar', () => {
  expect(progressText(job, 12_000)).toBe('run 3: 128 of 200, 12 s left');
  expect(progressText({ ...job, failed: 2 }, undefined)).toBe('run 3: 128 of 200');
  expect(progressText({ ...job, kind: 'import', runId: null, done: 0, total: 0 }, undefined)).toBe(
    'import: starting',
  );
  expect(progressText({ ...job, done: 0, activity: 'Preparing references: 12 of 40' }, undefined)).toBe(
    'run 3: Preparing references: 12 of 40',
  );
});

test('durations', () => {
  expect([300, 61_000, 200_000, 7_200_000, 7_500_000].map(durationText)).toEqual([
    '1 s',
    '61 s',
    '3 min',
    '2 h',
    '2 h 5 min',
  ]);
});
