import { accessSync, constants, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '#shared/errors.ts';
import { auditLog } from './audit.ts';
import { openDatabase } from './database.ts';
import { lockWorkspace } from './lock.ts';
import { annotationRepository } from './repositories/annotations.ts';
import { blobReferenceRepository } from './repositories/blob-references.ts';
import { doctorRepository } from './repositories/doctor.ts';
import { adapterRepository } from './repositories/adapters.ts';
import { deviceTrialRepository } from './repositories/device-trials.ts';
import { calibrationRepository } from './repositories/calibrations.ts';
import { evaluationRepository } from './repositories/evaluations.ts';
import { imageRepository } from './repositories/images.ts';
import { importItemRepository } from './repositories/import-items.ts';
import { jobRepository } from './repositories/jobs.ts';
import { licenceRepository } from './repositories/licences.ts';
import { modelRequestRepository } from './repositories/model-requests.ts';
import { modelRepository } from './repositories/models.ts';
import { readingRepository } from './repositories/readings.ts';
import { referenceSetRepository } from './repositories/reference-sets.ts';
import { resultRepository } from './repositories/results.ts';
import { runRepository } from './repositories/runs.ts';
import { watchedFolderRepository } from './repositories/watched-folders.ts';
import { secretRepository } from './repositories/secrets.ts';
import { studyRepository } from './repositories/studies.ts';
import { studyPromptsRepository } from './repositories/study-prompts.ts';
import { textModelRepository } from './repositories/text-models.ts';
import { trainingRepository } from './repositories/trainings.ts';
import { sweepRepository } from './repositories/sweeps.ts';
import { thresholdRepository } from './repositories/thresholds.ts';

/** A folder: `nidus.sqlite`, `blobs/` (pixels by content), `thumbnails/`, `features/`, `embeddings/` and `states/` (caches), `models/` (imported), `incoming/` (uploads). */
export interface WorkspaceFolders {
  readonly root: string;
  readonly blobs: string;
  readonly thumbnails: string;
  readonly features: string;
  readonly embeddings: string;
  readonly states: string;
  readonly models: string;
  readonly incoming: string;
  readonly adapters: string;
  /** Features and checkpoints of trainings under way. */
  readonly trainings: string;
}

/**
 * Opens (or makes) a workspace. The only code that opens its database.
 * @throws Failure('storage') when the folder cannot be written, is in use, or holds a damaged database.
 */
export function openWorkspace(root: string) {
  const folders: WorkspaceFolders = {
    root,
    blobs: join(root, 'blobs'),
    thumbnails: join(root, 'thumbnails'),
    features: join(root, 'features'),
    embeddings: join(root, 'embeddings'),
    states: join(root, 'states'),
    models: join(root, 'models'),
    incoming: join(root, 'incoming'),
    adapters: join(root, 'adapters'),
    trainings: join(root, 'trainings'),
  };
  try {
    for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true });
    accessSync(root, constants.W_OK);
  } catch (error) {
    throw new Failure('storage', `${root}: the workspace folder cannot be written.`, { cause: error });
  }
  const lock = lockWorkspace(root);
  try {
    const db = openDatabase(join(root, 'nidus.sqlite'));
    const audit = auditLog(db);
    return {
      folders,
      studies: studyRepository(db),
      images: imageRepository(db),
      jobs: jobRepository(db),
      importItems: importItemRepository(db),
      models: modelRepository(db),
      textModels: textModelRepository(db),
      adapters: adapterRepository(db),
      trainings: trainingRepository(db),
      studyPrompts: studyPromptsRepository(db),
      modelRequests: modelRequestRepository(db),
      licences: licenceRepository(db),
      deviceTrials: deviceTrialRepository(db),
      referenceSets: referenceSetRepository(db),
      runs: runRepository(db),
      results: resultRepository(db),
      secrets: secretRepository(db),
      calibrations: calibrationRepository(db),
      evaluations: evaluationRepository(db),
      annotations: annotationRepository(db),
      readings: readingRepository(db),
      doctor: doctorRepository(db),
      watchedFolders: watchedFolderRepository(db),
      blobReferences: blobReferenceRepository(db),
      thresholds: thresholdRepository(db),
      sweeps: sweepRepository(db),
      audit,
      /** Several writes that belong together: all of them or none. */
      together: <T>(work: () => T): T => db.transaction(work)(),
      /** A change a person makes: the work and its audit entry, all or none. */
      change<T>(action: string, detail: unknown, work: () => T): T {
        return db.transaction(() => {
          const result = work();
          audit.append(action, detail);
          return result;
        })();
      },
      close(): void {
        db.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

export type Workspace = ReturnType<typeof openWorkspace>;
