import type { Reader } from '#shared/annotation.ts';
import type { ImageId, Role, RunId, StudyId } from '#shared/domain.ts';
import type { Phase, Reading, ReadingId, Verdict } from '#shared/reading.ts';
import type { StudyService } from '#main/studies/study-service.ts';
import type { Workspace } from '#main/workspace/workspace.ts';
import type { AnnotationService } from './annotation-service.ts';

export interface ReadingRequest {
  readonly imageId: ImageId;
  readonly reader: Reader;
  readonly phase: Phase;
  readonly verdict: Verdict | null;
  readonly seconds: number;
  readonly runId: RunId | null;
}

/** The role that follows from a verdict. */
const roleAfter: Partial<Record<Verdict, Role>> = { excluded: 'excluded', reference: 'normal' };

export function readingService(
  workspace: Workspace,
  annotations: Pick<AnnotationService, 'keep'>,
  studies: Pick<StudyService, 'setRole'>,
  changed: (study: StudyId) => void,
) {
  const { images, readings } = workspace;

  return {
    list: (studyId: StudyId): Reading[] => readings.ofStudy(studyId),

    record({ imageId, reader, phase, verdict, seconds, runId }: ReadingRequest): Reading {
      const { role, studyId } = images.get(imageId);
      const wanted = verdict === null ? undefined : roleAfter[verdict];
      const changesRole = wanted !== undefined && wanted !== role;
      const reading = workspace.change('judge image', { image: imageId, reader, phase, verdict }, () => {
        if (changesRole) studies.setRole([imageId], wanted);
        const revision = phase === 'open' ? null : annotations.keep(imageId, reader, phase);
        return readings.add({
          imageId,
          reader,
          phase,
          verdict,
          seconds,
          runId,
          revision: revision?.number ?? null,
          roleBefore: changesRole ? role : null,
        });
      });
      changed(studyId);
      return reading;
    },

    withdraw(id: ReadingId): void {
      const { imageId, reader, phase, roleBefore } = readings.get(id);
      workspace.change('take back verdict', { image: imageId, reader, phase, reading: id }, () => {
        if (roleBefore !== null) studies.setRole([imageId], roleBefore);
        readings.withdraw(id);
      });
      changed(images.get(imageId).studyId);
    },
  };
}

export type ReadingService = ReturnType<typeof readingService>;
