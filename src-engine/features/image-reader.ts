import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import type { Mask, PatchMask, PixelArray } from '#shared/arrays.ts';
import type { PixelsInfo } from '#shared/domain.ts';
import type { JudgedBy } from '#shared/engine-protocol.ts';
import type { ForegroundChoice } from '#shared/settings.ts';
import { readLinked } from '../imaging/links.ts';
import { readImage } from '../imaging/read-image.ts';
import type { SliceSources } from '../imaging/slice-sources.ts';
import { readBlob } from '../imaging/storage.ts';
import { foregroundPatches } from '../methods/dino-ad/index.ts';
import { contentOf } from './content.ts';
import { LeastRecentlyUsed } from './lru.ts';

const inflate = promisify(inflateRaw);

const megabyte = 1024 ** 2;

/** Pixels, masks and foregrounds of stored and linked images, the latest kept in memory. */
export function openImageReader(blobs: string, sources: SliceSources) {
  const pixels = new LeastRecentlyUsed<string, PixelArray>(64 * megabyte, ({ data }) => data.byteLength);
  const masks = new LeastRecentlyUsed<string, Mask>(32 * megabyte, ({ data }) => data.byteLength);
  const foregrounds = new LeastRecentlyUsed<string, PatchMask>(16 * megabyte, ({ data }) => data.byteLength);

  const fromLink = (info: PixelsInfo) => readLinked(blobs, info, sources);

  const read = async (info: PixelsInfo): Promise<PixelArray> => {
    // The same samples may be known in several windows.
    const { window, ...samples } = info;
    const present = pixels.get(info.sha256) ?? (await readImage(blobs, samples, fromLink));
    pixels.set(info.sha256, present);
    return window ? { ...present, window } : present;
  };

  return {
    pixels: read,
    /** Pixels that were read elsewhere, for those who need them next. */
    keep({ sha256 }: PixelsInfo, { window: _window, ...stored }: PixelArray): void {
      pixels.set(sha256, stored);
    },
    /** The drawn mask of an image, all zeros where it is known to be empty, undefined where nobody knows. */
    async truth(truth: JudgedBy, width: number, height: number): Promise<Mask | undefined> {
      if (truth.kind === 'unknown') return undefined;
      if (truth.kind === 'empty') return { width, height, data: new Uint8Array(width * height) };
      if (truth.kind === 'labels') {
        const labels = await inflate(truth.labels);
        return { width, height, data: Uint8Array.from(labels, (label) => (label > 0 ? 1 : 0)) };
      }
      const present = masks.get(truth.sha256);
      if (present) return present;
      const mask = { width, height, data: await readBlob(blobs, truth.sha256) };
      masks.set(truth.sha256, mask);
      return mask;
    },
    /** Patches that count under a rule (DINO-AD step 3). */
    async foreground(
      info: PixelsInfo,
      grid: { rows: number; columns: number },
      choice: ForegroundChoice,
    ): Promise<PatchMask> {
      const { rows, columns } = grid;
      if (choice.rule === 'all') return { rows, columns, data: new Uint8Array(rows * columns).fill(1) };
      const key = `${contentOf(info)} ${rows} ${columns} ${choice.closing}`;
      const present = foregrounds.get(key);
      if (present) return present;
      const foreground = foregroundPatches(await read(info), grid, choice.closing);
      foregrounds.set(key, foreground);
      return foreground;
    },
  };
}

export type ImageReader = ReturnType<typeof openImageReader>;
