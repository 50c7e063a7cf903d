import type { Agreement } from '#shared/agreement.ts';
import type { Reader } from '#shared/annotation.ts';
import type { ImageId, RunId, StudyId } from '#shared/domain.ts';
import type { AgreementItem, ReaderOpinion } from '#shared/engine-protocol.ts';
import type { Phase, Reading } from '#shared/reading.ts';
import type { Engine } from '#main/engine/engine.ts';
import type { EvaluationService } from '#main/runs/evaluation-service.ts';
import type { Workspace } from '#main/workspace/workspace.ts';

const median = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

export function agreementService(workspace: Workspace, engine: Engine, evaluations: EvaluationService) {
  const { annotations, images, readings } = workspace;

  /** A reader's latest readings of a phase, by image. */
  const latest = (all: readonly Reading[], phase: Phase): Map<ImageId, Reading> =>
    new Map(all.filter((reading) => reading.phase === phase).map((reading) => [reading.imageId, reading]));

  const opinion = (reading: Reading | undefined): ReaderOpinion | null => {
    if (!reading) return null;
    const { imageId, reader, verdict, revision } = reading;
    const annotation = revision === null ? undefined : annotations.find(imageId, reader);
    const kept = annotation && revision !== null ? annotations.revision(annotation.id, revision) : undefined;
    return { verdict, labels: kept?.labels ?? null };
  };

  return {
    /** Over the images this reader read blind; the machine is the run, where there is one. */
    async get(studyId: StudyId, reader: Reader, runId: RunId | null): Promise<Agreement> {
      const own = readings.ofStudy(studyId).filter((reading) => reading.reader === reader);
      const [blind, revealed] = [latest(own, 'blind'), latest(own, 'revealed')];
      const figures = runId === null ? null : await evaluations.get(runId, 'raw', 'abnormal');
      const thresholds = {
        image: figures?.image.f1maxThreshold ?? null,
        pixel: figures?.pixel.f1maxThreshold ?? null,
      };
      const items = [...blind.keys()].map((imageId): AgreementItem => {
        const { label, truth, pixels } = images.get(imageId);
        return {
          width: pixels.width,
          height: pixels.height,
          label,
          truth,
          machine: runId === null ? null : (evaluations.item(runId, imageId) ?? null),
          blind: opinion(blind.get(imageId)),
          revealed: opinion(revealed.get(imageId)),
        };
      });
      const reply = await engine.call('agreement', { items, thresholds }, 'interactive');
      const both = [...revealed.values()].flatMap((after) => {
        const before = blind.get(after.imageId)?.verdict ?? null;
        return before === null || after.verdict === null ? [] : [before !== after.verdict];
      });
      return {
        images: items.length,
        ...reply,
        changed: { count: both.filter(Boolean).length, of: both.length },
        seconds: {
          blind: median([...blind.values()].map(({ seconds }) => seconds)),
          revealed: median([...revealed.values()].map(({ seconds }) => seconds)),
        },
        thresholds,
      };
    },
  };
}

export type AgreementService = ReturnType<typeof agreementService>;
