/** The families that can be converted, by the `model_type` of their configuration. */

import { z } from 'zod';
import { Failure } from '#shared/errors.ts';
import type { Architecture } from './architecture.ts';
import { dinov2 } from './dinov2/architecture.ts';
import { dinov3ConvNext } from './dinov3-convnext/architecture.ts';
import { dinov3Vit } from './dinov3-vit/architecture.ts';

const families: Readonly<Record<string, (config: unknown) => Architecture>> = {
  dinov3_vit: dinov3Vit,
  dinov3_convnext: dinov3ConvNext,
  dinov2,
  dinov2_with_registers: dinov2,
};

/**
 * The architecture a parsed `config.json` describes.
 * @throws Failure `unreadable` for an unknown family or a configuration that is incomplete or contradicts itself.
 */
export function architectureOf(config: unknown): Architecture {
  const parsed = z.object({ model_type: z.string() }).safeParse(config);
  if (!parsed.success) throw new Failure('unreadable', 'config.json does not say its model_type.');
  const family = parsed.data.model_type;
  const known = Object.keys(families);
  if (!known.includes(family)) {
    throw new Failure('unreadable', `config.json describes a ${family}; Nidus converts ${known.join(', ')}.`);
  }
  return families[family]!(config);
}
