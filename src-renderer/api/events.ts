import { shownJob } from '../privacy/hidden-names.ts';
import { useQueryCache } from '@pinia/colada';
import { createEventHook } from '@vueuse/core';
import type { z } from 'zod';
import { onScopeDispose, readonly, shallowRef } from 'vue';
import type { AppEvent as AppEventSchema } from '#shared/contract/system.ts';
import type { Job } from '#shared/domain.ts';
import { Locked, client } from './client.ts';
import { jobsQuery, keys, systemQuery } from './queries.ts';

type AppEvent = z.infer<typeof AppEventSchema>;

export type Connection = 'connecting' | 'live' | 'lost' | 'locked';
const connectionState = shallowRef<Connection>('connecting');
/** Whether the event stream is there; `lost` and `locked` mean the window shows what it knew last. */
export const connection = readonly(connectionState);

const jobChanges = createEventHook<{ job: Job; previous: Job | undefined }>();
/** Called with every change of a job and what was known of it before. */
export const onJobChange = jobChanges.on;

const firstWait = 500;
const longestWait = 10_000;

const ended = (job: Job) => job.state === 'finished' || job.state === 'failed' || job.state === 'cancelled';

/** Keeps the query cache true to the application for as long as the calling component lives. */
export function useAppEvents(): void {
  const cache = useQueryCache();
  const leaving = new AbortController();
  onScopeDispose(() => leaving.abort());

  const changed = (key: readonly (string | number)[]) => void cache.invalidateQueries({ key: [...key] });

  function receiveJob(job: Job): void {
    const known = cache.getQueryData<Job[]>(jobsQuery.key);
    const previous = known?.find((one) => one.id === job.id);
    if (known !== undefined) {
      const others = known.filter((one) => one.id !== job.id);
      cache.setQueryData(
        jobsQuery.key,
        [...others, shownJob(job)].sort((a, b) => b.id - a.id),
      );
    }
    void jobChanges.trigger({ job, previous });
    if (previous?.state === job.state && !ended(job)) return;
    if (job.studyId !== null) changed(keys.study(job.studyId));
    if (job.runId !== null) changed(keys.run(job.runId));
    if (job.kind === 'download') changed(keys.kept);
    if (ended(job)) {
      changed(keys.studies);
      // The speed on the status bar is measured by what just ended.
      changed(keys.system);
    }
  }

  function receive(event: AppEvent): void {
    if (event.type === 'job') receiveJob(event.job);
    else if (event.type === 'study') changed(keys.study(event.studyId));
    else if (event.type === 'annotations') changed(keys.readings(event.studyId));
    else if (event.type === 'models') changed(keys.models);
    else if (event.type === 'adapters') changed(keys.adapters);
    else if (event.type === 'studies') {
      changed(keys.studies);
      changed(keys.samples);
    } else {
      const info = cache.getQueryData(systemQuery.key);
      if (info !== undefined) cache.setQueryData(systemQuery.key, { ...info, engine: event.engine });
    }
  }

  async function listen(): Promise<void> {
    let wait = firstWait;
    let missedEvents = false;
    while (!leaving.signal.aborted) {
      let ending: unknown;
      try {
        const events = await client.events.subscribe(undefined, { signal: leaving.signal });
        connectionState.value = 'live';
        wait = firstWait;
        // Whatever happened while nobody listened is unknown: ask for everything on the screen again.
        if (missedEvents) void cache.invalidateQueries();
        for await (const event of events) receive(event);
      } catch (error) {
        if (leaving.signal.aborted) return;
        ending = error;
      }
      missedEvents = true;
      connectionState.value = ending instanceof Locked ? 'locked' : 'lost';
      await new Promise((resolve) => setTimeout(resolve, wait));
      wait = Math.min(wait * 2, longestWait);
    }
  }

  void listen();
}
