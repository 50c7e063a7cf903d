import type { DataSet } from 'dicom-parser';
import { items, tags } from './attributes.ts';

/**
 * Where the attributes of one frame stand (PS3.3 C.7.6.16): in its own functional group, in the one all frames share, or,
 * in a file of the classic kind, in the data set itself.
 */
export function frameGroup(root: DataSet, frame: number, macro: string): DataSet {
  const own = perFrame(root)[frame];
  const shared = items(root, tags.sharedGroups)[0];
  return (own && items(own, macro)[0]) ?? (shared && items(shared, macro)[0]) ?? root;
}

/** Asked for every frame, so looked up once a file. */
const known = new WeakMap<DataSet, DataSet[]>();

function perFrame(root: DataSet): DataSet[] {
  let groups = known.get(root);
  if (!groups) known.set(root, (groups = items(root, tags.perFrameGroups)));
  return groups;
}
