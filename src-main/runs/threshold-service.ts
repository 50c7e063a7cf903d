import type { RunId } from '#shared/domain.ts';
import type { Cuts, Threshold, ThresholdId, ThresholdRule } from '#shared/decision.ts';
import { Failure } from '#shared/errors.ts';
import type { Workspace } from '#main/workspace/workspace.ts';

/** Decisions on image scores, kept under names. */
export function thresholdService(workspace: Workspace) {
  const { runs, thresholds } = workspace;
  return {
    /** The next version of a name, which the run refers to from now on. */
    save(runId: RunId, name: string, cuts: Cuts, rule: ThresholdRule): Threshold {
      const { studyId } = runs.get(runId);
      if (!(cuts.low <= cuts.high))
        throw new Failure('invalid', 'The lower threshold is above the upper one.');
      return workspace.change('save threshold', { run: runId, name, ...cuts, rule }, () => {
        const saved = thresholds.create({ studyId, name, runId, cuts, rule });
        thresholds.assign(runId, saved.id);
        return saved;
      });
    },
    /** Makes a run refer to a threshold of its study, or to none. */
    use(runId: RunId, threshold: ThresholdId | null): void {
      const { studyId } = runs.get(runId);
      if (threshold !== null && thresholds.get(threshold).studyId !== studyId)
        throw new Failure('invalid', `Threshold ${threshold} belongs to another study.`);
      workspace.change('use threshold', { run: runId, threshold }, () => thresholds.assign(runId, threshold));
    },
  };
}

export type ThresholdService = ReturnType<typeof thresholdService>;
