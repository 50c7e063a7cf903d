import type { Run } from '#shared/results.ts';

export interface UsedReferenceSet {
  readonly version: number;
  readonly size: number;
  /** Runs that took it, newest first. */
  readonly runs: readonly Run[];
}

/** The frozen reference sets of a study as its runs tell them, newest version first. */
export function usedReferenceSets(runs: readonly Run[]): UsedReferenceSet[] {
  const used = runs.flatMap((run) => (run.referenceSet ? [{ run, set: run.referenceSet }] : []));
  const byVersion = Map.groupBy(used, ({ set }) => set.version);
  return [...byVersion]
    .map(([version, group]) => ({
      version,
      size: group[0]?.set.size ?? 0,
      runs: group.map(({ run }) => run).sort((a, b) => b.id - a.id),
    }))
    .sort((a, b) => b.version - a.version);
}
