/** The studies that pictures are taken of. */
import { existsSync } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import type { StudyId } from '#shared/domain.ts';
import { projectRoot } from '../support/built.ts';
import { jobFinished, type PageClient } from '../support/page-client.ts';
import { phantom, writePhantomSet } from '../support/phantoms.ts';
import { writeSeries } from '../support/series.ts';
import { finishedRun, importFolder } from '../support/studies.ts';
import { tinyDinov3, writeModelFolder } from '../support/tiny-models.ts';

export interface Stage {
  readonly brain: StudyId;
  readonly fabric: StudyId;
  /** Never run. */
  readonly fresh: StudyId;
  /** Normals with a copy, a leak and a lesion among them. */
  readonly spoilt: StudyId;
  /** Real images, where the folder with test data stands beside the project. */
  readonly glioma: StudyId | null;
  /** A folder in which some files cannot be read. */
  readonly mixedFolder: string;
  /** DICOM files in two series. */
  readonly seriesFolder: string;
}

/** A ViT with random weights: the built-in extractor has no layers to choose from. */
export const layeredModel = 'random-vit';

const gliomaFolder = join(projectRoot, '../shared/data/brain/glioma_flair');

/** Opens the sample studies and runs them; `realImages` adds what may be looked at but not published. */
export async function setStage(client: PageClient, folder: string, realImages: boolean): Promise<Stage> {
  const brain = await sample(client, 'brain-flair-phantom');
  const fabric = await sample(client, 'denim-fabric');
  const fresh = await sample(client, 'liver-ct-phantom');
  await finishedRun(client, brain);
  await finishedRun(client, brain, { k: 4 });
  await finishedRun(client, brain);
  await finishedRun(client, fabric, { foreground: { rule: 'all' } });
  const glioma =
    realImages && existsSync(gliomaFolder) ? await importFolder(client, 'Glioma FLAIR', gliomaFolder) : null;
  if (glioma !== null) await finishedRun(client, glioma);
  const spoilt = await importFolder(client, 'Ward 3 normals', await writeSpoiltFolder(folder));
  const { jobId } = await client.models.import({
    path: writeModelFolder(join(folder, layeredModel), tinyDinov3(1, { patch: 16, layers: 4 })),
    name: layeredModel,
    acceptLicence: true,
  });
  await jobFinished(client, jobId);
  const seriesFolder = join(folder, 'scanner, export');
  await writeSeries(seriesFolder, 12);
  return { brain, fabric, fresh, spoilt, glioma, mixedFolder: await writeMixedFolder(folder), seriesFolder };
}

async function sample(client: PageClient, id: string): Promise<StudyId> {
  const { studyId, jobId } = await client.samples.open({ id });
  if (jobId !== null) await jobFinished(client, jobId);
  return studyId;
}

async function writeSpoiltFolder(parent: string): Promise<string> {
  const folder = join(parent, 'spoilt');
  await writePhantomSet(folder, { normals: 24, abnormals: 6, size: 192 });
  const normals = join(folder, 'train', 'good');
  await copyFile(join(normals, 'n0003.png'), join(normals, 'n0003-copy.png'));
  await copyFile(join(folder, 'test', 'Ungood', 'img', 'a0002.png'), join(normals, 'n0099.png'));
  return folder;
}

async function writeMixedFolder(parent: string): Promise<string> {
  const folder = join(parent, 'ward 3, export');
  for (const inner of ['ok', 'ng', 'gt']) await mkdir(join(folder, inner), { recursive: true });
  const size = 128;
  for (const seed of [1, 2, 3, 4, 5]) {
    const raw = { width: size, height: size, channels: 1 } as const;
    const abnormal = seed > 3;
    const { image, mask } = phantom(seed, size, abnormal);
    const png = await sharp(image, { raw }).png().toBuffer();
    const name = `patient${Math.ceil(seed / 2)}_z${seed}.png`;
    const isCut = seed === 5;
    await writeFile(
      join(folder, abnormal ? 'ng' : 'ok', name),
      isCut ? png.subarray(0, (png.length * 2) / 3) : png,
    );
    if (abnormal)
      await sharp(mask, { raw })
        .png()
        .toFile(join(folder, 'gt', name));
  }
  await writeFile(join(folder, 'letter.png'), 'Dear colleague, the picture is attached.');
  await writeFile(join(folder, 'empty.tif'), '');
  return folder;
}
