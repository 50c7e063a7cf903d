/** Removed images leave nothing behind, and what is still needed stays. */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writePhantomSet } from '../support/phantoms.ts';
import { importStudy, openServices } from '../support/services.ts';
import { temporaryFolder } from '../support/temporary.ts';

test('cleaning up removes blobs of removed images and half-written files, and nothing else', async () => {
  const folder = await temporaryFolder();
  await writePhantomSet(join(folder, 'a'), { normals: 2, abnormals: 2, size: 64 });
  await writePhantomSet(join(folder, 'b'), { normals: 3, abnormals: 1, size: 64 });
  const services = openServices(join(folder, 'workspace'));
  const { storage, workspace } = services;
  const first = await importStudy(services, 'A', { paths: [join(folder, 'a')] });
  const second = await importStudy(services, 'B', { paths: [join(folder, 'b')] });
  const { blobs } = workspace.folders;
  const path = (sha: string) => join(blobs, sha.slice(0, 2), `${sha}.zst`);
  const kept = workspace.images.ofStudy(second);
  const going = workspace.images.ofStudy(first);
  // Both sets begin with the same two normals and the same abnormal: three pictures and a mask are shared.
  const shared = new Set(kept.map(({ pixels }) => pixels.sha256));
  const only = going.filter(({ pixels }) => !shared.has(pixels.sha256));
  expect(only).toHaveLength(1);
  expect((await storage.measure()).unused).toEqual({ files: 0, bytes: 0 });

  services.studies.remove(first);
  const torn = `${path(kept[0]!.pixels.sha256)}.0e8f.tmp`;
  await writeFile(torn, 'half');
  const foreign = join(blobs, 'README.txt');
  await writeFile(foreign, 'not ours');
  await mkdir(join(blobs, 'notes'));
  const { unused } = await storage.measure();
  // Pixels, mask and thumbnail of the one image, and the torn file.
  expect(unused.files).toBe(4);

  const job = workspace.jobs.create('import', 'Waiting', second);
  await expect(storage.cleanUp()).rejects.toThrow('A job is running. Clean up when it has ended.');
  workspace.jobs.end(job, 'cancelled', null);

  expect(await storage.cleanUp()).toEqual(unused);
  expect(existsSync(path(only[0]!.pixels.sha256))).toBe(false);
  expect(existsSync(torn)).toBe(false);
  expect(existsSync(foreign)).toBe(true);
  const needed = kept.flatMap(({ pixels, truth }) => [
    pixels.sha256,
    ...(truth.kind === 'drawn' ? [truth.sha256] : []),
  ]);
  expect(needed.filter((sha) => !existsSync(path(sha)))).toEqual([]);
  expect((await storage.measure()).unused).toEqual({ files: 0, bytes: 0 });
});
