import type { PatchFeatures, PatchMask } from '#shared/arrays.ts';
import type { EngineImage } from '#shared/engine-protocol.ts';
import type { MaskRule } from '#shared/methods/patch-mask.ts';
import { defaultObjectMask, objectMask, passesMaskingTest } from '../methods/anomaly-dino/index.ts';
import type { Tools } from './method-runner.ts';
import { everyPatch } from './patches.ts';

interface MaskSettings {
  readonly maskThreshold: number;
  readonly maskCleanUp: 'grid' | 'sequence';
}

const objectSettings = ({ maskThreshold }: MaskSettings) => ({
  ...defaultObjectMask,
  threshold: maskThreshold,
});

/** The rule that is left once the masking test on a reference has spoken. */
export const decideMask = (
  rule: MaskRule,
  reference: PatchFeatures | undefined,
  settings: MaskSettings,
): Exclude<MaskRule, 'tested'> => {
  if (rule !== 'tested') return rule;
  return reference && passesMaskingTest(reference, objectSettings(settings)) ? 'object' : 'all';
};

/** The closing of the mask by pixels, as DINO-AD closes it. */
const closing = 3;

/** The patches of an image that count. */
export async function maskOf(
  { images }: Tools,
  { pixels }: EngineImage,
  patches: PatchFeatures,
  rule: Exclude<MaskRule, 'tested'>,
  settings: MaskSettings,
): Promise<PatchMask> {
  switch (rule) {
    case 'all':
      return everyPatch(patches);
    case 'nonzero':
      return images.foreground(pixels, patches, { rule, closing });
    case 'object':
      return objectMask(patches, settings.maskCleanUp, objectSettings(settings));
  }
}
