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
 * BMAD (Bao et al. 2024, "BMAD: Benchmarks for Medical Anomaly Detection", section 3), in each of the trees that
 * circulate, upper and lower case alike; image and mask have the same file name:
 * - `train/good`, `{valid,test}/{good,Ungood}/{img,label}`: the archives and the benchmark's code
 * - the same with `anomaly_mask` instead of `label`: its description, and the copies of few-shot papers
 * - `{valid,test}/{good,Ungood}` alone: the data sets without masks (chest, OCT, histopathology)
 * - `{valid,test}` without `train`: the few-shot copies (`Brain_AD`, `Liver_AD`, ...)
 * - masks in `ground_truth/Ungood`, as converters to MVTec AD write them
 */
export async function planBmad(reader: FolderReader, root: string): Promise<PlannedImage[]> {
  const items: PlannedImage[] = [];
  const truth = await reader.folderNamed(root, ['ground_truth']);
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
      const masks =
        (await reader.folderNamed(folder, maskFolders)) ??
        (truth === undefined || split !== 'test' ? undefined : await reader.folderNamed(truth, [kind]));
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
