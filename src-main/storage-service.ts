import { type Amount, workspaceCleaner } from './workspace/clean-up.ts';
import type { Workspace } from './workspace/workspace.ts';

/** What the workspace takes on the disk, and what of it can go. */
export function storageService(workspace: Workspace) {
  const cleaner = workspaceCleaner(workspace.folders, workspace.blobReferences.all, workspace.jobs.isBusy);
  return {
    measure: cleaner.measure,
    async cleanUp(): Promise<Amount> {
      const reclaimed = await cleaner.reclaim();
      workspace.change('clean up', reclaimed, () => {});
      return reclaimed;
    },
  };
}
