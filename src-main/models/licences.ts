import type { Licence } from '#main/workspace/repositories/models.ts';

const dinov3: Licence = {
  name: 'DINOv3 License',
  notice:
    'You accepted this licence when you got the weights. The converted model may be passed on only under the same licence with a copy of it; publications must acknowledge DINOv3; military, nuclear, espionage and weapons uses are excluded.',
};

const dinov2: Licence = {
  name: 'Apache-2.0',
  notice:
    "Meta's DINOv2 weights: use and pass on freely, with the licence and its notices. Models that others trained from them may have a licence of their own.",
};

/** The licence that the published weights of a family came under. */
export const licenceOf = (family: string): Licence => (family.startsWith('dinov2') ? dinov2 : dinov3);
