import type { StudyId } from '#shared/domain.ts';
import { Failure } from '#shared/errors.ts';
import type { RunSettings } from '#shared/settings.ts';
import type { Workspace } from '#main/workspace/workspace.ts';
import { assertDisjoint } from './overlap.ts';

/**
 * Whether an adapter may score a study: it must fit the encoders, and must not have seen class or images of the study.
 * @throws Failure('invalid') or ('not-found')
 */
export function checkAdapter(settings: RunSettings, workspace: Workspace, study: StudyId): void {
  if (settings.method !== 'ad-dinov3') return;
  if (settings.adapter === '') {
    throw new Failure(
      'invalid',
      'AD-DINOv3 needs an adapter: train one on an auxiliary study, or import one.',
    );
  }
  const { name, description } = workspace.adapters.get(settings.adapter);
  if (settings.layers.join() !== description.image.layers.join()) {
    throw new Failure(
      'invalid',
      `The adapter ${name} has the layers ${description.image.layers.join(', ')}.`,
    );
  }
  assertDisjoint(
    {
      classes: description.classes.map((one) => one.name),
      images: workspace.adapters.imagesOf(settings.adapter),
    },
    { className: settings.className, images: workspace.images.ofStudy(study) },
    `The adapter ${name}`,
  );
}
