import type { RunId, Scale, Scope } from '#shared/domain.ts';
import type { EvaluationItem } from '#shared/engine-protocol.ts';
import { Failure } from '#shared/errors.ts';
import { mapRuleOf } from '#shared/methods/index.ts';
import type { Evaluation } from '#shared/results.ts';
import type { Engine } from '#main/engine/engine.ts';
import type { Workspace } from '#main/workspace/workspace.ts';

export function evaluationService(workspace: Workspace, engine: Engine) {
  const { runs, results, images, evaluations } = workspace;

  /** Every scored image of a run with its maps and ground truth. */
  const items = (run: RunId): EvaluationItem[] => {
    const mapRule = mapRuleOf(runs.get(run).settings);
    return results.ofRun(run).flatMap(({ imageId }): EvaluationItem[] => {
      const score = results.score(run, imageId);
      if (!score) return [];
      const { name, label, pixels, truth } = images.get(imageId);
      const { scores, foreground, imageScore } = score;
      return [
        {
          imageId,
          name,
          label,
          width: pixels.width,
          height: pixels.height,
          scores,
          foreground,
          mapRule,
          imageScore,
          truth,
        },
      ];
    });
  };

  const compute = async (run: RunId, scale: Scale, scope: Scope): Promise<Evaluation> => {
    const scored = items(run);
    if (scored.length === 0) throw new Failure('invalid', `Run ${run} has no scored images yet.`);
    const figures = await engine.call('evaluate', { items: scored, scale, scope }, 'interactive');
    return { runId: run, ...figures };
  };

  return {
    /** Figures of a run, computed once; those of an unfinished run are computed anew each time. */
    async get(run: RunId, scale: Scale, scope: Scope): Promise<Evaluation> {
      const { done, failed, total } = runs.get(run);
      const present = evaluations.get(run, scale, scope);
      if (present) return present;
      const evaluation = await compute(run, scale, scope);
      if (done + failed === total) evaluations.put(evaluation);
      return evaluation;
    },
    items,
  };
}

export type EvaluationService = ReturnType<typeof evaluationService>;
