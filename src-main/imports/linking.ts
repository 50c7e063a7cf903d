import { sep } from 'node:path';
import type { ImportRequest } from '#shared/contract/imports.ts';
import type { PlannedImport } from './layouts/planned.ts';

/** Why the files of a plan cannot stay where they are, in a sentence; null where they can. */
export function reasonToCopy(
  { items }: PlannedImport,
  { slices }: ImportRequest,
  incoming: string,
): string | null {
  if (items.some(({ path }) => path.startsWith(incoming + sep)))
    return 'Files that were uploaded or unpacked from an archive are copied: nothing else holds on to them.';
  const hides = slices?.deidentify ?? true;
  if (hides && items.some(({ slice }) => slice?.source.kind === 'dicom'))
    return 'De-identified DICOM files are copied: a link would keep the name of the file and lead to whom it is of.';
  return null;
}
