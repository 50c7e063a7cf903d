import { z } from 'zod';
import { RunId, Scale, Scope } from '../domain.ts';
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
