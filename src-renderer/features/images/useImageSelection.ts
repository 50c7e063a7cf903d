import type { ComputedRef } from 'vue';
import { computed, shallowRef } from 'vue';
import type { ImageId, StudyImage } from '#shared/domain.ts';
import type { Modifiers, Selection } from './selection.ts';
import { choose, chooseAll, emptySelection, keepExisting } from './selection.ts';

export interface ImageSelection {
  readonly selection: ComputedRef<Selection>;
  readonly chosen: ComputedRef<readonly StudyImage[]>;
  readonly cursor: ComputedRef<StudyImage | undefined>;
  choose(image: ImageId, modifiers: Modifiers): void;
  chooseAll(): void;
  clear(): void;
}

/** A selection over the images in sight, in their order; images that go away leave it by themselves. */
export function useImageSelection(images: () => readonly StudyImage[]): ImageSelection {
  const wanted = shallowRef<Selection>(emptySelection);
  const byId = computed(() => new Map(images().map((image) => [image.id, image])));
  const order = computed(() => [...byId.value.keys()]);
  const selection = computed(() => keepExisting(wanted.value, new Set(order.value)));

  return {
    selection,
    chosen: computed(() => images().filter((image) => selection.value.chosen.has(image.id))),
    cursor: computed(() => {
      const id = selection.value.cursor;
      return id === undefined ? undefined : byId.value.get(id);
    }),
    choose: (image, modifiers) => {
      wanted.value = choose(selection.value, image, order.value, modifiers);
    },
    chooseAll: () => {
      wanted.value = chooseAll(selection.value, order.value);
    },
    clear: () => {
      wanted.value = { ...selection.value, chosen: new Set() };
    },
  };
}
