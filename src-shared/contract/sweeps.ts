import { z } from 'zod';
import { Scale, Scope, StudyId } from '../domain.ts';
import { RunSettings } from '../settings.ts';
import { Axis, Sweep, SweepId } from '../sweep.ts';
import { call } from './base.ts';

const name = z.string().trim().min(1).max(80);

export const sweeps = {
  /** Newest first. */
  list: call
    .input(z.object({ studyId: StudyId }))
    .output(z.array(Sweep.pick({ id: true, name: true, createdAt: true, plan: true }))),
  get: call.input(z.object({ id: SweepId })).output(Sweep),
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
  /** Queues the runs of a protocol; everything but the model is locked. */
  startProtocol: call
    .input(
      z.object({
        studyId: StudyId,
        protocol: z.string(),
        model: z.string(),
        dataSet: z.string().nullable(),
        rows: z.array(z.string()).nullable(),
      }),
    )
    .output(z.object({ id: SweepId })),
};
