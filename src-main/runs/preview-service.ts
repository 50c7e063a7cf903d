import type { Reader } from '#shared/annotation.ts';
import type { ImageId, Scale } from '#shared/domain.ts';
import type { JudgedBy, ReferencePool, ScoredImage } from '#shared/engine-protocol.ts';
import type { ImageFigures, Match, Preview } from '#shared/results.ts';
import { featuresOf, mapRuleOf, methods } from '#shared/methods/index.ts';
import type { RunSettings } from '#shared/settings.ts';
import { checkAdapter } from '#main/adapters/check-adapter.ts';
import type { Engine } from '#main/engine/engine.ts';
import type { ModelCatalogue } from '#main/models/catalogue.ts';
import type { StoredImage } from '#main/workspace/repositories/images.ts';
import type { Workspace } from '#main/workspace/workspace.ts';
import { checkModel, forEngine, poolOfContent, referencesFor } from './scoring.ts';

/** Maps kept so that moving the threshold does not cluster again. */
const rememberedPreviews = 64;

/** What Inspect asks while a person turns knobs: nothing is stored. */
export function previewService(workspace: Workspace, engine: Engine, catalogue: ModelCatalogue) {
  const { images } = workspace;
  const remembered = new Map<string, Promise<ScoredImage>>();

  /** The references without the query itself. */
  const poolFrom = (members: readonly StoredImage[], query: StoredImage): ReferencePool =>
    poolOfContent(members.filter(({ id }) => id !== query.id));

  /** What a reader drew in the place of the ground truth; nobody knows it where they drew nothing. */
  const annotationAsTruth = (imageId: ImageId, reader: Reader): JudgedBy => {
    const labels = workspace.annotations.find(imageId, reader)?.labels;
    return labels ? { kind: 'labels', labels } : { kind: 'unknown' };
  };

  const poolFor = (settings: RunSettings, query: StoredImage): ReferencePool => {
    const { studyId } = query;
    // Its own patches are left out of the search, not of the bank, which all query images share.
    if (methods[settings.method].references === 'queries')
      return poolOfContent(images.ofRole(studyId, 'query'));
    const normals = images.ofRole(studyId, 'normal');
    return poolFrom(referencesFor(settings, normals, images.get, studyId), query);
  };

  const request = async (image: StoredImage, settings: RunSettings) => {
    checkModel(settings, catalogue);
    checkAdapter(settings, workspace, image.studyId);
    const pool = poolFor(settings, image);
    await engine.definePool(pool);
    return { query: forEngine(image), poolKey: pool.key, settings };
  };

  const compute = async (image: StoredImage, settings: RunSettings): Promise<ScoredImage> => {
    const asked = await request(image, settings);
    const key = `${image.id} ${asked.poolKey} ${JSON.stringify(settings)}`;
    const present = remembered.get(key);
    if (present) return present;
    const scored = engine.call('score', asked, 'interactive');
    remembered.set(key, scored);
    if (remembered.size > rememberedPreviews) remembered.delete(remembered.keys().next().value ?? '');
    scored.catch(() => remembered.delete(key));
    return scored;
  };

  return {
    /** What the engine is asked about an image under these settings; its pool is known to the engine. */
    question: (image: ImageId, settings: RunSettings) => request(images.get(image), settings),
    async preview(imageId: ImageId, settings: RunSettings): Promise<Preview> {
      const scored = await compute(images.get(imageId), settings);
      const { scores, foreground } = scored;
      return {
        imageId,
        support: [...scored.support],
        scores: { ...scores, data: [...scores.data] },
        foreground: { ...foreground, data: [...foreground.data] },
        imageScore: scored.imageScore,
        clusterSizes: [...scored.clusterSizes],
        milliseconds: scored.milliseconds,
      };
    },
    async matches(imageId: ImageId, settings: RunSettings, limit: number): Promise<Match[]> {
      const query = images.get(imageId);
      checkModel(settings, catalogue);
      const pool = poolFrom(images.ofRole(query.studyId, 'normal'), query);
      await engine.definePool(pool);
      const asked = { query: forEngine(query), poolKey: pool.key, features: featuresOf(settings), limit };
      return engine.call('match', asked, 'interactive');
    },
    async figures(
      imageId: ImageId,
      settings: RunSettings,
      scale: Scale,
      threshold: number,
      annotationOf: Reader | null = null,
    ): Promise<ImageFigures> {
      const image = images.get(imageId);
      const { scores, foreground } = await compute(image, settings);
      const { width, height } = image.pixels;
      const mapRule = mapRuleOf(settings);
      const truth = annotationOf === null ? image.truth : annotationAsTruth(imageId, annotationOf);
      const request = { scores, foreground, mapRule, width, height, truth, scale, threshold };
      return engine.call('figures', request, 'interactive');
    },
  };
}

export type PreviewService = ReturnType<typeof previewService>;
