import type { Interpolation } from '#shared/model-description.ts';

/** As the published preprocessing of each family resizes. */
export const interpolationOf = (family: string): Interpolation =>
  family.startsWith('dinov2') ? 'bicubic' : 'bilinear';
