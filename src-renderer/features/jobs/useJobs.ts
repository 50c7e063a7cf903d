import { useQuery } from '@pinia/colada';
import { createSharedComposable, useIntervalFn } from '@vueuse/core';
import { computed, shallowReactive, shallowRef } from 'vue';
import type { Job, JobId } from '#shared/domain.ts';
import { onJobChange } from '../../api/events.ts';
import { jobsQuery } from '../../api/queries.ts';
import type { ProgressStart } from './progress.ts';
import { millisecondsLeft, progressText } from './progress.ts';

function setup() {
  const { data, error, isPending, refetch } = useQuery(jobsQuery);
  const now = shallowRef(Date.now());
  useIntervalFn(() => {
    now.value = Date.now();
  }, 1000);
  const expected = new Set<JobId>();
  const starts = shallowReactive(new Map<JobId, ProgressStart>());

  onJobChange(({ job }) => {
    // What comes before the first item has another pace.
    if (job.state !== 'running' || job.activity !== null) starts.delete(job.id);
    else if (!starts.has(job.id)) starts.set(job.id, { at: Date.now(), done: job.done });
  });

  const all = computed<readonly Job[]>(() => data.value ?? []);
  const running = computed(() => all.value.filter((job) => job.state === 'running'));
  const waiting = computed(() => all.value.filter((job) => job.state === 'queued'));

  /** The job's progress in words, with the time left once there is a pace. */
  function progressOf(job: Job): string {
    const start = starts.get(job.id);
    return progressText(job, start === undefined ? undefined : millisecondsLeft(job, start, now.value));
  }

  /** Says that somebody waits for this job before their eyes: its end needs no message of its own. */
  const expect = (id: JobId) => void expected.add(id);
  const forget = (id: JobId) => void expected.delete(id);
  const isExpected = (id: JobId) => expected.has(id);

  return { all, running, waiting, error, isPending, refetch, progressOf, expect, forget, isExpected };
}

/** All jobs, newest first, kept up to date by the event stream. */
export const useJobs = createSharedComposable(setup);
