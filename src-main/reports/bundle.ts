import { zipSync, strToU8, type Zippable } from 'fflate';
import { writeNpy } from '#shared/npy.ts';
import type { Sweep, SweepId } from '#shared/sweep.ts';
import { checkTolerance, protocolNamed } from '#shared/protocols/index.ts';
import { sweepRows } from '#shared/sweep.ts';
import { mapRuleOf } from '#shared/methods/index.ts';
import type { EvaluationService } from '#main/runs/evaluation-service.ts';
import type { SweepService } from '#main/runs/sweep-service.ts';
import { version } from '#main/version.ts';
import type { Workspace } from '#main/workspace/workspace.ts';

const json = (value: unknown): Uint8Array => strToU8(`${JSON.stringify(value, null, 2)}\n`);

const readme = `Runs of a sweep or protocol, for others to check.

configuration.json   version, protocol, scale and scope of the figures; of every run its settings (seeds included), the
                     SHA-256 of the model and of the reference set
figures.json         the table of the sweep, published numbers beside it, and the evaluation of every run
runs/<id>/images.csv image, label, SHA-256 of its pixels, image score, file of its map
runs/<id>/maps/      raw scores on the patch grid, float32 .npy, rows x columns, higher = more anomalous;
                     runs/<id>/foreground/ the patches that count (0 = no, they score 0)

Full-size maps follow from the grid by the map rule in configuration.json: resize with half-pixel centres, then a
Gaussian of the given sigma in pixels.
`;

/** Everything of a sweep in one ZIP, stored and not compressed: floats of scores do not shrink. */
export function bundleService(workspace: Workspace, sweeps: SweepService, evaluations: EvaluationService) {
  const { runs, results, images, referenceSets } = workspace;

  const ofRun = (runId: Sweep['runs'][number]['runId'], files: Zippable): void => {
    const lines = ['image,label,pixels_sha256,image_score,map'];
    for (const imageId of evaluations.scoredIds(runId)) {
      const score = results.score(runId, imageId);
      if (!score) continue;
      const { name, label, pixels } = images.get(imageId);
      const file = `${imageId}.npy`;
      const shape = [score.scores.rows, score.scores.columns];
      files[`runs/${runId}/maps/${file}`] = writeNpy({ type: 'f4', shape, data: score.scores.data });
      files[`runs/${runId}/foreground/${file}`] = writeNpy({
        type: 'u1',
        shape,
        data: score.foreground.data,
      });
      lines.push([`"${name.replaceAll('"', '""')}"`, label, pixels.sha256, score.imageScore, file].join(','));
    }
    files[`runs/${runId}/images.csv`] = strToU8(`${lines.join('\n')}\n`);
  };

  return {
    /** @throws Failure('not-found') when there is no such sweep */
    async zip(id: SweepId): Promise<Uint8Array> {
      const sweep = await sweeps.get(id);
      const { plan } = sweep;
      const protocol = plan.protocol === null ? null : protocolNamed(plan.protocol);
      const members = sweep.runs.map(({ runId, row }) => ({ row, run: runs.get(runId) }));
      const rows = sweepRows(sweep);
      const model = members[0]?.run.settings.model ?? '';
      const files: Zippable = {
        'README.txt': strToU8(readme),
        'configuration.json': json({
          nidus: version,
          sweep: { name: sweep.name, createdAt: sweep.createdAt, plan },
          protocol: protocol && { id: protocol.id, source: protocol.source, locks: protocol.locks },
          runs: members.map(({ row, run }) => ({
            id: run.id,
            row,
            state: run.state,
            settings: run.settings,
            mapRule: mapRuleOf(run.settings),
            modelSha256: run.modelSha256,
            referenceSetSha256: run.referenceSet && referenceSets.get(run.referenceSet.id).contentHash,
            references: run.referenceSet?.size ?? 0,
          })),
        }),
      };
      const evaluated = [];
      for (const { runId, state } of sweep.runs) {
        ofRun(runId, files);
        if (state === 'finished') evaluated.push(await evaluations.get(runId, plan.scale, plan.scope));
      }
      files['figures.json'] = json({
        rows: rows.map(({ row, figures, deviations }) => ({ row, figures, deviations })),
        checks: protocol && checkTolerance(protocol, plan.dataSet, model, rows),
        evaluations: evaluated,
      });
      return zipSync(files, { level: 0 });
    },
  };
}
