import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { watch as watchFiles, type FSWatcher } from 'chokidar';
import type { Role, StudyId } from '#shared/domain.ts';
import { Failure, toFailure } from '#shared/errors.ts';
import type { RunSettings } from '#shared/settings.ts';
import type { WatchedFolder, WatchedFolderId } from '#shared/watch.ts';
import type { JobQueue } from '#main/jobs/job-queue.ts';
import type { RunService } from '#main/runs/run-service.ts';
import type { SeenFile, StoredWatch } from '#main/workspace/repositories/watched-folders.ts';
import type { Workspace } from '#main/workspace/workspace.ts';
import { type Arriving, arrivalsAmong } from './arrivals.ts';
import type { ImportService } from './import-service.ts';

/** Milliseconds a file must stay the same before it counts as written. */
const settleTime = 1500;
/** Milliseconds after which a folder is looked at even when the system said nothing: network drives do not. */
const slowLook = 60_000;

interface OpenWatch {
  readonly files: FSWatcher;
  arriving: ReadonlyMap<string, Arriving>;
  problem: string | null;
  timer: NodeJS.Timeout | undefined;
  /** The look under way; another waits for it. */
  looking: Promise<void>;
}

/** Brings what arrives in watched folders into their studies, and scores it. */
export function watchService(
  workspace: Workspace,
  imports: ImportService,
  runs: RunService,
  jobs: JobQueue,
  changed: (study: StudyId) => void,
) {
  const { watchedFolders, images } = workspace;
  const open = new Map<WatchedFolderId, OpenWatch>();
  let closed = false;

  const sizes = async (paths: readonly string[]): Promise<SeenFile[]> => {
    const found = await Promise.all(
      paths.map(async (path) => {
        const file = await stat(path).catch(() => null);
        return file ? [{ path, size: file.size, modified: file.mtimeMs }] : [];
      }),
    );
    return found.flat();
  };

  /** Imports those of the folder's images that are new and whole. @returns what is still arriving */
  const take = async (
    folder: StoredWatch,
    before: ReadonlyMap<string, Arriving>,
    settle: number,
  ): Promise<ReadonlyMap<string, Arriving>> => {
    const plan = await imports.planFolder(folder.path, folder.role);
    const files = await sizes(plan.items.map(({ path }) => path));
    const seen = watchedFolders.seen(folder.id);
    const { ready, arriving } = arrivalsAmong(files, seen, before, Date.now(), settle);
    if (ready.length > 0) {
      const wanted = new Set(ready.map(({ path }) => path));
      const { jobId } = imports.startPlanned(
        { ...plan, items: plan.items.filter(({ path }) => wanted.has(path)) },
        { id: folder.studyId },
        {
          along(job) {
            for (const file of ready) watchedFolders.see(folder.id, file, job);
          },
        },
      );
      jobs.wake();
      await jobs.ended(jobId);
      changed(folder.studyId);
    }
    return arriving;
  };

  /** Scores the study's query images that the folder's run does not know yet. */
  const score = async (id: WatchedFolderId): Promise<void> => {
    const { settings, runId, studyId } = watchedFolders.get(id);
    if (settings === null || images.ofRole(studyId, 'query').length === 0) return;
    if (runId === null) {
      const run = runs.start(studyId, settings);
      watchedFolders.setRun(id, run.id);
      jobs.wake();
      const job = workspace.runs.jobOf(run.id);
      if (job !== undefined) await jobs.ended(job);
    } else {
      const job = workspace.runs.jobOf(runId);
      if (job === undefined) return;
      await jobs.ended(job);
      if (runs.extend(runId) === 0) return;
      jobs.resume(job);
      await jobs.ended(job);
    }
    changed(studyId);
  };

  const look = async (id: WatchedFolderId, state: OpenWatch): Promise<void> => {
    if (closed || open.get(id) !== state) return;
    clearTimeout(state.timer);
    // It goes with its study.
    if (!watchedFolders.list().some((folder) => folder.id === id)) return end(id);
    const before = state.problem;
    try {
      state.arriving = await take(watchedFolders.get(id), state.arriving, settleTime);
      await score(id);
      state.problem = null;
    } catch (error) {
      if (closed || open.get(id) !== state) return;
      state.problem = toFailure(error).message;
    }
    if (closed || open.get(id) !== state) return;
    if (state.problem !== before) changed(watchedFolders.get(id).studyId);
    const wait = state.arriving.size > 0 ? settleTime : slowLook;
    state.timer = setTimeout(() => request(id, state), wait);
    // A look that is still to come must not keep a command from ending.
    state.timer.unref();
  };

  const request = (id: WatchedFolderId, state: OpenWatch): void => {
    state.looking = state.looking.then(() => look(id, state));
  };

  const begin = ({ id, path }: StoredWatch): void => {
    const files = watchFiles(path, { ignoreInitial: true, ignorePermissionErrors: true });
    const state: OpenWatch = {
      files,
      arriving: new Map(),
      problem: null,
      timer: undefined,
      looking: Promise.resolve(),
    };
    open.set(id, state);
    let soon: NodeJS.Timeout | undefined;
    files.on('all', () => {
      clearTimeout(soon);
      soon = setTimeout(() => request(id, state), 200);
      soon.unref();
    });
    files.on('error', (error) => (state.problem = toFailure(error).message));
    request(id, state);
  };

  const end = async (id: WatchedFolderId): Promise<void> => {
    const state = open.get(id);
    open.delete(id);
    clearTimeout(state?.timer);
    await state?.files.close();
  };

  const describe = (stored: StoredWatch): WatchedFolder => {
    const outcomes = watchedFolders.outcomes(stored.id);
    const count = (wanted: string) => outcomes.filter(({ state }) => state === wanted).length;
    const { settings, ...watch } = stored;
    return {
      ...watch,
      scores: settings !== null,
      imported: count('imported'),
      unchanged: count('unchanged'),
      failed: outcomes.flatMap(({ name, state, reason }) =>
        state === 'failed' ? [{ name, reason: reason ?? '' }] : [],
      ),
      problem: open.get(stored.id)?.problem ?? null,
    };
  };

  return {
    /** Takes up the folders that were watched when the application ended. */
    start(): void {
      for (const folder of watchedFolders.list()) if (folder.active) begin(folder);
    },
    list: (study: StudyId): WatchedFolder[] =>
      watchedFolders
        .list()
        .filter(({ studyId }) => studyId === study)
        .map(describe),
    /** Remembers the folder without watching it yet. @throws Failure('invalid') for what is no folder */
    async register(
      study: StudyId,
      path: string,
      role: Exclude<Role, 'excluded'>,
      settings: RunSettings | null,
    ): Promise<WatchedFolderId> {
      workspace.studies.get(study);
      const folder = resolve(path);
      const found = await stat(folder).catch(() => null);
      if (!found?.isDirectory()) throw new Failure('invalid', `${folder} is not a folder.`);
      const present = watchedFolders.find(study, folder);
      if (present) return present.id;
      return workspace.change('watch folder', { study, role }, () =>
        watchedFolders.create({ studyId: study, path: folder, role, settings }),
      );
    },
    /** @param keep goes on after the next start, too */
    watch(id: WatchedFolderId, keep = true): WatchedFolder {
      if (keep) watchedFolders.setActive(id, true);
      const stored = watchedFolders.get(id);
      if (!open.has(id)) begin(stored);
      changed(stored.studyId);
      return describe(stored);
    },
    async pause(id: WatchedFolderId): Promise<void> {
      const { studyId } = watchedFolders.get(id);
      watchedFolders.setActive(id, false);
      await end(id);
      changed(studyId);
    },
    async remove(id: WatchedFolderId): Promise<void> {
      const { studyId } = watchedFolders.get(id);
      await end(id);
      workspace.change('stop watching folder', { study: studyId }, () => watchedFolders.remove(id));
      changed(studyId);
    },
    /** Takes and scores what lies in the folder now, once. */
    async once(id: WatchedFolderId): Promise<void> {
      await take(watchedFolders.get(id), new Map(), 0);
      await score(id);
    },
    describe: (id: WatchedFolderId): WatchedFolder => describe(watchedFolders.get(id)),
    async close(): Promise<void> {
      closed = true;
      await Promise.all([...open.keys()].map(end));
    },
  };
}

export type WatchService = ReturnType<typeof watchService>;
