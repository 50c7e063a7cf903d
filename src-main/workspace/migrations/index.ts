import { foundation } from './0001-foundation.ts';
import { openKinds } from './0002-open-kinds.ts';
import { acquisitions } from './0003-acquisitions.ts';
import { modelRecords } from './0004-models.ts';
import { importMasks } from './0005-import-masks.ts';
import { rawScores } from './0006-raw-scores.ts';
import { adapters } from './0007-adapters.ts';
import { annotations } from './0008-annotations.ts';
import { normalSet } from './0009-normal-set.ts';
import { watchedFolders } from './0010-watched-folders.ts';
import { evaluations } from './0011-evaluations.ts';
import { calibrations } from './0012-calibrations.ts';
import { importLinks } from './0013-import-links.ts';
import { overlays } from './0014-overlays.ts';
import { pendingItems } from './0015-pending-items.ts';
import { measurements } from './0016-measurements.ts';
import { sweepParts } from './0017-sweep-parts.ts';
import { windowCurves } from './0018-window-curves.ts';
import { jobCounts } from './0019-job-counts.ts';
import type { Migration } from './migration.ts';

/** In order; the database's `user_version` is the number of those applied. Never edit one that was released. */
export const migrations: readonly Migration[] = [
  foundation,
  openKinds,
  acquisitions,
  modelRecords,
  importMasks,
  rawScores,
  adapters,
  annotations,
  normalSet,
  watchedFolders,
  evaluations,
  calibrations,
  importLinks,
  overlays,
  pendingItems,
  measurements,
  sweepParts,
  windowCurves,
  jobCounts,
];
