#!/usr/bin/env node
// The command line runs on the Node that Nidus pins, whatever Node the machine has: plain JavaScript, no build.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..', '..');
const pinned = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
const runtime = existsSync(pinned) ? pinned : process.execPath;

const child = spawn(
  runtime,
  [
    '--disable-warning=ExperimentalWarning',
    join(root, 'src-main', 'hosts', 'cli.ts'),
    ...process.argv.slice(2),
  ],
  {
    stdio: 'inherit',
  },
);
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
// The terminal sends Ctrl+C to both; the child decides when to end.
process.on('SIGINT', () => {});
child.on('error', (error) => {
  console.error(`nidus: ${error.message}`);
  process.exitCode = 1;
});
child.on('exit', (code, signal) => {
  process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
});
