import { deviceNames } from '#shared/devices.ts';
import type { ImageId, RunId, Scale } from '#shared/domain.ts';
import type { EvaluationItem } from '#shared/engine-protocol.ts';
import { Failure } from '#shared/errors.ts';
import { defaultBootstrap } from '#shared/evaluation.ts';
import { type Evaluation, meanTimes } from '#shared/results.ts';
import type { Engine } from '#main/engine/engine.ts';
import type { ModelCatalogue } from '#main/models/catalogue.ts';
import type { EvaluationService } from '#main/runs/evaluation-service.ts';
import { version } from '#main/version.ts';
import type { Workspace } from '#main/workspace/workspace.ts';
import { renderPdf } from './pdf.ts';
import type { ReportPanel } from './report-data.ts';
import { reportDocument } from './report-document.ts';

/** Images shown in a report; more would make a book of it. */
const shownImages = 40;

export function reportService(
  workspace: Workspace,
  engine: Engine,
  catalogue: ModelCatalogue,
  evaluations: EvaluationService,
) {
  const { runs, studies, results, images, referenceSets } = workspace;

  const supportOf = (run: RunId, image: ImageId) => {
    const match = results.score(run, image)?.support[0];
    return match ? { ...images.get(match.imageId), similarity: match.similarity } : null;
  };

  const draw = (
    run: RunId,
    item: EvaluationItem,
    scale: Scale,
    threshold: number | null,
    range: { low: number; high: number },
    encoding: 'png' | 'jpeg',
  ) =>
    engine.call(
      'draw-panels',
      {
        item,
        pixels: images.get(item.imageId).pixels,
        support: supportOf(run, item.imageId)?.pixels ?? null,
        scale,
        threshold,
        range,
        encoding,
      },
      'interactive',
    );

  const panel = async (
    run: RunId,
    item: EvaluationItem,
    scale: Scale,
    evaluation: Evaluation,
    range: { low: number; high: number },
  ): Promise<ReportPanel> => {
    const support = supportOf(run, item.imageId);
    const pictures = await draw(run, item, scale, evaluation.pixel.f1maxThreshold, range, 'jpeg');
    return {
      imageId: item.imageId,
      name: item.name,
      label: item.label,
      truth: item.truth.kind,
      imageScore: item.imageScore,
      supportId: support?.id ?? null,
      supportName: support?.name ?? null,
      supportSimilarity: support?.similarity ?? null,
      figures: evaluation.perImage.find(({ imageId }) => imageId === item.imageId),
      pictures,
    };
  };

  return {
    /** @throws Failure when the run does not exist or has no scored image */
    async pdf(id: RunId, scale: Scale, { namesHidden = false } = {}): Promise<Uint8Array> {
      const run = runs.get(id);
      const evaluation = await evaluations.get(id, scale, 'abnormal');
      const items = evaluation.perImage
        .toSorted((a, b) => b.imageScore - a.imageScore)
        .slice(0, shownImages)
        .flatMap(({ imageId }) => evaluations.item(id, imageId) ?? []);
      const range = colourRange(evaluation);
      const named = await Promise.all(items.map((item) => panel(id, item, scale, evaluation, range)));
      const panels = namesHidden ? named.map(withoutNames) : named;
      const study = studies.get(run.studyId);
      return renderPdf(
        reportDocument({
          study: namesHidden ? { ...study, name: `Study ${study.id}` } : study,
          run,
          model: catalogue.find(run.settings.model),
          evaluation,
          intervals: await evaluations.bootstrap(id, { scale, scope: 'abnormal' }, defaultBootstrap),
          threshold: workspace.thresholds.ofRun(id),
          scale,
          device: deviceNames[catalogue.find(run.settings.model)?.device ?? 'cpu'],
          times: meanTimes(results.times(id)),
          referenceSetHash: run.referenceSet && referenceSets.get(run.referenceSet.id).contentHash,
          panels,
          range,
          colourBar: await engine.call('draw-colour-bar', undefined, 'interactive'),
          createdAt: new Date(),
          nidusVersion: version,
        }),
      );
    },
    /** PNG of one image's map over its query, in the colour range of the whole run. */
    async mapPicture(id: RunId, image: ImageId): Promise<Uint8Array> {
      const item = evaluations.item(id, image);
      if (!item) throw new Failure('not-found', `This image has no score in run ${id}.`);
      const evaluation = await evaluations.get(id, 'raw', 'all');
      return (await draw(id, item, 'raw', null, colourRange(evaluation), 'png')).map;
    },
  };
}

const withoutNames = (panel: ReportPanel): ReportPanel => ({
  ...panel,
  name: `Image ${panel.imageId}`,
  supportName: panel.supportId === null ? null : `Image ${panel.supportId}`,
});

/** The range of the pooled scores: maps of one report can be compared by eye. */
function colourRange({ histogram }: Evaluation): { low: number; high: number } {
  const { edges } = histogram.pixel;
  return { low: edges[0] ?? 0, high: edges.at(-1) ?? 1 };
}

export type ReportService = ReturnType<typeof reportService>;
