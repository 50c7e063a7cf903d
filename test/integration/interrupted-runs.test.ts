import { spawn } from 'node:child_process';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { forkEngine } from '#main/engine/spawn.ts';
import { installation } from '#main/installation.ts';
import { openWorkspace } from '#main/workspace/workspace.ts';
import { defaultSettings } from '#shared/settings.ts';
import { writePhantomSet } from '../support/phantoms.ts';
import { importStudy, openServices } from '../support/services.ts';
import { temporaryFolder } from '../support/temporary.ts';

const settings = { ...defaultSettings, size: 128 };
const queries = 200;

/** Forks engines like the application does, and remembers the one that lives. */
function killableEngine() {
  const fork = forkEngine(join(installation, 'src-engine', 'main.ts'));
  // On a device that was chosen: a trial of devices would start engines of its own.
  let living: ReturnType<typeof fork> | undefined;
  return {
    spawn: () => (living = fork()),
    kill: () => living?.kill(),
  };
}

test(
  'a run of 200 images goes on when the engine is killed in the middle, twice',
  { timeout: 180_000 },
  async () => {
    const folder = await temporaryFolder();
    await writePhantomSet(join(folder, 'set'), { normals: 12, abnormals: queries, size: 96 });
    const engine = killableEngine();
    const services = openServices(join(folder, 'workspace'), engine.spawn, 'cpu');
    const studyId = await importStudy(services, 'phantoms', { paths: [join(folder, 'set')] });

    const run = services.runs.start(studyId, settings);
    services.jobs.wake();
    const stored = () =>
      services.workspace.results.ofRun(run.id).filter(({ outcome }) => outcome.state === 'scored').length;
    for (const until of [40, 120]) {
      await expect.poll(stored, { interval: 20, timeout: 60_000 }).toBeGreaterThan(until);
      engine.kill();
    }
    const job = await services.jobs.ended(services.workspace.runs.jobOf(run.id)!);

    expect(job).toMatchObject({ state: 'finished', done: queries, failed: 0 });
    expect(stored()).toBe(queries);
    expect(services.system.engineStatus().restarts).toBeGreaterThanOrEqual(2);
  },
);

test(
  'a killed application resumes its run at the next start, computing nothing twice',
  { timeout: 180_000 },
  async () => {
    const folder = await temporaryFolder();
    const workspace = join(folder, 'workspace');
    await writePhantomSet(join(folder, 'set'), { normals: 12, abnormals: queries, size: 96 });
    await nidus(['import', join(folder, 'set'), '--study', 'phantoms', '--workspace', workspace]).ended;

    const application = nidus(['run', '--study', 'phantoms', '--size', '128', '--workspace', workspace]);
    await expect.poll(() => scoredIn(workspace), { interval: 200, timeout: 60_000 }).toBeGreaterThan(20);
    application.kill();
    await application.ended;
    const before = scoresOf(workspace);
    expect(before.size).toBeLessThan(queries);

    const resumed = await nidus(['resume', '--workspace', workspace]).ended;
    expect(resumed).toBe(0);
    const after = scoresOf(workspace);
    expect(after.size).toBe(queries);
    // A result that was there is the very row that was there: rows are written once.
    for (const [image, score] of before) expect(after.get(image)).toBe(score);
  },
);

function nidus(parameters: string[]) {
  const child = spawn(process.execPath, [join(installation, 'src-main', 'hosts', 'cli.ts'), ...parameters], {
    stdio: 'ignore',
  });
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
  return { ended, kill: () => child.kill('SIGKILL') };
}

/** Results stored so far, read beside the application that has the workspace open. */
function scoredIn(folder: string): number {
  const db = new Database(join(folder, 'nidus.sqlite'), { readonly: true });
  try {
    return db.prepare<[], number>(`SELECT COUNT(*) FROM result WHERE state = 'scored'`).pluck().get() ?? 0;
  } finally {
    db.close();
  }
}

/** Scores in a workspace that nobody has open. */
function scoresOf(folder: string): Map<number, number> {
  const workspace = openWorkspace(folder);
  try {
    const [run] = workspace.runs.list();
    const results = run ? workspace.results.ofRun(run.id) : [];
    return new Map(
      results.flatMap(({ imageId, outcome }) =>
        outcome.state === 'scored' ? [[imageId, outcome.imageScore] as const] : [],
      ),
    );
  } finally {
    workspace.close();
  }
}
