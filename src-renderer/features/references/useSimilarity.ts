import { useQuery } from '@pinia/colada';
import type { ComputedRef } from 'vue';
import { computed } from 'vue';
import type { ImageId, StudyId, StudyImage } from '#shared/domain.ts';
import { client } from '../../api/client.ts';
import { keys } from '../../api/queries.ts';
import { useRunSettings } from '../../stores/runSettings.ts';

const mostMatches = 100_000;

/** How similar the normals are to one image, by embedding. Nothing is asked while none is chosen. */
export function useSimilarity(studyId: () => StudyId, query: () => ImageId | undefined) {
  const settings = useRunSettings();
  const { data, error, isLoading } = useQuery(() => {
    const imageId = query();
    const of = settings.of(studyId());
    return {
      key: [...keys.images(studyId()), 'matches', imageId ?? 'none', of.model, of.size],
      enabled: imageId !== undefined,
      query: () =>
        imageId === undefined
          ? Promise.resolve([])
          : client.inspect.matches({ imageId, settings: of, limit: mostMatches }),
    };
  });

  const similarity = computed(
    () => new Map((data.value ?? []).map((match) => [match.imageId, match.similarity])),
  );

  /** Most similar first; what was not ranked keeps its order at the end. */
  function sorted(images: readonly StudyImage[]): StudyImage[] {
    const rank = (image: StudyImage) => similarity.value.get(image.id) ?? -2;
    return [...images].sort((a, b) => rank(b) - rank(a));
  }

  return { similarity: similarity as ComputedRef<ReadonlyMap<ImageId, number>>, sorted, error, isLoading };
}
