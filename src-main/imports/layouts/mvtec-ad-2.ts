import type { Verdict, PlannedImage } from './planned.ts';
import { planned } from './masks.ts';
import { planSplit } from './mvtec.ts';
import type { FolderReader } from './reader.ts';

/** Whether a folder is a category of MVTec AD 2: its public test images have a folder of their own. */
export async function isMvtecAd2(reader: FolderReader, root: string): Promise<boolean> {
  return (await reader.folderNamed(root, ['test_public'])) !== undefined;
}

/**
 * A category of MVTec AD 2 (Heckler-Kram et al. 2025): `train/good`, `validation/good`, `test_public/{good,bad}` with
 * masks in `test_public/ground_truth/bad/<stem>_mask.png`; `test_private` and `test_private_mixed` hold images whose
 * ground truth only the benchmark's server knows.
 */
export async function planMvtecAd2(reader: FolderReader, root: string): Promise<PlannedImage[]> {
  const items: PlannedImage[] = [];
  for (const [name, split, role] of [
    ['train', 'train', 'normal'],
    ['validation', 'valid', 'excluded'],
    ['test_public', 'test', 'query'],
  ] as const) {
    const folder = await reader.folderNamed(root, [name]);
    if (folder === undefined) continue;
    const truth = await reader.folderNamed(folder, ['ground_truth']);
    items.push(...(await planSplit(reader, root, { folder, truth, split, role })));
  }
  const secret: Verdict = { role: 'query', label: 'unknown', split: 'test', defect: null };
  for (const name of ['test_private', 'test_private_mixed']) {
    const folder = await reader.folderNamed(root, [name]);
    if (folder === undefined) continue;
    for (const path of await reader.images(folder)) items.push(planned(root, path, secret, []));
  }
  return items;
}
