import { randomUUID } from 'node:crypto';
import type { ImageId, RunId } from '#shared/domain.ts';
import type { EvaluationItem, ScoredSet } from '#shared/engine-protocol.ts';
import { toFailure } from '#shared/errors.ts';
import { mapRuleOf } from '#shared/methods/index.ts';
import { patientOf } from '#shared/patient.ts';
import type { Run } from '#shared/results.ts';
import type { Engine } from '#main/engine/engine.ts';
import type { Workspace } from '#main/workspace/workspace.ts';

/** Images a message carries: small enough for main to stay responsive and for memory to stay flat. */
const itemsAtOnce = 64;

/** Lends the scored images of runs to the engine, part by part, for as long as a piece of work takes. */
export function scoredSets({ runs, results, images }: Workspace, engine: Engine) {
  /** Ids of the images a run has scored, in the order of the run. */
  const scoredIds = (run: RunId): ImageId[] =>
    results.ofRun(run).flatMap(({ imageId, outcome }) => (outcome.state === 'scored' ? [imageId] : []));

  const item = (run: Run, imageId: ImageId): EvaluationItem | undefined => {
    const score = results.score(run.id, imageId);
    if (!score) return undefined;
    const { name, label, pixels, truth, patient, spacing } = images.get(imageId);
    return {
      imageId,
      name,
      label,
      patient: patient ?? patientOf(name),
      spacing,
      width: pixels.width,
      height: pixels.height,
      scores: score.scores,
      mapRule: mapRuleOf(run.settings),
      foreground: score.foreground,
      imageScore: score.imageScore,
      truth,
    };
  };

  const lend = async (run: RunId, ids: readonly ImageId[]): Promise<ScoredSet> => {
    const key = randomUUID();
    const of = runs.get(run);
    let count = 0;
    for (let start = 0; start < ids.length; start += itemsAtOnce) {
      const items = ids.slice(start, start + itemsAtOnce).flatMap((id) => item(of, id) ?? []);
      await engine.call('add-scores', { key, from: count, items }, 'interactive');
      count += items.length;
    }
    return { key, count };
  };

  const attempt = async <T>(
    runs: readonly RunId[],
    ids: readonly ImageId[],
    work: (sets: readonly ScoredSet[]) => Promise<T>,
  ): Promise<T> => {
    const sets: ScoredSet[] = [];
    try {
      for (const run of runs) sets.push(await lend(run, ids));
      return await work(sets);
    } finally {
      for (const { key } of sets) void engine.call('drop-scores', { key }, 'interactive').catch(() => {});
    }
  };

  return {
    scoredIds,
    item: (run: RunId, image: ImageId) => item(runs.get(run), image),
    /**
     * Does work on the same images of one or more runs; again from the start when the engine died meanwhile.
     * @throws what the work throws
     */
    async with<T>(
      runs: readonly RunId[],
      ids: readonly ImageId[],
      work: (sets: readonly ScoredSet[]) => Promise<T>,
    ): Promise<T> {
      try {
        return await attempt(runs, ids, work);
      } catch (error) {
        if (toFailure(error).kind !== 'engine-gone') throw error;
        return attempt(runs, ids, work);
      }
    },
  };
}

export type ScoredSets = ReturnType<typeof scoredSets>;
