/** A workspace with tiny random encoders, an auxiliary study of discs and another one to score. */
import { join } from 'node:path';
import { expect } from 'vitest';
import type { StudyId } from '#shared/domain.ts';
import { promptLists } from '#shared/prompts.ts';
import type { Services } from '#main/services.ts';
import { writePhantomSet } from './phantoms.ts';
import { importStudy } from './services.ts';
import { tinyDinov3, writeModelFolder, writeTinyClip } from './tiny-models.ts';

/** Abnormal images of the auxiliary study. */
export const auxiliaryImages = 5;

export async function prepareEncoders(
  folder: string,
  services: Services,
): Promise<{ auxiliary: StudyId; target: StudyId }> {
  await writePhantomSet(join(folder, 'aux'), { normals: 2, abnormals: auxiliaryImages, size: 80 });
  await writePhantomSet(join(folder, 'target'), { normals: 1, abnormals: 2, size: 72 });
  const model = writeModelFolder(join(folder, 'vit'), tinyDinov3(1, { patch: 16, layers: 4 }));
  writeTinyClip(join(folder, 'clip'), 2);
  const auxiliary = await importStudy(services, 'auxiliary', { paths: [join(folder, 'aux')] });
  const target = await importStudy(services, 'target', { paths: [join(folder, 'target')] });
  for (const [path, name] of [
    [model, 'vit'],
    [join(folder, 'clip'), 'clip'],
  ] as const) {
    const { jobId } = services.models.startImport({ path, name, acceptLicence: true });
    services.jobs.wake();
    expect((await services.jobs.ended(jobId)).error).toBeNull();
  }
  services.prompts.set(auxiliary, { className: 'disc', list: promptLists.industrial });
  return { auxiliary, target };
}
