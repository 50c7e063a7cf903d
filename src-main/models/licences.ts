import type { Licence } from '#shared/model-import.ts';

type KnownLicence = Omit<Licence, 'accepted'>;

const dinov3: KnownLicence = {
  name: 'DINOv3 License',
  notice:
    'The converted model may be passed on only under the same licence with a copy of it; publications must acknowledge DINOv3; military, nuclear, espionage and weapons uses are excluded.',
  page: 'https://ai.meta.com/resources/models-and-libraries/dinov3-license/',
  gated: true,
};

const dinov2: KnownLicence = {
  name: 'Apache-2.0',
  notice:
    "Meta's DINOv2 weights: use and pass on freely, with the licence and its notices. Models that others trained from them may have a licence of their own.",
  page: 'https://github.com/facebookresearch/dinov2/blob/main/LICENSE',
  gated: false,
};

const clip: KnownLicence = {
  name: 'MIT',
  notice:
    "OpenAI's CLIP and its vocabulary: use and pass on freely, with the licence and its notice. Models that others trained may have a licence of their own.",
  page: 'https://github.com/openai/CLIP/blob/main/LICENSE',
  gated: false,
};

/** The licence that the published weights of a family came under. */
export const licenceOf = (family: string): KnownLicence => {
  if (family.startsWith('clip')) return clip;
  return family.startsWith('dinov2') ? dinov2 : dinov3;
};
