import { basename, extname } from 'node:path';
import type { StudyId } from '#shared/domain.ts';
import { Failure } from '#shared/errors.ts';
import type { Services } from '#main/services.ts';
import type { StoredImage } from '#main/workspace/repositories/images.ts';

const stem = (name: string): string => basename(name, extname(name));

/** An image by its whole name, its file name or its stem, if that is clear. @throws Failure */
export function imageNamed(services: Services, study: StudyId, name: string): StoredImage {
  const exact = services.workspace.images.findByName(study, name);
  if (exact) return exact;
  const candidates = services.workspace.images
    .ofStudy(study)
    .filter((image) => basename(image.name) === name || stem(image.name) === name);
  const [only] = candidates;
  if (only && candidates.length === 1) return only;
  if (candidates.length === 0) throw new Failure('not-found', `The study has no image "${name}".`);
  throw new Failure(
    'invalid',
    `"${name}" could be ${candidates.map((image) => image.name).join(' or ')}. Give the whole name.`,
  );
}
