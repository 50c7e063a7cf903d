import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { nameBelow, stemOf } from './names.ts';
import { masksByStem, oneMask, planned } from './masks.ts';
import type { PlannedImage } from './planned.ts';
import type { FolderReader } from './reader.ts';
import { readTable } from './table.ts';

/** Whether a folder is a category of VisA as it is published: `Data/Images/{Normal,Anomaly}`. */
export async function isVisa(reader: FolderReader, root: string): Promise<boolean> {
  const images = await imagesOf(reader, root);
  return images !== undefined && (await reader.folderNamed(images, ['Normal'])) !== undefined;
}

/**
 * A category of VisA (Zou et al. 2022): `Data/Images/{Normal,Anomaly}` and `Data/Masks/Anomaly`. Which normal images
 * train and which test stands in `../split_csv/1cls.csv`, the one-class protocol; what an anomaly is, in
 * `image_anno.csv`. Without the first file every normal image becomes a reference.
 */
export async function planVisa(reader: FolderReader, root: string): Promise<PlannedImage[]> {
  const images = await imagesOf(reader, root);
  if (images === undefined) return [];
  const isTest = await oneClassSplit(reader, root);
  const defects = await defectNames(root);
  const items: PlannedImage[] = [];

  const normal = await reader.folderNamed(images, ['Normal']);
  for (const path of normal === undefined ? [] : await reader.images(normal)) {
    const split = isTest(path) ? 'test' : 'train';
    const role = split === 'test' ? 'query' : 'normal';
    items.push(planned(root, path, { role, label: 'normal', split, defect: null }, []));
  }
  const anomalies = await reader.folderNamed(images, ['Anomaly']);
  const data = dirname(images);
  const maskRoot = await reader.folderNamed(data, ['Masks']);
  const maskFolder = maskRoot === undefined ? undefined : await reader.folderNamed(maskRoot, ['Anomaly']);
  const masks = masksByStem(maskFolder === undefined ? [] : await reader.images(maskFolder));
  for (const path of anomalies === undefined ? [] : await reader.images(anomalies)) {
    const defect = defects.get(stemOf(path)) ?? null;
    const verdict = { role: 'query', label: 'abnormal', split: 'test', defect } as const;
    items.push(planned(root, path, verdict, oneMask(path, masks.get(stemOf(path)) ?? [])));
  }
  return items;
}

async function imagesOf(reader: FolderReader, root: string): Promise<string | undefined> {
  const data = await reader.folderNamed(root, ['Data']);
  return data === undefined ? undefined : reader.folderNamed(data, ['Images']);
}

/** Whether a normal image is one of the test images. */
async function oneClassSplit(reader: FolderReader, root: string): Promise<(path: string) => boolean> {
  const collection = dirname(root);
  const file = join(collection, 'split_csv', '1cls.csv');
  if (!existsSync(file)) {
    reader.warn(
      `split_csv/1cls.csv is missing beside ${basename(root)}: all of its normal images become references.`,
    );
    return () => false;
  }
  const tested = new Set<string>();
  for (const { cells } of await readTable(file))
    if (cells['split'] === 'test' && cells['image']) tested.add(cells['image'].toLowerCase());
  return (path) => tested.has(nameBelow(collection, path).toLowerCase());
}

/** Stem of an anomalous image -> its kinds of defect, as the annotators wrote them. */
async function defectNames(root: string): Promise<Map<string, string>> {
  const file = join(root, 'image_anno.csv');
  if (!existsSync(file)) return new Map();
  const rows = await readTable(file);
  return new Map(
    rows.flatMap(({ cells }) =>
      cells['image'] && cells['label'] && cells['label'] !== 'normal'
        ? [[stemOf(cells['image']), cells['label']] as const]
        : [],
    ),
  );
}
