import type { Calibration } from '#shared/calibration.ts';
import type { StudyId } from '#shared/domain.ts';
import { Failure } from '#shared/errors.ts';
import { RunSettings } from '#shared/settings.ts';
import { checkAdapter } from '#main/adapters/check-adapter.ts';
import type { Engine } from '#main/engine/engine.ts';
import type { ModelCatalogue } from '#main/models/catalogue.ts';
import { contentHash } from '#main/workspace/repositories/reference-sets.ts';
import type { Workspace } from '#main/workspace/workspace.ts';
import { checkModel, forEngine, poolOf, referencesFor } from './scoring.ts';

/** Normal images that are scored against the others: enough for one pixel in a hundred thousand, and soon done. */
const mostImages = 48;

/** How hot the normals themselves are, by reference set and settings: computed once, then stored. */
export function calibrationService(workspace: Workspace, engine: Engine, catalogue: ModelCatalogue) {
  const { images, calibrations } = workspace;
  const underWay = new Map<string, Promise<Calibration>>();

  /** Evenly spread over the set, so that the choice depends on nothing else. */
  function spread<T>(from: readonly T[]): T[] {
    const count = Math.min(from.length, mostImages);
    return Array.from({ length: count }, (_, i) => from[Math.floor((i * from.length) / count)]!);
  }

  return {
    /** @throws Failure('invalid') with fewer than two normal images, or with a method that has no references. */
    async get(study: StudyId, settings: RunSettings): Promise<Calibration> {
      checkModel(settings, catalogue);
      checkAdapter(settings, workspace, study);
      const normals = images.ofRole(study, 'normal');
      const references = referencesFor(settings, normals, images.get, study);
      const key = {
        study,
        referenceHash: contentHash(references),
        modelSha256: catalogue.get(settings.model).sha256,
        // Parsing puts the keys into one order, so equal settings are equal text.
        settings: JSON.stringify(RunSettings.parse(settings)),
      };
      const stored = calibrations.get(key);
      if (stored) return stored;
      const text = JSON.stringify(key);
      const running = underWay.get(text);
      if (running) return running;
      const pool = poolOf(key.referenceHash, references);
      const computing = (async () => {
        await engine.definePool(pool);
        const asked = { images: spread(normals).map(forEngine), poolKey: pool.key, settings };
        const calibration = await engine.call('calibrate', asked, 'job');
        if (!calibration) {
          throw new Failure(
            'invalid',
            'The calibrated scale scores each normal image against the others, so it needs at least two of them.',
          );
        }
        calibrations.put(key, calibration);
        return calibration;
      })().finally(() => underWay.delete(text));
      underWay.set(text, computing);
      return computing;
    },
  };
}

export type CalibrationService = ReturnType<typeof calibrationService>;
