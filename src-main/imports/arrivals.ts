/** Tells files that are still being written from those that are there. Pure: times come from outside. */
import type { SeenFile } from '#main/workspace/repositories/watched-folders.ts';

/** A file that is watched until it stops changing. */
export interface Arriving extends SeenFile {
  /** When it was first seen as it is, in milliseconds. */
  readonly since: number;
}

export interface Arrivals {
  /** New, and unchanged for as long as asked. */
  readonly ready: readonly SeenFile[];
  readonly arriving: ReadonlyMap<string, Arriving>;
}

const isSame = (a: SeenFile | undefined, b: SeenFile): boolean =>
  a?.size === b.size && a.modified === b.modified;

/**
 * Sorts what lies in a folder now.
 * @param seen files that were taken before, as they were then
 * @param before what was arriving at the last look
 * @param settle milliseconds a file must stay the same
 */
export function arrivalsAmong(
  files: readonly SeenFile[],
  seen: ReadonlyMap<string, SeenFile>,
  before: ReadonlyMap<string, Arriving>,
  now: number,
  settle: number,
): Arrivals {
  const ready: SeenFile[] = [];
  const arriving = new Map<string, Arriving>();
  for (const file of files) {
    if (isSame(seen.get(file.path), file)) continue;
    const known = before.get(file.path);
    const since = known && isSame(known, file) ? known.since : now;
    // An empty file has only been opened so far.
    if (now - since >= settle && file.size > 0) ready.push(file);
    else arriving.set(file.path, { ...file, since });
  }
  return { ready, arriving };
}
