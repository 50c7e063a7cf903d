import type { ImageId, RunId, Scale, Scope } from '#shared/domain.ts';
import type { EvaluationItem, ScoredSet } from '#shared/engine-protocol.ts';
import { Failure } from '#shared/errors.ts';
import {
  type BootstrapOptions,
  type Comparison,
  defaultAuproLimit,
  Froc,
  Intervals,
} from '#shared/evaluation.ts';
import type { Evaluation } from '#shared/results.ts';
import type { Engine } from '#main/engine/engine.ts';
import type { AnalysisKind } from '#main/workspace/repositories/evaluations.ts';
import type { Workspace } from '#main/workspace/workspace.ts';
import { scoredSets } from './scored-sets.ts';

/** Which maps, and which of their images. */
export interface EvaluationChoice {
  readonly scale: Scale;
  readonly scope: Scope;
}

export function evaluationService(workspace: Workspace, engine: Engine) {
  const { runs, evaluations } = workspace;
  const sets = scoredSets(workspace, engine);

  const isSettled = (run: RunId): boolean => {
    const { done, failed, total } = runs.get(run);
    return done + failed === total;
  };

  const ofRun = <T>(run: RunId, work: (set: ScoredSet) => Promise<T>): Promise<T> => {
    runs.get(run);
    const ids = sets.scoredIds(run);
    if (ids.length === 0) throw new Failure('invalid', `Run ${run} has no scored images yet.`);
    return sets.with([run], ids, ([set]) => work(set!));
  };

  const compute = async (run: RunId, choice: EvaluationChoice, auproLimit: number): Promise<Evaluation> => ({
    runId: run,
    ...(await ofRun(run, (set) => engine.call('evaluate', { set, ...choice, auproLimit }, 'interactive'))),
  });

  /** Kept once the run is settled; what an older Nidus kept in another shape is computed anew. */
  const kept = async <T>(
    run: RunId,
    kind: AnalysisKind,
    options: unknown,
    parse: (value: unknown) => T | undefined,
    work: () => Promise<T>,
  ): Promise<T> => {
    const present = parse(evaluations.analysis(run, kind, options));
    if (present !== undefined) return present;
    const result = await work();
    if (isSettled(run)) evaluations.putAnalysis(run, kind, options, result);
    return result;
  };

  return {
    /**
     * Figures of a run, computed once; those of an unfinished run, or with an unusual limit of AUPRO, each time anew.
     * @throws Failure('invalid') without a scored image
     */
    async get(run: RunId, scale: Scale, scope: Scope, auproLimit = defaultAuproLimit): Promise<Evaluation> {
      if (auproLimit !== defaultAuproLimit) return compute(run, { scale, scope }, auproLimit);
      const present = isSettled(run) ? evaluations.get(run, scale, scope) : undefined;
      if (present) return present;
      const evaluation = await compute(run, { scale, scope }, auproLimit);
      if (isSettled(run)) evaluations.put(evaluation);
      return evaluation;
    },
    froc: (run: RunId, { scale, scope }: EvaluationChoice): Promise<Froc> =>
      kept(
        run,
        'froc',
        { scale, scope },
        (value) => Froc.safeParse(value).data,
        () => ofRun(run, (set) => engine.call('froc', { set, scale, scope }, 'interactive')),
      ),
    /** 95 % intervals over patients. */
    bootstrap: (
      run: RunId,
      { scale, scope }: EvaluationChoice,
      options: BootstrapOptions,
      auproLimit = defaultAuproLimit,
    ): Promise<Intervals> =>
      kept(
        run,
        'bootstrap',
        { scale, scope, auproLimit, ...options },
        (value) => Intervals.safeParse(value).data,
        () =>
          ofRun(run, (set) =>
            engine.call('bootstrap', { set, scale, scope, auproLimit, options }, 'interactive'),
          ),
      ),
    /**
     * Two runs over the images both have scored.
     * @throws Failure('invalid') for runs of two studies, or without a common image
     */
    async compare(
      first: RunId,
      second: RunId,
      { scale, scope }: EvaluationChoice,
      options: BootstrapOptions,
    ): Promise<Comparison> {
      const [a, b] = [runs.get(first), runs.get(second)];
      if (a.studyId !== b.studyId)
        throw new Failure(
          'invalid',
          `Runs ${first} and ${second} belong to two studies and share no images.`,
        );
      const others = new Set(sets.scoredIds(second));
      const common = sets.scoredIds(first).filter((id) => others.has(id));
      if (common.length === 0)
        throw new Failure('invalid', `Runs ${first} and ${second} have no scored image in common.`);
      const compared = await sets.with([first, second], common, ([one, two]) =>
        engine.call(
          'compare',
          { sets: [one!, two!], scale, scope, auproLimit: defaultAuproLimit, options },
          'interactive',
        ),
      );
      return { runs: [first, second], ...compared };
    },
    scoredIds: sets.scoredIds,
    /** A scored image with its map and ground truth. */
    item: (run: RunId, image: ImageId): EvaluationItem | undefined => sets.item(run, image),
  };
}

export type EvaluationService = ReturnType<typeof evaluationService>;
