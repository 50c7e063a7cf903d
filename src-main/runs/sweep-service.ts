import type { StudyId } from '#shared/domain.ts';
import { assertDataSet, protocolNamed } from '#shared/protocols/index.ts';
import type { Evaluation } from '#shared/results.ts';
import type { RunSettings } from '#shared/settings.ts';
import {
  type Axis,
  gridPoints,
  type Sweep,
  type SweepFigures,
  type SweepId,
  type SweepPlan,
  type SweepPoint,
} from '#shared/sweep.ts';
import type { ProtocolAdapters } from '#main/adapters/protocol-adapters.ts';
import type { Workspace } from '#main/workspace/workspace.ts';
import type { EvaluationService } from './evaluation-service.ts';
import type { RunService } from './run-service.ts';

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
  const { sweeps } = workspace;

  const queue = (study: StudyId, name: string, plan: SweepPlan, points: readonly SweepPoint[]): SweepId =>
    // All or none: a sweep that was refused at its seventh run leaves nothing behind.
    workspace.change('sweep', { study, name, plan }, () => {
      const id = sweeps.create(study, name, plan);
      for (const [position, { row, settings }] of points.entries())
        sweeps.addRun(id, runs.start(study, settings).id, position, row);
      return id;
    });

  return {
    /**
     * @throws Failure('invalid') for an unknown parameter or value, or settings that do not fit the study
     */
    start: (
      study: StudyId,
      request: { readonly name: string; readonly base: RunSettings; readonly axes: readonly Axis[] } & Pick<
        SweepPlan,
        'scale' | 'scope'
      >,
    ): SweepId =>
      queue(
        study,
        request.name,
        {
          protocol: null,
          dataSet: null,
          scale: request.scale,
          scope: request.scope,
          axes: [...request.axes],
        },
        gridPoints(request.base, request.axes),
      ),
    /** The runs a protocol asks for, everything locked but the model. `rows`: only these lines of its table. */
    startProtocol(
      study: StudyId,
      id: string,
      model: string,
      dataSet: string | null,
      rows: readonly string[] | null = null,
    ): SweepId {
      const protocol = protocolNamed(id);
      assertDataSet(protocol, dataSet);
      const points = protocol.points
        .filter(({ row }) => rows === null || rows.includes(row))
        .map(({ row, settings, adapter }) => ({
          row,
          settings: adapter ? adapters.settingsFor(row, adapter, model, study) : settings(model),
        }));
      const plan = { protocol: id, dataSet, scale: protocol.scale, scope: protocol.scope, axes: [] };
      return queue(study, protocol.title, plan, points);
    },
    /** The state of every run, with the figures of those that are done. */
    async get(id: SweepId): Promise<Sweep> {
      const { studyId, name, plan, createdAt } = sweeps.get(id);
      const members: Sweep['runs'] = [];
      for (const member of sweeps.members(id)) {
        const figures =
          member.state === 'finished'
            ? figuresOf(await evaluations.get(member.runId, plan.scale, plan.scope))
            : null;
        members.push({ ...member, figures });
      }
      return { id, studyId, name, createdAt, plan, runs: members };
    },
  };
}

export type SweepService = ReturnType<typeof sweepService>;
