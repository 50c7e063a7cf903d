import { z } from 'zod';
import { Role, StudyId } from '../domain.ts';
import { RunSettings } from '../settings.ts';
import { WatchedFolder, WatchedFolderId } from '../watch.ts';
import { call } from './base.ts';

export const watches = {
  list: call.input(z.object({ studyId: StudyId })).output(z.array(WatchedFolder)),
  /** Watches a folder on the machine Nidus runs on, also after the next start, until told otherwise. */
  add: call
    .input(
      z.object({
        studyId: StudyId,
        path: z.string().min(1),
        role: Role.exclude(['excluded']),
        /** What new query images are scored with; null only imports. */
        settings: RunSettings.nullable(),
      }),
    )
    .output(WatchedFolder),
  setActive: call.input(z.object({ id: WatchedFolderId, active: z.boolean() })).output(z.void()),
  /** Stops watching; what was imported stays. */
  remove: call.input(z.object({ id: WatchedFolderId })).output(z.void()),
};
