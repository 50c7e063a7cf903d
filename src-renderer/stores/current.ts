import { useQuery } from '@pinia/colada';
import { defineStore } from 'pinia';
import type { ComputedRef } from 'vue';
import { computed, shallowReactive } from 'vue';
import { useRoute } from 'vue-router';
import type { ImageId, Study } from '#shared/domain.ts';
import { StudyId } from '#shared/domain.ts';
import { studyQuery } from '../api/queries.ts';

/** The study the address names, for what stands outside the study's own views. */
export function useCurrentStudy(): {
  studyId: ComputedRef<StudyId | undefined>;
  study: ComputedRef<Study | undefined>;
} {
  const route = useRoute();
  const studyId = computed(() => StudyId.safeParse(Number(route.params['studyId'])).data);
  const { data } = useQuery(() =>
    studyId.value === undefined
      ? { key: ['studies', 'none'], enabled: false, query: () => Promise.resolve(undefined) }
      : studyQuery(studyId.value),
  );
  return { studyId, study: computed(() => data.value) };
}

/** The image a person looked at last in each study, so that every tab opens on the same one. */
export const useCurrentImage = defineStore('current-image', () => {
  const images = shallowReactive(new Map<StudyId, ImageId>());
  const of = (study: StudyId) => images.get(study);
  const show = (study: StudyId, image: ImageId) => void images.set(study, image);
  return { of, show };
});
