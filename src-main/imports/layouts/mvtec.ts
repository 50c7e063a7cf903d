import { basename } from 'node:path';
import type { Role, Split } from '#shared/domain.ts';
import { masksByStem, oneMask, planned } from './masks.ts';
import { stemOf } from './names.ts';
import type { PlannedImage } from './planned.ts';
import type { FolderReader } from './reader.ts';

const splits: readonly (readonly [readonly string[], Split, Role])[] = [
  [['train'], 'train', 'normal'],
  [['valid', 'validation'], 'valid', 'excluded'],
  [['test'], 'test', 'query'],
];

/** Whether a folder is a category of MVTec AD: `train/good`, or `test` beside `ground_truth`. */
export async function isMvtec(reader: FolderReader, root: string): Promise<boolean> {
  const train = await reader.folderNamed(root, ['train']);
  if (train !== undefined && (await reader.folderNamed(train, ['good']))) return true;
  const test = await reader.folderNamed(root, ['test']);
  return test !== undefined && (await reader.folderNamed(root, ['ground_truth'])) !== undefined;
}

/** Whether a folder is a category of MVTec LOCO: anomalies are logical or structural. */
export async function isMvtecLoco(reader: FolderReader, root: string): Promise<boolean> {
  const test = await reader.folderNamed(root, ['test']);
  return (
    test !== undefined &&
    (await reader.folderNamed(test, ['logical_anomalies', 'structural_anomalies'])) !== undefined
  );
}

/**
 * A category of MVTec AD (Bergmann et al. 2019): `train/good`, `test/<defect>`, masks in
 * `ground_truth/<defect>/<stem>_mask.png`. MVTec LOCO (Bergmann et al. 2022) adds `validation/good` and has a folder of
 * masks for each image, `ground_truth/<defect>/<stem>/000.png` ..., whose union counts. The prepared VisA has this
 * layout too.
 */
export async function planMvtec(reader: FolderReader, root: string): Promise<PlannedImage[]> {
  const items: PlannedImage[] = [];
  const truth = await reader.folderNamed(root, ['ground_truth']);
  for (const [names, split, role] of splits) {
    const folder = await reader.folderNamed(root, names);
    if (folder !== undefined) items.push(...(await planSplit(reader, root, { folder, truth, split, role })));
  }
  return items;
}

interface SplitFolder {
  readonly folder: string;
  /** Folder with a folder of masks for each defect. */
  readonly truth: string | undefined;
  readonly split: Split;
  readonly role: Role;
}

/** The images of one split: `good` is normal, any other folder names its defect. */
export async function planSplit(
  reader: FolderReader,
  root: string,
  { folder, truth, split, role }: SplitFolder,
): Promise<PlannedImage[]> {
  const items: PlannedImage[] = [];
  for (const inner of await reader.folders(folder)) {
    const defect = basename(inner).normalize('NFC');
    if (defect.toLowerCase() === 'ground_truth') continue;
    const good = defect.toLowerCase() === 'good';
    // A defect among the training images must never become a reference.
    if (role === 'normal' && !good)
      reader.warn(`Images in ${basename(folder)}/${defect} are excluded: references have to be normal.`);
    const masksOf = good ? () => [] : await maskFinder(reader, truth, defect);
    for (const path of await reader.images(inner)) {
      const verdict = {
        role: role === 'normal' && !good ? ('excluded' as const) : role,
        label: good ? ('normal' as const) : ('abnormal' as const),
        split,
        defect: good ? null : defect,
      };
      items.push(planned(root, path, verdict, masksOf(path)));
    }
  }
  return items;
}

async function maskFinder(
  reader: FolderReader,
  truth: string | undefined,
  defect: string,
): Promise<(image: string) => string[]> {
  const folder = truth === undefined ? undefined : await reader.folderNamed(truth, [defect]);
  if (folder === undefined) return () => [];
  const files = masksByStem(await reader.images(folder));
  const regions = new Map<string, string[]>();
  for (const inner of await reader.folders(folder)) regions.set(stemOf(inner), await reader.images(inner));
  return (image) => regions.get(stemOf(image)) ?? oneMask(image, files.get(stemOf(image)) ?? []);
}
