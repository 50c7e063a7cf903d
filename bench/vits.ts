import type { VitSize } from '../test/support/tiny-models.ts';

/** DINOv3 ViT-S/16 as it was released. */
export const vitSmall: VitSize = {
  hidden: 384,
  layers: 12,
  heads: 6,
  intermediate: 1536,
  patch: 16,
  registers: 4,
};

/** DINOv3 ViT-B/16. */
export const vitBase: VitSize = { ...vitSmall, hidden: 768, heads: 12, intermediate: 3072 };
