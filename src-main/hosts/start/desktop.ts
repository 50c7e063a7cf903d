import { spawn } from 'node:child_process';
import { exitCodes } from '../exit-codes.ts';
import { fetchElectron, findElectron } from './electron-binary.ts';

/** An Electron that ends by itself within this time, and not by the person's wish, never really started. */
const startingTime = 10_000;
const fetchLimits = { idle: 30_000, total: 120_000 };

/** Why no window can be opened on this machine at all; null when nothing speaks against it. */
export function displayProblem(
  environment: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
  userId: number | undefined,
): string | null {
  if (platform !== 'linux') return null;
  if (!environment.DISPLAY && !environment.WAYLAND_DISPLAY) return 'There is no display here.';
  return userId === 0 ? 'Electron does not run as root, because its sandbox would be off.' : null;
}

/** The program to start, fetched if need be, or one sentence that says why there is none. */
export async function electronProgram(): Promise<{ path: string } | { reason: string }> {
  const found = findElectron();
  if (!('missing' in found)) return found;
  const reason = await fetchElectron(fetchLimits, progressLine());
  if (reason !== null) {
    return { reason: `${reason} \`npx install-electron\` tries again without a time limit.` };
  }
  const fetched = findElectron();
  return 'missing' in fetched ? { reason: 'Electron was fetched, but its program is missing.' } : fetched;
}

/** Bytes on one line of a terminal, or a line every ten seconds in a log. Standard output is kept for the address. */
function progressLine(): (bytes: number) => void {
  const { stderr } = process;
  stderr.write('Fetching Electron: this happens once.\n');
  let nextLine = 0;
  return (bytes) => {
    const text = `  ${(bytes / 1e6).toFixed(0)} MB`;
    if (stderr.isTTY) stderr.write(`\r${text}`);
    else if (performance.now() >= nextLine) {
      nextLine = performance.now() + 10_000;
      stderr.write(`${text}\n`);
    }
  };
}

/**
 * Runs the desktop host until its window is closed.
 *
 * @returns its exit code, or one sentence when it ended before it had really started.
 */
export function runDesktop(
  program: string,
  args: readonly string[],
): Promise<{ exitCode: number } | { reason: string }> {
  // Terminals inside other Electron programs set this; it would make Electron a plain Node.
  const { ELECTRON_RUN_AS_NODE: _, ...environment } = process.env;
  const child = spawn(program, args, { stdio: 'inherit', env: environment });
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      stopping = true;
      child.kill(signal);
    });
  }
  const started = performance.now();
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ reason: `Electron could not be started (${error.message}).` }));
    child.once('exit', (code, signal) => {
      const early = performance.now() - started < startingTime;
      const failed = code !== 0 && code !== exitCodes.saidWhy;
      if (early && failed && !stopping) {
        resolve({ reason: `Electron ended at once (${signal ?? `exit code ${code}`}).` });
      } else resolve({ exitCode: code ?? 1 });
    });
  });
}
