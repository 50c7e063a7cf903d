import { computed, type ComputedRef } from 'vue';
import type { ImageId, StudyId, StudyImage } from '#shared/domain.ts';
import { useCurrentImage } from '../../../stores/current.ts';
import type { Preferences } from '../model/preferences.ts';
import { orderQueue, stepInQueue, type QueueItem } from '../model/queue.ts';
import type { StudyData } from './useStudyData.ts';

export interface Queue {
  readonly items: ComputedRef<readonly QueueItem[]>;
  /** Where the present image stands, from 0; -1 when the queue is empty. */
  readonly position: ComputedRef<number>;
  /** The image looked at: the one looked at last in this study, else the first with something to see. */
  readonly image: ComputedRef<StudyImage | undefined>;
  /** Images that are likely next, the likeliest first. */
  readonly neighbours: ComputedRef<readonly StudyImage[]>;
  show(id: ImageId): void;
  /** Stays with an image although nobody chose it: a new run must not put another one under the reader's eyes. */
  settleOn(id: ImageId): void;
  step(by: number): void;
}

const neighbourSteps = [1, -1, 2];

/** A newcomer's first map should show a lesion, not the noise of a normal image. -1 for an empty queue. */
function firstToShow(items: readonly QueueItem[]): number {
  const abnormal = items.findIndex(({ label }) => label === 'abnormal');
  return abnormal === -1 && items.length > 0 ? 0 : abnormal;
}

export function useQueue(studyId: StudyId, data: StudyData, preferences: () => Preferences): Queue {
  const current = useCurrentImage();
  const items = computed(() => {
    const { order, reversed } = preferences();
    return orderQueue(data.images.data.value ?? [], data.results.value, order, reversed);
  });
  const position = computed(() => {
    const remembered = current.of(studyId);
    const at = items.value.findIndex((item) => item.id === remembered);
    return at === -1 ? firstToShow(items.value) : at;
  });
  const at = (index: number): StudyImage | undefined => {
    const item = items.value[index];
    return item && data.imageOf(item.id);
  };

  return {
    items,
    position,
    image: computed(() => at(position.value)),
    neighbours: computed(() =>
      neighbourSteps.map((by) => at(position.value + by)).filter((image) => image !== undefined),
    ),
    show: (id) => current.show(studyId, id),
    settleOn(id) {
      if (current.of(studyId) === undefined) current.show(studyId, id);
    },
    step(by) {
      const to = stepInQueue(items.value, items.value[position.value]?.id ?? null, by);
      if (to !== null) current.show(studyId, to);
    },
  };
}
