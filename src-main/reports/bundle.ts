import { writeNpy } from '#shared/npy.ts';
import type { ReferenceSetId, RunId } from '#shared/domain.ts';
import { mapRuleOf } from '#shared/methods/index.ts';
import { checkTolerance, obstacles, protocolNamed } from '#shared/protocols/index.ts';
import type { Run } from '#shared/results.ts';
import type { SweepId } from '#shared/sweep.ts';
import { sweepTables } from '#shared/sweep-table.ts';
import type { EvaluationService } from '#main/runs/evaluation-service.ts';
import type { SweepService } from '#main/runs/sweep-service.ts';
import { version } from '#main/version.ts';
import type { Workspace } from '#main/workspace/workspace.ts';
import { type Archive, openArchive } from './archive.ts';
import { csv } from './csv.ts';

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const readme = `Runs of a sweep or protocol, for others to check.

configuration.json      versions, protocol with all that it locks, scale and scope of the figures; of every study its split
                        (references, tested images, SHA-256 over both); of every run its settings, seed, map rule and the
                        SHA-256 of the model and of the reference set
figures.json            the tables, published numbers beside them, and the evaluation of every run
runs/<id>/images.csv    image, label, SHA-256 of pixels and of the mask, image score, support images, file of its map
runs/<id>/maps/         raw scores on the patch grid, float32 .npy, rows x columns, higher = more anomalous
runs/<id>/foreground/   the patches that count (0 = no, they score 0)
references/<id>.csv     the images of a reference set in their order, with the SHA-256 of their pixels
SHA256SUMS              of every file above: sha256sum -c SHA256SUMS

Full-size maps follow from the grid by the map rule in configuration.json: resize with half-pixel centres, then a
Gaussian of the given sigma in pixels.
`;

/** Everything of a sweep in one ZIP. */
export function bundleService(workspace: Workspace, sweeps: SweepService, evaluations: EvaluationService) {
  const { runs, results, images, referenceSets } = workspace;

  const addRun = async (archive: Archive, runId: RunId): Promise<void> => {
    const lines: (string | number)[][] = [
      ['image', 'label', 'pixels_sha256', 'mask_sha256', 'image_score', 'support', 'map'],
    ];
    const supportOf = new Map(
      results
        .ofRun(runId)
        .map(({ imageId, outcome }) => [imageId, outcome.state === 'scored' ? outcome.support : []]),
    );
    for (const imageId of evaluations.scoredIds(runId)) {
      const score = results.score(runId, imageId);
      if (!score) continue;
      const { name, label, pixels, truth } = images.get(imageId);
      const file = `${imageId}.npy`;
      const shape = [score.scores.rows, score.scores.columns];
      await archive.add(
        `runs/${runId}/maps/${file}`,
        writeNpy({ type: 'f4', shape, data: score.scores.data }),
      );
      await archive.add(
        `runs/${runId}/foreground/${file}`,
        writeNpy({ type: 'u1', shape, data: score.foreground.data }),
      );
      const support = (supportOf.get(imageId) ?? []).map((match) => images.get(match.imageId).name);
      const mask = truth.kind === 'drawn' ? truth.sha256 : truth.kind;
      lines.push([name, label, pixels.sha256, mask, score.imageScore, support.join(' '), file]);
    }
    await archive.add(`runs/${runId}/images.csv`, csv(lines));
  };

  const addReferences = async (archive: Archive, id: ReferenceSetId): Promise<void> => {
    const set = referenceSets.get(id);
    const lines = set.images.map((imageId) => {
      const { name, pixels } = images.get(imageId);
      return [name, pixels.sha256];
    });
    await archive.add(`references/${id}.csv`, csv([['image', 'pixels_sha256'], ...lines]));
  };

  const describeRun = (row: string, run: Run) => ({
    id: run.id,
    row,
    study: workspace.studies.get(run.studyId).name,
    state: run.state,
    images: { scored: run.done, failed: run.failed, total: run.total },
    settings: run.settings,
    seed: 'seed' in run.settings ? run.settings.seed : null,
    mapRule: mapRuleOf(run.settings),
    modelSha256: run.modelSha256,
    referenceSet: run.referenceSet && {
      file: `references/${run.referenceSet.id}.csv`,
      sha256: referenceSets.get(run.referenceSet.id).contentHash,
      images: run.referenceSet.size,
    },
  });

  return {
    /** @throws Failure('not-found') when there is no such sweep */
    async zip(id: SweepId): Promise<Uint8Array> {
      const sweep = await sweeps.get(id);
      const { plan, parts, name, createdAt } = sweep;
      const protocol = plan.protocol === null ? null : protocolNamed(plan.protocol);
      const members = sweep.runs.map(({ runId, row }) => ({ row, run: runs.get(runId) }));
      const archive = openArchive();
      await archive.add('README.txt', readme);
      await archive.add(
        'configuration.json',
        json({
          nidus: version,
          runtime: { node: process.versions.node, platform: process.platform, processor: process.arch },
          sweep: { name, createdAt, plan, parts },
          protocol: protocol && {
            id: protocol.id,
            source: protocol.source,
            locks: protocol.locks,
            model: protocol.model.title,
            tolerance: protocol.tolerance,
          },
          runs: members.map(({ row, run }) => describeRun(row, run)),
        }),
      );
      const evaluated = [];
      for (const { runId, state } of sweep.runs) {
        await addRun(archive, runId);
        if (state === 'finished') evaluated.push(await evaluations.get(runId, plan.scale, plan.scope));
      }
      for (const set of new Set(members.flatMap(({ run }) => run.referenceSet?.id ?? [])))
        await addReferences(archive, set);
      await archive.add(
        'figures.json',
        json({
          tables: sweepTables(sweep).map((table) => ({
            ...table,
            obstacles: protocol ? obstacles(protocol, table) : [],
            checks: protocol ? checkTolerance(protocol, table) : [],
          })),
          evaluations: evaluated,
        }),
      );
      return archive.finish();
    },
  };
}
