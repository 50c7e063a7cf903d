import type { FileHandle } from 'node:fs/promises';
import type { Rows } from '../methods/linear-algebra/nearest-neighbours.ts';

const smallBytes = 2 ** 16;

/** Rows that are read by blocks, so that they need not be in memory at once. */
export interface Bank {
  readonly count: number;
  readonly dimension: number;
  /** Rows `start` .. `start + count`, row-major; of a block, valid until the next one. */
  read(start: number, count: number): Promise<Float32Array>;
}

export const memoryBank = ({ data, count, dimension }: Rows): Bank => ({
  count,
  dimension,
  read: (start, rows) => Promise.resolve(data.subarray(start * dimension, (start + rows) * dimension)),
});

/** Rows of float32 in a file, read where they are wanted: memory does not grow with the bank. */
export function fileBank(file: FileHandle, count: number, dimension: number): Bank {
  let block = new ArrayBuffer(0);
  return {
    count,
    dimension,
    async read(start, rows) {
      const bytes = rows * dimension * 4;
      // Blocks are large and searched one at a time; a few rows may be wanted while a block is in use.
      const few = bytes < smallBytes;
      if (!few && block.byteLength < bytes) block = new ArrayBuffer(bytes);
      const buffer = few ? new ArrayBuffer(bytes) : block;
      const view = new Uint8Array(buffer, 0, bytes);
      for (let done = 0; done < bytes;) {
        const { bytesRead } = await file.read(view, done, bytes - done, start * dimension * 4 + done);
        if (bytesRead === 0) throw new Error('a memory bank is shorter than it says');
        done += bytesRead;
      }
      return new Float32Array(buffer, 0, rows * dimension);
    },
  };
}
