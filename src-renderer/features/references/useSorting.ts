import { computed, ref, shallowRef, watch } from 'vue';
import type { ImageId, StudyId, StudyImage } from '#shared/domain.ts';
import type { DoctorReport } from '#shared/references.ts';
import { shortName } from '../../text/names.ts';
import { similarity as similarityText } from '../inspect/index.ts';
import { useSimilarity } from './useSimilarity.ts';

/** Raw distances differ by powers of ten between models; how often the usual one says more. */
const timesText = (times: number) => `${times.toFixed(times < 10 ? 1 : 0)} x`;

export type Sort = 'given' | 'similarity' | 'score';

/** Orders of the grid: as given, by similarity to the image the cursor stood on, by leave-one-out score. */
export function useSorting(
  study: StudyId,
  report: () => DoctorReport | null,
  cursor: () => StudyImage | undefined,
) {
  const sort = ref<Sort>('given');
  /** Keeps its image while the cursor moves on through what was sorted by it. */
  const likeness = shallowRef<StudyImage>();
  watch(cursor, (image) => {
    if (sort.value !== 'similarity') likeness.value = image;
  });
  const similarity = useSimilarity(
    () => study,
    () => (sort.value === 'similarity' ? likeness.value?.id : undefined),
  );
  const scores = computed(() => {
    const points = report()?.points;
    return new Map<ImageId, number>(
      (points?.images ?? []).flatMap((image, index) => {
        const score = points?.score[index];
        return score === null || score === undefined ? [] : [[image, score] as const];
      }),
    );
  });

  const usual = computed(() => {
    const sorted = [...scores.value.values()].toSorted((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] || 1;
  });

  const options = computed(() => [
    { value: 'given' as const, label: 'Name' },
    {
      value: 'similarity' as const,
      label:
        likeness.value === undefined
          ? 'Similarity to the selected image'
          : `Similarity to ${shortName(likeness.value.name)}`,
      disabled: likeness.value === undefined,
    },
    {
      value: 'score' as const,
      label: 'Leave-one-out score, times the median',
      disabled: scores.value.size === 0,
    },
  ]);

  function sorted(images: readonly StudyImage[]): readonly StudyImage[] {
    if (sort.value === 'given') return images;
    if (sort.value === 'similarity') {
      // The image itself first: it is what the others are compared with.
      const first = images.filter(({ id }) => id === likeness.value?.id);
      return [...first, ...similarity.sorted(images.filter(({ id }) => id !== likeness.value?.id))];
    }
    const rank = (image: StudyImage) => scores.value.get(image.id) ?? -1;
    return images.toSorted((a, b) => rank(b) - rank(a));
  }

  function figureOf(image: StudyImage): string | undefined {
    const value =
      sort.value === 'similarity'
        ? similarity.similarity.value.get(image.id)
        : sort.value === 'score'
          ? scores.value.get(image.id)
          : undefined;
    if (value === undefined) return undefined;
    return sort.value === 'score' ? timesText(value / usual.value) : similarityText(value);
  }

  return { sort, options, sorted, figureOf, isLoading: similarity.isLoading, error: similarity.error };
}
