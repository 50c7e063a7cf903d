import { basename } from 'node:path';
import type { Role, Split } from '#shared/domain.ts';
import { withMasks } from './masks.ts';
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

/**
 * A category of MVTec AD (Bergmann et al. 2019): `train/good`, `test/<defect>`, masks in
 * `ground_truth/<defect>/<stem>_mask.png`; `validation/good` as in MVTec LOCO.
 */
export async function planMvtec(reader: FolderReader, root: string): Promise<PlannedImage[]> {
  const items: PlannedImage[] = [];
  const truth = await reader.folderNamed(root, ['ground_truth']);
  for (const [names, split, role] of splits) {
    const splitFolder = await reader.folderNamed(root, names);
    if (splitFolder === undefined) continue;
    for (const folder of await reader.folders(splitFolder)) {
      const defect = basename(folder).normalize('NFC');
      const good = defect.toLowerCase() === 'good';
      if (role === 'normal' && !good) {
        reader.warn(
          `Images in ${basename(splitFolder)}/${defect} are excluded: references have to be normal.`,
        );
      }
      const masks = truth === undefined ? undefined : await reader.folderNamed(truth, [defect]);
      items.push(
        ...withMasks(
          root,
          await reader.images(folder),
          {
            role: role === 'normal' && !good ? 'excluded' : role,
            label: good ? 'normal' : 'abnormal',
            split,
            defect: good ? null : defect,
          },
          masks === undefined ? [] : await reader.images(masks),
        ),
      );
    }
  }
  return items;
}
