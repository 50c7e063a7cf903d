/** Folders that are watched: what arrives in them comes into a study and is scored. */
import { z } from 'zod';
import { Role, RunId, StudyId } from './domain.ts';

export const WatchedFolderId = z.int().positive().brand<'WatchedFolderId'>();
export type WatchedFolderId = z.infer<typeof WatchedFolderId>;

export const WatchedFolder = z.object({
  id: WatchedFolderId,
  studyId: StudyId,
  path: z.string(),
  /** Of images whose layout does not say it. */
  role: Role.exclude(['excluded']),
  active: z.boolean(),
  /** Whether new query images are scored. */
  scores: z.boolean(),
  /** The run they are scored in; null before the first. */
  runId: RunId.nullable(),
  imported: z.int(),
  /** Files whose picture the study already had. */
  unchanged: z.int(),
  failed: z.array(z.object({ name: z.string(), reason: z.string() })),
  /** Why the folder as a whole cannot be watched or its images not be scored. */
  problem: z.string().nullable(),
});
export type WatchedFolder = z.infer<typeof WatchedFolder>;
