import { basename } from 'node:path';
import { isBmad, planBmad } from './bmad.ts';
import { isMvtec, isMvtecLoco, planMvtec } from './mvtec.ts';
import { isMvtecAd2, planMvtecAd2 } from './mvtec-ad-2.ts';
import type { PictureLayout, PlannedImage } from './planned.ts';
import type { FolderReader } from './reader.ts';
import { isVisa, planVisa } from './visa.ts';

/** A layout that a folder shows by the folders in it. */
interface DataSet {
  readonly title: string;
  /** What a folder must hold, for whoever asked for the layout where it is not. */
  readonly shape: string;
  is(reader: FolderReader, root: string): Promise<boolean>;
  plan(reader: FolderReader, root: string): Promise<PlannedImage[]>;
}

export type DataSetLayout = Exclude<PictureLayout, 'folder' | 'manifest'>;

const eitherVisa = async (reader: FolderReader, root: string) =>
  (await isVisa(reader, root)) || (await isMvtec(reader, root));

export const dataSets: Readonly<Record<DataSetLayout, DataSet>> = {
  bmad: { title: 'BMAD', shape: 'test/good/img and test/Ungood/img', is: isBmad, plan: planBmad },
  'mvtec-ad-2': {
    title: 'MVTec AD 2',
    shape: 'train/good and test_public',
    is: isMvtecAd2,
    plan: planMvtecAd2,
  },
  'mvtec-loco': {
    title: 'MVTec LOCO',
    shape: 'test/logical_anomalies or test/structural_anomalies',
    is: isMvtecLoco,
    plan: planMvtec,
  },
  visa: {
    title: 'VisA',
    shape: 'Data/Images/Normal, or train/good when prepared',
    is: eitherVisa,
    plan: async (reader, root) => ((await isVisa(reader, root)) ? planVisa : planMvtec)(reader, root),
  },
  mvtec: { title: 'MVTec AD', shape: 'train/good and test', is: isMvtec, plan: planMvtec },
};

/** From the most telling shape to the least; a prepared VisA cannot be told from MVTec AD and need not be. */
const detected: readonly (readonly [DataSetLayout, DataSet['is']])[] = [
  ['bmad', isBmad],
  ['mvtec-ad-2', isMvtecAd2],
  ['mvtec-loco', isMvtecLoco],
  ['visa', isVisa],
  ['mvtec', isMvtec],
];

export async function layoutOf(reader: FolderReader, folder: string): Promise<PictureLayout> {
  for (const [layout, is] of detected) {
    if ((await rootsOf(reader, folder, is)).length > 0) return layout;
  }
  return 'folder';
}

/** Archives wrap a collection in a folder, and sometimes in another one. */
const deepest = 2;

/** The folder itself where it has the layout, else the folders in it that have it (categories of a collection). */
export async function rootsOf(
  reader: FolderReader,
  folder: string,
  is: DataSet['is'],
  depth = deepest,
): Promise<string[]> {
  if (await is(reader, folder)) return [folder];
  if (depth === 0) return [];
  const inner: string[] = [];
  for (const child of await reader.folders(folder))
    inner.push(...(await rootsOf(reader, child, is, depth - 1)));
  return inner;
}

/** Folders beside the categories of a collection that are none: said, because their images stay behind. */
export async function strangersAmong(
  reader: FolderReader,
  folder: string,
  roots: readonly string[],
): Promise<string[]> {
  const holdsRoot = (path: string) => roots.some((root) => root === path || root.startsWith(`${path}/`));
  const others = (await reader.folders(folder)).filter((path) => !holdsRoot(path));
  return others.map((path) => basename(path)).filter((name) => name !== 'split_csv');
}
