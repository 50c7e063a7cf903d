import type { PixelsInfo } from '#shared/domain.ts';
import { pixelBytes } from '../imaging/statistics.ts';
import type { EngineState } from '../state.ts';

export const readPixelBytes = async ({ images }: EngineState, pixels: PixelsInfo): Promise<Uint8Array> =>
  pixelBytes(await images.pixels(pixels));
