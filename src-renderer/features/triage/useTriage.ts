/** One reader going through a study: what stands before them, what a verdict does, and how to take it back. */
import { useLocalStorage } from '@vueuse/core';
import { computed, shallowRef, watch, type ComputedRef } from 'vue';
import type { ImageId, StudyId, StudyImage } from '#shared/domain.ts';
import type { Phase, Reading, ReadingId, Verdict } from '#shared/reading.ts';
import { useCurrentImage } from '../../stores/current.ts';
import type { QueueItem } from '../inspect/model/queue.ts';
import type { StudyData } from '../inspect/session/useStudyData.ts';
import { blindOrders, orderTriage, pace, type TriageOrder } from './triage-order.ts';
import type { Readings } from './useReadings.ts';

/** Verdicts that end the reading of an image at once, also before the map was shown. */
const isFinal = (verdict: Verdict) => verdict === 'excluded' || verdict === 'reference';

export function useTriage(studyId: StudyId, data: StudyData, readings: Readings) {
  const current = useCurrentImage();
  const order = useLocalStorage<TriageOrder>('nidus.triage.order', 'score');
  const blind = useLocalStorage('nidus.triage.blind', false);
  const shownOrder = computed<TriageOrder>(() =>
    blind.value && !blindOrders.includes(order.value) ? 'shuffled' : order.value,
  );

  /** Typed by the reader; null takes the threshold of the run. */
  const typedThreshold = shallowRef<number | null>(null);
  const runThreshold = computed(() => data.evaluations.raw.value?.image.f1maxThreshold ?? null);
  const middle = computed(() => {
    const scores = data.results.value
      .flatMap(({ outcome }) => (outcome.state === 'scored' ? [outcome.imageScore] : []))
      .sort((a, b) => a - b);
    return scores[Math.floor(scores.length / 2)] ?? 0;
  });
  const threshold = computed(() => typedThreshold.value ?? runThreshold.value ?? middle.value);

  /** Made once for an order: a verdict that changes a role must not take the image from under the reader. */
  const items = shallowRef<readonly QueueItem[]>([]);
  const position = shallowRef(0);
  const image = computed<StudyImage | undefined>(() => {
    const item = items.value[position.value];
    return item && data.imageOf(item.id);
  });
  const own = (id: ImageId | undefined) => readings.own.value.filter(({ imageId }) => imageId === id);
  const verdictOf = (id: ImageId) => readings.verdicts.value.get(id);
  const isDone = ({ id }: QueueItem): boolean => {
    const made = own(id);
    return blind.value
      ? made.some(({ phase, verdict }) => phase === 'revealed' || (verdict !== null && isFinal(verdict)))
      : made.some(({ verdict }) => verdict !== null);
  };

  /** In blind reading the map shows itself once the reader has committed to something; else it always does. */
  const phase = computed<Phase>(() => {
    if (!blind.value) return 'open';
    return own(image.value?.id).some((reading) => reading.phase === 'blind') ? 'revealed' : 'blind';
  });
  /** The reader has seen this map before reading it blind, so what they say now is not blind. */
  const seenBefore = computed(() => own(image.value?.id).some((reading) => reading.phase === 'open'));

  /** When what the reader judges came on the screen. */
  let shownAt = performance.now();
  watch([() => image.value?.id, phase], () => (shownAt = performance.now()), { flush: 'sync' });

  function goTo(index: number): void {
    position.value = Math.max(0, Math.min(items.value.length - 1, index));
    const shown = items.value[position.value];
    if (shown) current.show(studyId, shown.id);
  }

  function arrange(): void {
    const images = data.images.data.value ?? [];
    const seed = blind.value ? studyId : studyId + 1;
    items.value = orderTriage(images, data.results.value, shownOrder.value, threshold.value, seed);
    const unread = items.value.findIndex((item) => !isDone(item));
    goTo(unread === -1 ? 0 : unread);
  }
  watch(
    () => [data.ready.value && readings.ready.value, shownOrder.value, blind.value, threshold.value] as const,
    ([ready]) => {
      if (ready) arrange();
    },
    { immediate: true },
  );

  /** What can be taken back, newest last. */
  const made = shallowRef<readonly { readonly id: ReadingId; readonly imageId: ImageId }[]>([]);
  const times = shallowRef<readonly number[]>([]);
  let busy = false;

  /** Stores a verdict; null keeps what was said (or drawn) before. */
  async function judge(given: Verdict | null): Promise<void> {
    const read = image.value;
    if (read === undefined || busy) return;
    busy = true;
    try {
      const at = phase.value;
      const verdict = given ?? (at === 'revealed' ? (verdictOf(read.id)?.verdict ?? null) : null);
      const seconds = (performance.now() - shownAt) / 1000;
      const runId = data.latestRun.value?.id ?? null;
      const stored = await readings.add({ imageId: read.id, phase: at, verdict, seconds, runId });
      made.value = [...made.value, stored];
      if (at === 'blind' && !(given !== null && isFinal(given))) return;
      times.value = [...times.value, Date.now()];
      goTo(position.value + 1);
    } finally {
      busy = false;
    }
  }

  async function takeBack(): Promise<void> {
    const last = made.value.at(-1);
    if (last === undefined || busy) return;
    busy = true;
    try {
      await readings.withdraw(last.id);
      made.value = made.value.slice(0, -1);
      const index = items.value.findIndex(({ id }) => id === last.imageId);
      if (index !== -1) goTo(index);
    } finally {
      busy = false;
    }
  }

  const done = computed(() => items.value.filter(isDone).length);
  const perMinute = computed(() => pace(times.value));

  return {
    shownOrder,
    setOrder: (value: TriageOrder) => (order.value = value),
    blind,
    setBlind: (value: boolean) => (blind.value = value),
    threshold,
    setThreshold: (value: number | null) => (typedThreshold.value = value),
    items,
    position,
    image,
    phase,
    seenBefore,
    verdictOf,
    isDone,
    done,
    perMinute,
    minutesLeft: computed(() =>
      perMinute.value === null ? null : (items.value.length - done.value) / perMinute.value,
    ),
    canTakeBack: computed(() => made.value.length > 0),
    goTo,
    step: (by: number) => goTo(position.value + by),
    judge,
    takeBack,
    readingsOf: (id: ImageId): readonly Reading[] => own(id),
  };
}

export type Triage = ReturnType<typeof useTriage>;
export type TriagePhase = ComputedRef<Phase>;
