import { computed } from 'vue';
import type { ImageId } from '#shared/domain.ts';
import { client } from '../../../api/client.ts';
import type { ColourGrid } from '../../../viewer/viewer.ts';
import { someShow, type Cell, type CellKind } from '../cells/cell.ts';
import type { Frame } from '../model/frames.ts';
import { useLatestAnswer } from '../session/latest-answer.ts';
import { clusterGrid, componentGrid } from './picture-colours.ts';

export const pictureKinds: readonly CellKind[] = [
  'clusters',
  'support-clusters',
  'features',
  'support-features',
];

/** Clusters and features of the frame's images, asked for while some cell shows them. */
export function usePictures(frame: () => Frame | null, cells: () => readonly Cell[]) {
  const { answer, problem } = useLatestAnswer(
    () => {
      const shown = frame();
      return shown?.preview && someShow(cells(), pictureKinds) ? shown : null;
    },
    async ({ image, settings }) => {
      const { query, supports } = await client.explain.pictures({ imageId: image.id, settings });
      return new Map(
        [query, ...supports].map((picture) => [
          picture.imageId,
          { clusters: clusterGrid(picture), features: componentGrid(picture) },
        ]),
      );
    },
  );

  return {
    problem,
    /** Null while it is computed, and for a method that does not cluster. */
    of: (image: ImageId, what: 'clusters' | 'features'): ColourGrid | null =>
      answer.value?.get(image)?.[what] ?? null,
    /** There are pictures, but no clusters in them. */
    withoutClusters: computed(
      () => answer.value !== null && [...answer.value.values()].every((one) => !one.clusters),
    ),
  };
}
