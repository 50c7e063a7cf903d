import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { type Entry, type Options, open, type ZipFile } from 'yauzl';
import { refuse } from './refusals.ts';

const maxEntries = 200_000;
const maxBytes = 2 ** 36;
const maxRatio = 1032;

const openZip = promisify<string, Options, ZipFile>(open);

/** The files of a ZIP archive below a new folder. A failure leaves nothing behind. @throws Failure 'unreadable' */
export async function unpackZip(archive: string, name: string, target: string): Promise<void> {
  try {
    await extract(archive, name, target);
  } catch (error) {
    await rm(target, { recursive: true, force: true });
    if ((error as { kind?: string }).kind === 'unreadable') throw error;
    throw refuse(name, 'the ZIP archive is damaged, cut off or encrypted', error);
  }
}

async function extract(archive: string, name: string, target: string): Promise<void> {
  const zip = await openZip(archive, { lazyEntries: true, autoClose: false });
  try {
    if (zip.entryCount > maxEntries) throw refuse(name, `the ZIP archive holds ${zip.entryCount} files`);
    await mkdir(target, { recursive: true });
    let total = 0;
    for (let entry = await nextEntry(zip); entry; entry = await nextEntry(zip)) {
      if (entry.fileName.endsWith('/')) continue;
      const path = resolve(target, entry.fileName);
      if (!path.startsWith(target + sep)) throw refuse(name, 'the ZIP archive holds a path that leaves it');
      total += entry.uncompressedSize;
      if (total > maxBytes || entry.uncompressedSize > (entry.compressedSize + 64) * maxRatio) {
        throw refuse(name, 'the ZIP archive expands to more than it can reasonably hold');
      }
      await mkdir(dirname(path), { recursive: true });
      await pipeline(await promisify(zip.openReadStream.bind(zip))(entry as never), createWriteStream(path));
    }
  } finally {
    zip.close();
  }
}

/** Undefined after the last one. */
function nextEntry(zip: ZipFile): Promise<Entry | undefined> {
  return new Promise((done, fail) => {
    const settle = (work: () => void) => {
      zip.off('entry', onEntry).off('end', onEnd).off('error', onError);
      work();
    };
    const onEntry = (entry: Entry) => settle(() => done(entry));
    const onEnd = () => settle(() => done(undefined));
    const onError = (error: Error) => settle(() => fail(error));
    zip.on('entry', onEntry).on('end', onEnd).on('error', onError);
    zip.readEntry();
  });
}
