import { onTestFinished } from 'vitest';
import type { SpawnEngine } from '#main/engine/spawn.ts';
import { installation, spawnEngine } from '#main/installation.ts';
import { createServices, type Services } from '#main/services.ts';
import type { ImportRequest } from '#shared/contract/imports.ts';
import type { Device, StudyId } from '#shared/domain.ts';
import { Failure } from '#shared/errors.ts';
import type { Precision } from '#shared/model-description.ts';

/** The real services on a real workspace with a real engine process, closed when the test ends. */
export function openServices(
  workspaceFolder: string,
  engine: SpawnEngine = spawnEngine,
  device: Device = 'auto',
): Services {
  const services = createServices({
    workspaceFolder,
    host: 'terminal',
    installation,
    spawnEngine: engine,
    device,
  });
  onTestFinished(() => services.close());
  return services;
}

/** Imports a model, licence accepted, and waits for it. @throws Failure with the reason when it is refused at once or later */
export async function importModel(
  services: Services,
  path: string,
  options: { name?: string; precision?: Precision } = {},
) {
  const { name, jobId } = services.models.startImport({ path, acceptLicence: true, ...options });
  services.jobs.wake();
  const job = await services.jobs.ended(jobId);
  if (job.error !== null) throw new Failure('invalid', job.error);
  return services.catalogue.get(name);
}

/** Imports a folder into a new study and waits for it. */
export async function importStudy(
  services: Services,
  name: string,
  request: Partial<ImportRequest> & { paths: string[] },
): Promise<StudyId> {
  const { studyId, jobId } = await services.imports.start(
    { layout: 'auto', role: 'query', ...request },
    { name },
  );
  services.jobs.start();
  await services.jobs.ended(jobId);
  return studyId;
}
