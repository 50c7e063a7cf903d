/** Where Electron's program is, and how it gets there: its package brings the program at the first start, not at install. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface FetchLimits {
  /** Milliseconds without a new byte. */
  readonly idle: number;
  /** Milliseconds altogether. */
  readonly total: number;
}

export type ElectronBinary =
  | { readonly path: string }
  | { readonly missing: true }
  | { readonly reason: string };

const packageFolder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
export const electronInstaller = join(packageFolder, 'install.js');

/** The same rules as electron/index.js, which would start a download without any limit when it is imported. */
export function findElectron(environment: NodeJS.ProcessEnv = process.env): ElectronBinary {
  const executable = readIfThere(join(packageFolder, 'path.txt'));
  const override = environment.ELECTRON_OVERRIDE_DIST_PATH;
  if (override) {
    const path = join(override, executable ?? 'electron');
    return existsSync(path) ? { path } : { reason: `ELECTRON_OVERRIDE_DIST_PATH has no ${path}.` };
  }
  if (executable === null) return { missing: true };
  const path = join(packageFolder, 'dist', executable);
  return existsSync(path) ? { path } : { missing: true };
}

/**
 * Runs Electron's own installer (it knows mirrors, proxies, checksums and the cache) as long as it gets on.
 *
 * @param report is told the bytes that have arrived, about once a second.
 * @returns null when it is done, else one sentence that says why not.
 */
export async function fetchElectron(
  limits: FetchLimits,
  report: (bytes: number) => void,
  installer: string = electronInstaller,
): Promise<string | null> {
  // The installer says nothing of its progress, so it gets a folder of its own for temporary files, which can be watched.
  const scratch = await mkdtemp(join(tmpdir(), 'nidus-electron-'));
  const child = spawn(process.execPath, [installer], {
    env: { ...process.env, TMPDIR: scratch, TMP: scratch, TEMP: scratch, ELECTRON_GET_NO_PROGRESS: '1' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', resolve);
    child.once('error', () => resolve(null));
  });

  const started = performance.now();
  let bytes = 0;
  let lastProgress = started;
  let stopped: string | null = null;
  const watch = setInterval(
    async () => {
      const arrived = (await bytesIn(scratch)) + (await bytesIn(join(packageFolder, 'dist')));
      const now = performance.now();
      if (arrived !== bytes) {
        bytes = arrived;
        lastProgress = now;
        report(bytes);
      }
      if (now - lastProgress > limits.idle) stopped = 'nothing arrived for a while';
      else if (now - started > limits.total) stopped = 'the connection is too slow';
      if (stopped !== null) child.kill('SIGKILL');
    },
    Math.min(1000, limits.idle / 10),
  );
  const code = await ended;
  clearInterval(watch);
  await rm(scratch, { recursive: true, force: true });

  if (code === 0) return null;
  const why = stopped ?? /Error: (.+)/.exec(complaint)?.[1] ?? `its installer ended with code ${code}`;
  return `Electron could not be fetched (${why}).`;
}

async function bytesIn(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = names.map((name) =>
    stat(join(folder, name)).then(
      (entry) => (entry.isFile() ? entry.size : 0),
      () => 0,
    ),
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

function readIfThere(file: string): string | null {
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}
