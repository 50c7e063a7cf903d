import type { ImageId, RunId } from '#shared/domain.ts';
import { Failure } from '#shared/errors.ts';
import type { Explanation, FeaturePictures } from '#shared/explanation.ts';
import type { Preview } from '#shared/results.ts';
import type { RunSettings } from '#shared/settings.ts';
import type { Engine } from '#main/engine/engine.ts';
import type { Workspace } from '#main/workspace/workspace.ts';
import type { PreviewService } from './preview-service.ts';

/** What Inspect asks to understand a map: nothing is stored. */
export function explanationService({ images, results }: Workspace, engine: Engine, previews: PreviewService) {
  return {
    async patch(
      image: ImageId,
      settings: RunSettings,
      at: { row: number; column: number },
    ): Promise<Explanation> {
      const asked = await previews.question(image, settings);
      return engine.call('explain', { ...asked, ...at }, 'interactive');
    },
    async pictures(image: ImageId, settings: RunSettings): Promise<FeaturePictures> {
      return engine.call('draw-features', await previews.question(image, settings), 'interactive');
    },
    stored(run: RunId, imageId: ImageId): Preview {
      const score = results.score(run, imageId);
      if (!score) {
        throw new Failure('not-found', `Run ${run} has no map of ${images.get(imageId).name}.`);
      }
      const { scores, foreground, imageScore, support } = score;
      return {
        imageId,
        support: [...support],
        scores: { ...scores, data: [...scores.data] },
        foreground: { ...foreground, data: [...foreground.data] },
        imageScore,
        clusterSizes: [],
        milliseconds: { decode: 0, features: 0, match: 0, cluster: 0, map: 0 },
      };
    },
  };
}

export type ExplanationService = ReturnType<typeof explanationService>;
