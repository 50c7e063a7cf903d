/**
 * Makes the sample studies from nothing but a seed.
 *
 *     node resources/samples/generate.ts           write the studies and samples.json
 *     node resources/samples/generate.ts --check   draw them again and compare with the files present
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { filesOf, type SampleFile } from './generator/files.ts';
import { NOTE, SEED, STUDIES, type SampleStudy } from './generator/studies.ts';

interface DrawnStudy {
  readonly files: readonly SampleFile[];
  /** Entry of samples.json; `cover` paths start at this folder. */
  readonly entry: object;
}

async function draw(study: SampleStudy): Promise<DrawnStudy> {
  const files: SampleFile[] = [];
  const imagesOf = new Map<string, string[]>();
  for (const picture of study.draw(SEED)) {
    const own = await filesOf(study, picture);
    files.push(...own);
    imagesOf.set(picture.part, [...(imagesOf.get(picture.part) ?? []), own[0]!.path]);
  }
  const count = (part: string): number => imagesOf.get(part)?.length ?? 0;
  const total = [...imagesOf.values()].reduce((sum, images) => sum + images.length, 0);
  const normals = count('train');
  const cover = study.cover.map((place) => {
    const [part, index] = place.split('/');
    return `${study.id}/${imagesOf.get(part!)![Number(index)]!}`;
  });
  const { id, title, description, layout, suggested } = study;
  const counts = { normals, queries: total - normals, abnormal: total - normals - count('good') };
  return {
    files,
    entry: { id, title, description, folder: id, layout, counts, suggested, cover, note: NOTE },
  };
}

async function save(folder: string, files: readonly SampleFile[]): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  for (const { path, bytes } of files) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, bytes);
  }
}

async function differing(folder: string, files: readonly SampleFile[]): Promise<string[]> {
  const names: string[] = [];
  for (const { path, bytes } of files) {
    const present = await readFile(join(folder, path)).catch(() => null);
    if (present === null || !present.equals(bytes)) names.push(join(folder, path));
  }
  return names;
}

const root = import.meta.dirname;
const checking = process.argv.includes('--check');
const entries: object[] = [];
let wrong = 0;
for (const study of STUDIES) {
  const { files, entry } = await draw(study);
  const folder = join(root, study.id);
  entries.push(entry);
  const bytes = files.reduce((sum, file) => sum + file.bytes.length, 0);
  console.log(`${study.id}: ${files.length} files, ${(bytes / 1e6).toFixed(2)} MB`);
  if (!checking) {
    await save(folder, files);
    continue;
  }
  for (const name of await differing(folder, files)) {
    wrong += 1;
    console.error(`differs or is missing: ${name}`);
  }
}
if (checking) {
  console.log(wrong === 0 ? 'All files are as generated.' : `${wrong} files differ.`);
  process.exitCode = wrong === 0 ? 0 : 1;
} else {
  await writeFile(join(root, 'samples.json'), `${JSON.stringify(entries, null, 2)}\n`);
}
