import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Lets `write` make a file, and others whose names begin with its name, in a folder of their own, and moves them to their place
 * when all are complete: `outFile` last, so that it never stands without the others. Nothing is left behind on failure.
 * Gives the names, that of `outFile` first.
 */
export async function writeTogether(
  outFile: string,
  write: (path: string) => Promise<void>,
): Promise<readonly string[]> {
  const folder = dirname(outFile);
  await mkdir(folder, { recursive: true });
  const temporary = await mkdtemp(join(folder, `.${basename(outFile)}-`));
  try {
    await write(join(temporary, basename(outFile)));
    const names = (await readdir(temporary)).sort();
    for (const name of names.toReversed()) await rename(join(temporary, name), join(folder, name));
    return names;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
