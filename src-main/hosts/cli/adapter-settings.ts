import type { StudyId } from '#shared/domain.ts';
import { Failure } from '#shared/errors.ts';
import type { AdDinov3Settings } from '#shared/methods/ad-dinov3.ts';
import { ClassName } from '#shared/prompts.ts';
import type { Services } from '#main/services.ts';

/** Settings of AD-DINOv3: the adapter says encoders, size and levels. @throws Failure when there is no such adapter */
export async function adapterSettings(
  services: Services,
  study: StudyId,
  options: { readonly adapter?: string; readonly class?: string },
): Promise<AdDinov3Settings> {
  if (options.adapter === undefined) {
    throw new Failure('invalid', 'AD-DINOv3 needs --adapter FILE: an adapter trained on an auxiliary study.');
  }
  const { sha256 } = await services.adapters.named(options.adapter);
  const className = options.class === undefined ? null : ClassName.parse(options.class);
  return services.prompts.runSettings(sha256, study, className);
}
