import type { StudyId } from '#shared/domain.ts';
import { Failure } from '#shared/errors.ts';
import { assertDataSet, assertRows, type Protocol, protocolNamed } from '#shared/protocols/index.ts';
import type { Evaluation } from '#shared/results.ts';
import type { RunSettings } from '#shared/settings.ts';
import {
  type Axis,
  gridPoints,
  type ProtocolPart,
  type Sweep,
  type SweepFigures,
  type SweepId,
  type SweepPlan,
  type SweepPoint,
} from '#shared/sweep.ts';
import type { ProtocolAdapters } from '#main/adapters/protocol-adapters.ts';
import type { NewPart } from '#main/workspace/repositories/sweeps.ts';
import type { Workspace } from '#main/workspace/workspace.ts';
import type { EvaluationService } from './evaluation-service.ts';
import type { RunService } from './run-service.ts';
import { type Split, splitOf } from './split.ts';

const figuresOf = ({ pixel, image }: Evaluation): SweepFigures => ({
  pixelAuroc: pixel.auroc,
  pixelAp: pixel.ap,
  pixelF1max: pixel.f1max,
  aupro: pixel.aupro,
  imageAuroc: image.auroc,
  imageAp: image.ap,
  imageF1max: image.f1max,
});

/** Grids of ordinary runs: what resumes a run resumes a sweep, and runs of one sweep share the cached features. */
export function sweepService(
  workspace: Workspace,
  runs: RunService,
  evaluations: EvaluationService,
  adapters: ProtocolAdapters,
) {
  const { sweeps, studies, images } = workspace;

  interface QueuedPart extends NewPart {
    readonly points: readonly SweepPoint[];
    readonly images: Split | null;
  }

  /** Row by row, so that the first lines of a table are whole first. */
  const queue = (name: string, plan: SweepPlan, parts: readonly QueuedPart[]): SweepId =>
    // All or none: a sweep that was refused at its seventh run leaves nothing behind.
    workspace.change('sweep', { studies: parts.map(({ studyId }) => studyId), name, plan }, () => {
      const id = sweeps.create(name, plan, parts);
      const rows = Math.max(...parts.map(({ points }) => points.length));
      let position = 0;
      for (let place = 0; place < rows; place++) {
        for (const { studyId, points, images: split } of parts) {
          const point = points[place];
          if (point)
            sweeps.addRun(id, runs.start(studyId, point.settings, null, split).id, position++, point.row);
        }
      }
      return id;
    });

  const pointsOf = (protocol: Protocol, study: StudyId, model: string, rows: readonly string[] | null) =>
    protocol.points
      .filter(({ row }) => rows === null || rows.includes(row))
      .map(({ row, settings, adapter }) => ({
        row,
        settings: adapter ? adapters.settingsFor(row, adapter, model, study) : settings(model),
      }));

  return {
    /**
     * @throws Failure('invalid') for an unknown parameter or value, or settings that do not fit the study
     */
    start(
      study: StudyId,
      request: { readonly name: string; readonly base: RunSettings; readonly axes: readonly Axis[] } & Pick<
        SweepPlan,
        'scale' | 'scope'
      >,
    ): SweepId {
      const { name, base, axes, scale, scope } = request;
      const points = gridPoints(base, axes);
      return queue(name, { protocol: null, scale, scope, axes: [...axes] }, [
        { studyId: study, dataSet: null, split: null, points, images: null },
      ]);
    },
    /**
     * The runs a protocol asks for on every study, everything locked but the model. `rows`: only these lines of its table.
     * @throws Failure('invalid') for a study named twice, a data set or row the protocol does not have, or what a run refuses
     */
    startProtocol(
      parts: readonly ProtocolPart[],
      id: string,
      model: string,
      rows: readonly string[] | null = null,
    ): SweepId {
      const protocol = protocolNamed(id);
      assertRows(protocol, rows);
      if (new Set(parts.map(({ studyId }) => studyId)).size < parts.length)
        throw new Failure('invalid', 'A study can be part of a protocol once.');
      const queued = parts.map(({ studyId, dataSet }) => {
        assertDataSet(protocol, dataSet);
        const split = splitOf(studies.get(studyId).name, images.ofStudy(studyId));
        const points = pointsOf(protocol, studyId, model, rows);
        return { studyId, dataSet, split: split.record, points, images: split };
      });
      const plan = { protocol: id, scale: protocol.scale, scope: protocol.scope, axes: [] };
      return queue(protocol.title, plan, queued);
    },
    /** The state of every run, with the figures of those that are done. */
    async get(id: SweepId): Promise<Sweep> {
      const { name, plan, createdAt } = sweeps.get(id);
      const members: Sweep['runs'] = [];
      for (const member of sweeps.members(id)) {
        const figures =
          member.state === 'finished'
            ? figuresOf(await evaluations.get(member.runId, plan.scale, plan.scope))
            : null;
        members.push({ ...member, figures });
      }
      return { id, name, createdAt, plan, parts: sweeps.parts(id), runs: members };
    },
  };
}

export type SweepService = ReturnType<typeof sweepService>;
