import { z } from 'zod';
import { RunId, Scale, Scope, StudyId } from '../domain.ts';
import { RunSettings } from '../settings.ts';
import { Axis, ProtocolPart, Sweep, SweepId, SweepMembership } from '../sweep.ts';
import { call } from './base.ts';

const name = z.string().trim().min(1).max(80);

export const sweeps = {
  /** Those a study is part of, newest first. */
  list: call
    .input(z.object({ studyId: StudyId }))
    .output(z.array(Sweep.pick({ id: true, name: true, createdAt: true, plan: true }))),
  get: call.input(z.object({ id: SweepId })).output(Sweep),
  /** The line of a sweep that a run is; null for a run of its own. */
  ofRun: call.input(z.object({ runId: RunId })).output(SweepMembership.nullable()),
  /** Queues a run for every combination of the axes' values. */
  start: call
    .input(
      z.object({
        studyId: StudyId,
        name,
        base: RunSettings,
        axes: z.array(Axis).max(6),
        scale: Scale,
        scope: Scope,
      }),
    )
    .output(z.object({ id: SweepId })),
  /** Queues the runs of a protocol on every study; everything but the model is locked. */
  startProtocol: call
    .input(
      z.object({
        parts: z.array(ProtocolPart).min(1).max(100),
        protocol: z.string(),
        model: z.string(),
        rows: z.array(z.string()).nullable(),
      }),
    )
    .output(z.object({ id: SweepId })),
};
