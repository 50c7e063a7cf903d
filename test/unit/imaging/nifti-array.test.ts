import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeArray, openArray } from '#engine/imaging/array-file.ts';
import { edgesOf, planeOf, sliceWalk, voxelAxes } from '#engine/imaging/voxel-axes.ts';
import { takeSlice } from '#engine/imaging/nifti/slices.ts';
import { bytesOf } from '../../support/dicom.ts';
import { writeNifti } from '../../support/nifti.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const all = { kind: 'all' } as const;

async function written(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(await temporaryFolder(), name);
  await writeFile(path, bytes);
  return path;
}

test('a slice is the same whatever the order and the direction of the axes on disk', () => {
  const world = [3, 4, 5] as const;
  const valueAt = (x: number, y: number, z: number) => x + 10 * y + 100 * z;
  fc.assert(
    fc.property(
      fc.shuffledSubarray([0, 1, 2], { minLength: 3 }),
      fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
      (order, forward) => {
        const shape = order.map((axis) => world[axis]!);
        const affine = [0, 1, 2].map((axis) =>
          order.map((of, i) => (of === axis ? (forward[i] ? 2 : -2) : 0)),
        );
        const voxels = new Uint16Array(60);
        for (let k = 0, at = 0; k < shape[2]!; k++)
          for (let j = 0; j < shape[1]!; j++)
            for (let i = 0; i < shape[0]!; i++) {
              const place = [0, 0, 0];
              [i, j, k].forEach((index, axis) => {
                place[order[axis]!] = forward[axis] ? index : shape[axis]! - 1 - index;
              });
              voxels[at++] = valueAt(place[0]!, place[1]!, place[2]!);
            }
        const axes = voxelAxes(affine);
        const axial = takeSlice(voxels, 1, sliceWalk(axes, shape, 'axial'), 4);
        // The patient's right is on the left, anterior at the top: x falls along a row, y down a column... both from their ends.
        expect([axial[0], axial.at(-1)]).toEqual([valueAt(2, 3, 4), valueAt(0, 0, 4)]);
        const sagittal = takeSlice(voxels, 1, sliceWalk(axes, shape, 'sagittal'), 0);
        expect([sagittal[0], sagittal.at(-1)]).toEqual([valueAt(0, 3, 4), valueAt(0, 0, 0)]);
        const coronal = takeSlice(voxels, 1, sliceWalk(axes, shape, 'coronal'), 1);
        expect([coronal[0], coronal.at(-1)]).toEqual([valueAt(2, 1, 4), valueAt(0, 1, 0)]);
      },
    ),
  );
});

test('letters at the edges, and how far a slice leans', () => {
  expect(edgesOf([-1, 0, 0], [0, -1, 0])).toEqual({ left: 'R', right: 'L', top: 'A', bottom: 'P' });
  expect(edgesOf([-0.8, 0.6, 0], [0, 0, -1]).right).toBe('LA');
  expect(planeOf([0, Math.sin(0.2), Math.cos(0.2)])).toEqual({ plane: 'axial', tilt: 11.5 });
});

test('values follow slope and intercept, stored samples do not, and NaN is counted', async () => {
  const stored = Int16Array.from({ length: 24 }, (_, i) => i);
  const scaled = writeNifti({
    shape: [2, 3, 4],
    type: 4,
    bits: 16,
    data: bytesOf(stored),
    slope: 0.5,
    intercept: -3,
  });
  const path = await written('scaled.nii.gz', gzipSync(scaled));
  const opened = await openArray(path, 'scaled', all);
  expect(describeArray(opened, false).description).toMatchObject({
    shape: [2, 3, 4],
    dtype: 'float32',
    disk_dtype: 'int16',
    min: -3,
    max: 8.5,
    axes: 'LAS',
  });
  expect(describeArray(opened, true).description).toMatchObject({ dtype: 'int16', min: 0, max: 23 });

  const floats = writeNifti({
    shape: [2, 2, 1],
    type: 16,
    bits: 32,
    data: bytesOf(Float32Array.of(1, NaN, Infinity, 3)),
  });
  const odd = describeArray(await openArray(await written('odd.nii', floats), 'odd', all), false);
  expect(odd.description).toMatchObject({ min: 1, max: 3, mean: 2, non_finite: 2 });
});

test.each([
  [
    'cut off',
    'a.nii',
    (file: Buffer) => file.subarray(0, 400),
    /declares 8 x 8 x 8 voxels, 864 bytes; the file holds 400/,
  ],
  [
    'cut off in gzip',
    'a.nii.gz',
    (file: Buffer) => gzipSync(file).subarray(0, 200),
    /gzip data is damaged or cut off/,
  ],
  ['not gzip', 'a.nii.gz', (file: Buffer) => file, /named .gz but not compressed/],
  [
    'without magic',
    'a.nii',
    (file: Buffer) => Buffer.concat([file.subarray(0, 344), Buffer.from('XXXX')]),
    /magic letters are missing/,
  ],
  ['empty', 'a.nii', () => Buffer.alloc(0), /the file is empty/],
])('a file that is %s is refused in words', async (_, name, damage, reason) => {
  const noise = Uint8Array.from({ length: 512 }, (__, i) => (Math.imul(i + 1, 2_654_435_761) >>> 13) & 255);
  const file = writeNifti({ shape: [8, 8, 8], type: 2, bits: 8, data: noise });
  await expect(openArray(await written(name, damage(file)), name, all)).rejects.toThrow(reason);
});
