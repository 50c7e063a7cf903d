/** Records of a study as the contract carries them, with only what a test cares about spelled out. */
import { ImageId, RunId, StudyImage, type Label } from '#shared/domain.ts';
import { Run, RunResult } from '#shared/results.ts';
import { defaultSettings } from '#shared/settings.ts';

export function studyImage(id: number, patch: Partial<StudyImage> = {}): StudyImage {
  return StudyImage.parse({
    id,
    studyId: 1,
    name: `image_${id}.png`,
    role: 'query',
    label: 'unknown',
    split: null,
    defect: null,
    pixels: { sha256: 'a'.repeat(64), type: 'uint8', width: 4, height: 3, channels: 1, bits: 8 },
    statistics: { min: 0, max: 255, mean: 80 },
    spacing: null,
    patient: null,
    acquisition: null,
    hasOverlay: false,
    groundTruth: 'unknown',
    ...patch,
  });
}

export function scored(
  id: number,
  imageScore: number,
  similarity: number,
  label: Label = 'unknown',
): RunResult {
  const support = [{ imageId: ImageId.parse(900), similarity }];
  return RunResult.parse({
    imageId: id,
    name: `image_${id}.png`,
    label,
    groundTruth: 'unknown',
    outcome: { state: 'scored', imageScore, support },
  });
}

export function failed(id: number, message: string): RunResult {
  const outcome = { state: 'failed', error: { kind: 'unreadable', message } };
  return RunResult.parse({
    imageId: id,
    name: `image_${id}.png`,
    label: 'unknown',
    groundTruth: 'unknown',
    outcome,
  });
}

export function studyRun(id: number, patch: Partial<Run> = {}): Run {
  return Run.parse({
    id: RunId.parse(id),
    studyId: 1,
    settings: defaultSettings,
    modelSha256: 'a'.repeat(64),
    referenceSet: { id: 1, version: 1, name: null, size: 5 },
    state: 'finished',
    total: 10,
    done: 10,
    failed: 0,
    error: null,
    createdAt: '2025-11-21T10:00:00.000Z',
    finishedAt: '2025-11-21T10:00:10.000Z',
    ...patch,
  });
}
