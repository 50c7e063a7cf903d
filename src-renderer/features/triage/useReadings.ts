import { useQuery, useQueryCache } from '@pinia/colada';
import { computed, type ComputedRef } from 'vue';
import type { ImageId, RunId, StudyId } from '#shared/domain.ts';
import { latestVerdicts, type Phase, type Reading, type ReadingId, type Verdict } from '#shared/reading.ts';
import { client } from '../../api/client.ts';
import { readingsQuery } from '../../api/queries.ts';
import { useReader } from '../../stores/reader.ts';

export interface NewReading {
  readonly imageId: ImageId;
  readonly phase: Phase;
  readonly verdict: Verdict | null;
  readonly seconds: number;
  readonly runId: RunId | null;
}

export interface Readings {
  /** Of this reader, in the order they were made. */
  readonly own: ComputedRef<readonly Reading[]>;
  /** The verdicts in force. */
  readonly verdicts: ComputedRef<ReadonlyMap<ImageId, Reading>>;
  readonly ready: ComputedRef<boolean>;
  add(reading: NewReading): Promise<Reading>;
  withdraw(id: ReadingId): Promise<void>;
}

/** What the reader at this window decided about the images of a study. */
export function useReadings(studyId: () => StudyId): Readings {
  const reader = useReader();
  const cache = useQueryCache();
  const { data } = useQuery(() => readingsQuery(studyId()));
  const change = (how: (readings: readonly Reading[]) => Reading[]): void =>
    cache.setQueryData(readingsQuery(studyId()).key, how(data.value ?? []));

  return {
    own: computed(() => (data.value ?? []).filter((reading) => reading.reader === reader.name)),
    verdicts: computed(() => latestVerdicts(data.value ?? [], reader.name)),
    ready: computed(() => data.value !== undefined),
    async add(reading) {
      const stored = await client.readings.record({ ...reading, reader: reader.name });
      change((readings) => [...readings.filter(({ id }) => id !== stored.id), stored]);
      return stored;
    },
    async withdraw(id) {
      await client.readings.withdraw({ id });
      change((readings) => readings.filter((reading) => reading.id !== id));
    },
  };
}
