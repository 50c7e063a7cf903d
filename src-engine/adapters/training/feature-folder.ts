/**
 * Features and masks of the images of a training, one file each: CLS of every level (float32), mask (uint8), patches level
 * after level (float16). A level of an image is read in one piece.
 */

import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '#shared/errors.ts';
import { type HalfRoom, halfRoom } from '#engine/methods/linear-algebra/half-kernel.ts';
import type { ImageLevels } from '../levels.ts';
import type { LevelFeatures } from '../level-sessions.ts';

export interface FeatureSize {
  readonly levels: number;
  readonly rows: number;
  readonly columns: number;
  readonly dimension: number;
  /** Edge of the mask. */
  readonly maskEdge: number;
}

export const bytesOfImage = ({ levels, rows, columns, dimension, maskEdge }: FeatureSize): number =>
  levels * dimension * 4 + maskEdge * maskEdge + levels * rows * columns * dimension * 2;

export function openFeatureFolder(folder: string, size: FeatureSize) {
  const { levels, rows, columns, dimension, maskEdge } = size;
  const pathOf = (index: number): string => join(folder, `${index}.features`);
  const clsBytes = levels * dimension * 4;
  const maskBytes = maskEdge * maskEdge;
  const values = rows * columns * dimension;
  /** Of the largest group so far. */
  let room: HalfRoom | undefined;

  const readInto = async (
    index: number,
    bytes: Uint8Array,
    position: number,
    file: FileHandle,
  ): Promise<void> => {
    const { bytesRead } = await file.read(bytes, 0, bytes.byteLength, position);
    if (bytesRead < bytes.byteLength) {
      throw new Failure('unreadable', `${pathOf(index)} is cut off. Start the training again.`);
    }
  };

  return {
    /** Whether the file of an image is whole. */
    async has(index: number): Promise<boolean> {
      const found = await stat(pathOf(index)).catch(() => undefined);
      return found?.size === bytesOfImage(size);
    },
    async write(index: number, { cls, patches }: ImageLevels, mask: Uint8Array): Promise<void> {
      await mkdir(folder, { recursive: true });
      const bytes = new Uint8Array(bytesOfImage(size));
      bytes.set(new Uint8Array(cls.buffer, cls.byteOffset, clsBytes), 0);
      bytes.set(mask, clsBytes);
      bytes.set(new Uint8Array(patches.buffer, patches.byteOffset, patches.byteLength), clsBytes + maskBytes);
      const temporary = `${pathOf(index)}.${randomUUID()}`;
      await writeFile(temporary, bytes);
      await rename(temporary, pathOf(index));
    },
    /** Masks of some images, one after the other. */
    async masks(images: readonly number[]): Promise<Uint8Array> {
      const masks = new Uint8Array(images.length * maskBytes);
      for (const [row, index] of images.entries()) {
        await using file = await open(pathOf(index));
        await readInto(index, masks.subarray(row * maskBytes, (row + 1) * maskBytes), clsBytes, file);
      }
      return masks;
    },
    /** One level of some images; its patches are overwritten by the next that is asked for. */
    async level(images: readonly number[], level: number): Promise<LevelFeatures> {
      if (room === undefined || room.floats.length < images.length * values)
        room = halfRoom(images.length * values);
      const { halves, floats } = room;
      const cls = new Float32Array(images.length * dimension);
      const own = new Float32Array(dimension);
      for (const [row, index] of images.entries()) {
        await using file = await open(pathOf(index));
        await readInto(index, new Uint8Array(own.buffer), level * dimension * 4, file);
        cls.set(own, row * dimension);
        const bits = new Uint8Array(halves.buffer, row * values * 2, values * 2);
        await readInto(index, bits, clsBytes + maskBytes + level * values * 2, file);
      }
      room.widen(images.length * values);
      return { images: images.length, patches: floats.subarray(0, images.length * values), cls };
    },
  };
}

export type FeatureFolder = ReturnType<typeof openFeatureFolder>;
