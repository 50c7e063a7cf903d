import { basename } from 'node:path';
import type { Label, Role, Split } from '#shared/domain.ts';
import { withMasks } from './masks.ts';
import type { PlannedImage } from './planned.ts';
import type { FolderReader } from './reader.ts';

const splits: readonly (readonly [readonly string[], Split, Role])[] = [
  [['train'], 'train', 'normal'],
  // Kept for choosing thresholds, out of the figures of the test.
  [['valid', 'val', 'validation'], 'valid', 'excluded'],
  [['test'], 'test', 'query'],
];

/** The benchmark's own description calls it `anomaly_mask`, its code and its archives `label`. */
const maskFolders = ['label', 'anomaly_mask'];

/** Whether a folder is laid out like a data set of BMAD: `{valid,test}/{good,Ungood}/img`. */
export async function isBmad(reader: FolderReader, root: string): Promise<boolean> {
  for (const names of [['test'], ['valid', 'val', 'validation']]) {
    const split = await reader.folderNamed(root, names);
    if (split === undefined) continue;
    if (await reader.folderNamed(split, ['ungood'])) return true;
    const good = await reader.folderNamed(split, ['good']);
    if (good !== undefined && (await reader.folderNamed(good, ['img']))) return true;
  }
  return false;
}

/**
 * BMAD (Bao et al. 2024, "BMAD: Benchmarks for Medical Anomaly Detection", section 3): `train/good`,
 * `{valid,test}/{good,Ungood}/{img,label}` with the same file name for image and mask; upper and lower case alike.
 */
export async function planBmad(reader: FolderReader, root: string): Promise<PlannedImage[]> {
  const items: PlannedImage[] = [];
  for (const [names, split, role] of splits) {
    const splitFolder = await reader.folderNamed(root, names);
    if (splitFolder === undefined) continue;
    for (const [kind, label] of [
      ['good', 'normal'],
      ['ungood', 'abnormal'],
    ] as [string, Label][]) {
      const folder = await reader.folderNamed(splitFolder, [kind]);
      if (folder === undefined) continue;
      const images = (await reader.folderNamed(folder, ['img'])) ?? folder;
      const masks = await reader.folderNamed(folder, maskFolders);
      // A lesion among the training images must never become a reference.
      const safeRole = role === 'normal' && label === 'abnormal' ? 'excluded' : role;
      if (safeRole !== role)
        reader.warn(
          `Images in ${basename(splitFolder)}/${basename(folder)} are excluded: references have to be normal.`,
        );
      items.push(
        ...withMasks(
          root,
          await reader.images(images),
          { role: safeRole, label, split, defect: null },
          masks === undefined ? [] : await reader.images(masks),
        ),
      );
    }
  }
  return items;
}
