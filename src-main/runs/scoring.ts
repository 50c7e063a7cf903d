import { createHash } from 'node:crypto';
import type { StudyId } from '#shared/domain.ts';
import type { EngineImage, ReferencePool } from '#shared/engine-protocol.ts';
import { Failure } from '#shared/errors.ts';
import { featuresOf, methods } from '#shared/methods/index.ts';
import type { DinoAdSettings, RunSettings } from '#shared/settings.ts';
import type { ModelCatalogue } from '#main/models/catalogue.ts';
import type { StoredImage } from '#main/workspace/repositories/images.ts';

/** What the engine needs to know of an image. */
export const forEngine = ({ id, pixels }: StoredImage): EngineImage => ({ id, pixels });

/**
 * The normal images a query may be held against under these settings; none for a method without references.
 * @throws Failure('invalid') when settings and study do not fit together.
 */
export function referencesFor(
  settings: RunSettings,
  normals: readonly StoredImage[],
  find: (id: StoredImage['id']) => StoredImage,
  study: StudyId,
): StoredImage[] {
  switch (settings.method) {
    case 'dino-ad':
      return supportPool(settings, normals, find, study);
    case 'anomaly-dino-batched':
    case 'ad-dinov3':
      return [];
    case 'anomaly-dino':
    case 'patchcore':
    case 'padim':
    case 'dino-dpmm':
      return block(settings, normals);
  }
}

const noNormals = () =>
  new Failure(
    'invalid',
    'This study has no normal images. Mark some images as normal, or import a set of normals.',
  );

const byName = (a: StoredImage, b: StoredImage): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

/** The seed's block of normal images, in sorted order of their names; all of them without a number of shots. */
function block(
  { method, shots, seed }: { method: RunSettings['method']; shots: number | null; seed: number },
  normals: readonly StoredImage[],
): StoredImage[] {
  if (normals.length === 0) throw noNormals();
  const sorted = normals.toSorted(byName);
  if (shots === null) return sorted;
  const taken = sorted.slice(seed * shots, (seed + 1) * shots);
  if (taken.length < shots) {
    throw new Failure(
      'invalid',
      `${methods[method].title} with seed ${seed} takes the normal images ${seed * shots + 1} to ${(seed + 1) * shots}, but the study has ${normals.length}.`,
    );
  }
  return taken;
}

function supportPool(
  { support, banned }: DinoAdSettings,
  normals: readonly StoredImage[],
  find: (id: StoredImage['id']) => StoredImage,
  study: StudyId,
): StoredImage[] {
  if (support.kind === 'chosen') {
    return support.images.map((id) => {
      const image = find(id);
      if (image.studyId !== study)
        throw new Failure('invalid', `${image.name} belongs to another study and cannot be a support image.`);
      return image;
    });
  }
  if (normals.length === 0) throw noNormals();
  const allowed = normals.filter(({ id }) => !banned.includes(id));
  if (support.count > allowed.length) {
    const left =
      banned.length > 0
        ? `${allowed.length} normal images that are not banned`
        : `${normals.length} normal images`;
    throw new Failure(
      'invalid',
      `${support.count} support images were asked for, but the study has ${left}.`,
    );
  }
  return allowed;
}

/** @throws Failure('invalid') when the model does not exist or cannot take this size. */
export function checkModel(settings: RunSettings, catalogue: ModelCatalogue): void {
  const model = catalogue.get(settings.model);
  if (settings.size % model.patch !== 0) {
    throw new Failure(
      'invalid',
      `The size ${settings.size} is not a multiple of the patch size ${model.patch} of ${model.name}.`,
    );
  }
  for (const layer of featuresOf(settings).layers) {
    if (layer <= model.layers) continue;
    const known = model.layers === 0 ? 'no layers to choose from' : `layers 1 to ${model.layers}`;
    throw new Failure('invalid', `${model.name} has ${known}, not ${layer}.`);
  }
}

/** The pool's key changes with its content, so an engine never holds a stale one. */
export const poolOf = (key: string, images: readonly StoredImage[]): ReferencePool => ({
  key,
  images: images.map(forEngine),
});

/** A pool named by its content. */
export function poolOfContent(images: readonly StoredImage[]): ReferencePool {
  const lines = images.map(({ id, pixels }) => `${id} ${pixels.sha256}`);
  return poolOf(createHash('sha256').update(lines.join('\n')).digest('hex'), images);
}
