import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import sharp from 'sharp';
import type { EngineCalls } from '#shared/engine-protocol.ts';
import type { EngineState } from '../state.ts';

const inflate = promisify(inflateRaw);

/** One segment as an 8-bit grey PNG of the image's size: 255 inside, 0 outside. */
export async function maskPicture(
  _: EngineState,
  { labels, width, height, segment }: EngineCalls['mask-picture']['request'],
): Promise<Uint8Array> {
  const inside = (await inflate(labels)).map((label) => (label === segment ? 255 : 0));
  return sharp(inside, { raw: { width, height, channels: 1 } })
    .toColourspace('b-w')
    .png()
    .toBuffer();
}
