import { spawn } from 'node:child_process';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

export const projectRoot = join(import.meta.dirname, '../..');

const sources = ['src-main', 'src-engine', 'src-shared', 'src-preload', 'src-renderer'];
const outputs = [
  'out/main/electron.js',
  'out/main/engine.js',
  'out/preload/bridge.cjs',
  'out/renderer/index.html',
];
const lock = join(projectRoot, 'node_modules/.cache/nidus-build.lock');
const lockOutlives = 5 * 60_000;

/** Builds `out/` unless it is newer than every source. Test files that run at the same time build it once. */
export async function ensureBuilt(): Promise<void> {
  if (await isFresh()) return;
  await locked(async () => {
    if (!(await isFresh())) await build();
  });
}

async function isFresh(): Promise<boolean> {
  const built = await Promise.all(outputs.map((name) => modified(join(projectRoot, name))));
  const oldest = Math.min(...built.map((time) => time ?? 0));
  const names = await Promise.all(
    sources.map(async (folder) =>
      (await readdir(join(projectRoot, folder), { recursive: true })).map((name) => join(folder, name)),
    ),
  );
  const times = await Promise.all(
    [...names.flat(), 'electron.vite.config.ts', 'package.json'].map((name) =>
      modified(join(projectRoot, name)),
    ),
  );
  return times.every((time) => time === null || time < oldest);
}

function build(): Promise<void> {
  const script = join(projectRoot, 'node_modules/electron-vite/bin/electron-vite.js');
  const child = spawn(process.execPath, [script, 'build'], {
    cwd: projectRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`electron-vite build ended with code ${code}:\n${output}`));
    });
  });
}

async function locked(work: () => Promise<void>): Promise<void> {
  await mkdir(join(lock, '..'), { recursive: true });
  for (;;) {
    try {
      await mkdir(lock);
      break;
    } catch {
      const since = await modified(lock);
      if (since !== null && Date.now() - since > lockOutlives)
        await rm(lock, { recursive: true, force: true });
      else await wait(200);
    }
  }
  try {
    await work();
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}

/** Milliseconds since the epoch; null when there is no such file. */
async function modified(path: string): Promise<number | null> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => null,
  );
}
