import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PixelArray } from '#shared/arrays.ts';
import { blobPath, isValid, readBlob, readPixels, writeBlob, writePixels } from '#engine/imaging/storage.ts';
import { sha256 } from '#engine/imaging/statistics.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nidus-blobs-'));
});
afterEach(() => rm(folder, { recursive: true }));

const bytes = Uint8Array.from({ length: 5000 }, (_, i) => (i * i) % 251);

test('a blob comes back as it was, from a path that is its hash', async () => {
  const sha = await writeBlob(folder, bytes);
  expect(sha).toBe(sha256(bytes));
  expect(blobPath(folder, sha)).toBe(join(folder, sha.slice(0, 2), `${sha}.zst`));
  expect(await readBlob(folder, sha)).toEqual(bytes);
  expect(await isValid(folder, sha)).toBe(true);
});

test('the empty blob, too', async () => {
  expect(await readBlob(folder, await writeBlob(folder, new Uint8Array()))).toHaveLength(0);
});

test('a blob that is there is not written again, and nothing else is left in its folder', async () => {
  const shas = await Promise.all(Array.from({ length: 8 }, () => writeBlob(folder, bytes)));
  const path = blobPath(folder, shas[0]!);
  const { mtimeMs, ino } = await stat(path);
  await writeBlob(folder, bytes);
  expect(await stat(path)).toMatchObject({ mtimeMs, ino });
  expect(await readdir(dirname(path))).toEqual([`${shas[0]}.zst`]);
});

test('damage of any kind is noticed, and repaired by writing again', async () => {
  const sha = await writeBlob(folder, bytes);
  const path = blobPath(folder, sha);
  const whole = await readFile(path);
  const other = await readFile(blobPath(folder, await writeBlob(folder, bytes.subarray(1))));
  const damages = [() => truncate(path, 40), () => truncate(path, 0), () => writeFile(path, other)];
  for (const damage of damages) {
    await damage();
    await expect(readBlob(folder, sha)).rejects.toMatchObject({ kind: 'storage', message: /are damaged/ });
    expect(await isValid(folder, sha)).toBe(false);
    await writeBlob(folder, bytes);
    expect(await readFile(path)).toEqual(whole);
  }
});

test('a missing blob and a name that is no hash are refused', async () => {
  await expect(readBlob(folder, 'a'.repeat(64))).rejects.toMatchObject({ kind: 'not-found' });
  expect(await isValid(folder, 'a'.repeat(64))).toBe(false);
  await expect(readBlob(folder, '../../etc/passwd')).rejects.toMatchObject({ kind: 'invalid' });
});

test('a folder that cannot be written is a storage failure', async () => {
  const file = join(folder, 'file');
  await writeFile(file, '');
  await expect(writeBlob(file, bytes)).rejects.toMatchObject({ name: 'Failure', kind: 'storage' });
});

test.each([
  ['uint8', Uint8Array.from([1, 2, 3, 4, 5, 6])],
  ['uint16', Uint16Array.from([1, 2, 3, 4, 5, 65535])],
  ['int16', Int16Array.from([1, 2, -3, 4, 5, 6])],
  ['float32', Float32Array.from([1, NaN, -Infinity, 4, 5, 0.1])],
] as const)('%s pixels keep type and shape', async (type, data) => {
  const pixels: PixelArray = { width: 2, height: 1, channels: 3, bits: 8, data };
  const info = await writePixels(folder, pixels);
  expect(info).toMatchObject({ type, width: 2, height: 1, channels: 3, bits: 8 });
  expect(await readPixels(folder, info)).toEqual(pixels);
  await expect(readPixels(folder, { ...info, height: 2 })).rejects.toThrow(/do not have the size 2 x 2/);
});
