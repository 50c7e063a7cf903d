import { basename, dirname } from 'node:path';
import type { FolderMeaning } from '#shared/contract/imports.ts';
import type { Role } from '#shared/domain.ts';
import { masksByStem, planned } from './masks.ts';
import { nameBelow, stemOf } from './names.ts';
import type { PlannedImage, Verdict } from './planned.ts';
import type { FolderReader } from './reader.ts';

/** Folder relative to the root, '' for the root itself -> what its images are. */
export type FolderMapping = Readonly<Record<string, FolderMeaning>>;

const verdicts: Readonly<Record<Exclude<FolderMeaning, 'masks' | 'skip'>, Verdict>> = {
  normal: { role: 'normal', label: 'normal', split: null, defect: null },
  'normal-query': { role: 'query', label: 'normal', split: null, defect: null },
  abnormal: { role: 'query', label: 'abnormal', split: null, defect: null },
  query: { role: 'query', label: 'unknown', split: null, defect: null },
  excluded: { role: 'excluded', label: 'unknown', split: null, defect: null },
};

/** All images in a plain folder and the folders in it; nothing is known of them but the role they are given. */
export async function planFolder(reader: FolderReader, root: string, role: Role): Promise<PlannedImage[]> {
  const paths = await reader.walk(root);
  return paths.map((path) => unlabelled(path, nameBelow(root, path), role));
}

/** A file chosen by itself is an image whatever its name. */
export function planFile(path: string, role: Role): PlannedImage {
  return unlabelled(path, basename(path).normalize('NFC'), role);
}

function unlabelled(path: string, name: string, role: Role): PlannedImage {
  const nothing = { label: 'unknown', split: null, defect: null, patient: null, maskPaths: [] } as const;
  return { path, name, role, ...nothing, mask: 'unknown' };
}

/**
 * A folder whose inner folders a person gave their meanings. A folder without one has that of the folder around it;
 * abnormal and query images find their masks by their stem in the folders of masks, the nearest first.
 */
export async function planMapped(
  reader: FolderReader,
  root: string,
  mapping: FolderMapping,
  role: Role,
): Promise<PlannedImage[]> {
  const paths = await reader.walk(root);
  const meaningOf = new Map(paths.map((path) => [path, meaning(mapping, folderOf(root, path))]));
  const masks = masksByStem(paths.filter((path) => meaningOf.get(path) === 'masks'));
  return paths.flatMap((path) => {
    const said = meaningOf.get(path);
    if (said === 'masks' || said === 'skip') return [];
    if (said === undefined) return [unlabelled(path, nameBelow(root, path), role)];
    const candidates = (masks.get(stemOf(path)) ?? []).toSorted((a, b) => shared(path, b) - shared(path, a));
    const defect = said === 'abnormal' ? defectOf(folderOf(root, path)) : null;
    return [planned(root, path, { ...verdicts[said], defect }, candidates.slice(0, 1))];
  });
}

export const folderOf = (root: string, path: string): string => nameBelow(root, dirname(path));

/** The innermost folder that was given a meaning decides. */
function meaning(mapping: FolderMapping, folder: string): FolderMeaning | undefined {
  for (let at = folder; ; at = at.includes('/') ? at.slice(0, at.lastIndexOf('/')) : '') {
    if (Object.hasOwn(mapping, at)) return mapping[at];
    if (at === '') return undefined;
  }
}

const defectOf = (folder: string): string | null => folder.split('/').at(-1) || null;

/** How many folder names, from the innermost outwards and without the one that says "mask", two paths share. */
function shared(a: string, b: string): number {
  const names = new Set(dirname(a).split(/[\\/]/));
  return dirname(b)
    .split(/[\\/]/)
    .filter((name) => names.has(name)).length;
}

const guesses: readonly (readonly [RegExp, FolderMeaning])[] = [
  [/^(masks?|labels?|ground_?truth|gt|anomaly_?masks?|segmentations?|annotations?)$/i, 'masks'],
  [
    /^(abnormal|anomal(y|ies|ous)|bad|ng|nok|defects?|defective|lesions?|ungood|tumou?rs?|fail(ed)?)$/i,
    'abnormal',
  ],
  [/^(train(ing)?|normals?|good|ok|healthy|references?|golden|pass(ed)?)$/i, 'normal'],
];

/**
 * What a folder's name says its images are, the innermost telling name first; good images below `test` are queries.
 * @returns undefined where it says nothing
 */
export function guessMeaning(folder: string): FolderMeaning | undefined {
  const names = folder.split('/');
  for (const name of names.toReversed()) {
    const found = guesses.find(([pattern]) => pattern.test(name))?.[1];
    if (found === 'normal' && names.some((outer) => /^(test|valid(ation)?|val|query|queries)$/i.test(outer)))
      return 'normal-query';
    if (found !== undefined) return found;
  }
  return undefined;
}
