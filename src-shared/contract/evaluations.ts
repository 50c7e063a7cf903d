import { z } from 'zod';
import { Cuts, Threshold, ThresholdId, ThresholdRule } from '../decision.ts';
import { RunId, Scale, Scope, StudyId } from '../domain.ts';
import { BootstrapOptions, Comparison, Froc, Intervals } from '../evaluation.ts';
import { Evaluation } from '../results.ts';
import { call } from './base.ts';

const choice = z.object({ scale: Scale, scope: Scope });
const ofRun = choice.extend({ runId: RunId });

export const evaluations = {
  get: call.input(ofRun).output(Evaluation),
  froc: call.input(ofRun).output(Froc),
  bootstrap: call.input(ofRun.extend({ options: BootstrapOptions })).output(Intervals),
  compare: call
    .input(choice.extend({ runs: z.tuple([RunId, RunId]), options: BootstrapOptions }))
    .output(Comparison),
};

export const thresholds = {
  /** Every version of every name of a study, the latest of a name first. */
  list: call.input(z.object({ studyId: StudyId })).output(z.array(Threshold)),
  /** The one a run refers to. */
  ofRun: call.input(z.object({ runId: RunId })).output(Threshold.nullable()),
  /** The next version of this name, chosen on this run, which refers to it from now on. */
  save: call
    .input(
      z.object({
        runId: RunId,
        name: z.string().trim().min(1).max(80),
        cuts: Cuts,
        rule: ThresholdRule,
      }),
    )
    .output(Threshold),
  use: call.input(z.object({ runId: RunId, threshold: ThresholdId.nullable() })).output(z.void()),
};
