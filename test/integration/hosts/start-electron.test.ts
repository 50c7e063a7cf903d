import { mkdtempSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { startArguments } from '#main/hosts/electron/start-arguments.ts';
import { displayProblem, runDesktop } from '#main/hosts/start/desktop.ts';
import { fetchElectron, findElectron } from '#main/hosts/start/electron-binary.ts';

const folder = mkdtempSync(join(tmpdir(), 'nidus-electron-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

test('which machines have no window', () => {
  expect(displayProblem({}, 'linux', 1000)).toBe('There is no display here.');
  expect(displayProblem({ DISPLAY: ':0' }, 'linux', 1000)).toBeNull();
  expect(displayProblem({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux', 1000)).toBeNull();
  expect(displayProblem({ DISPLAY: ':0' }, 'linux', 0)).toContain('root');
  expect(displayProblem({}, 'darwin', 501)).toBeNull();
  expect(displayProblem({}, 'win32', undefined)).toBeNull();
});

describe('fetching Electron', () => {
  const limits = { idle: 2000, total: 10_000 };
  const installer = async (code: string) => {
    const path = join(folder, `installer-${code.length}.cjs`);
    await writeFile(path, code);
    return path;
  };

  test('bytes are reported while they arrive', async () => {
    const reported: number[] = [];
    const writes = `const file = require('node:path').join(require('node:os').tmpdir(), 'electron.zip');
      let i = 0;
      const timer = setInterval(() => {
        require('node:fs').appendFileSync(file, Buffer.alloc(1000));
        if (++i === 8) clearInterval(timer);
      }, 100);`;
    expect(await fetchElectron(limits, (bytes) => reported.push(bytes), await installer(writes))).toBeNull();
    expect(reported.length).toBeGreaterThan(1);
    expect(reported).toEqual(reported.toSorted((a, b) => a - b));
  });

  test('an installer that fails is one sentence with its reason', async () => {
    const fails = `console.error(new TypeError('fetch failed').stack); process.exit(1);`;
    expect(await fetchElectron(limits, () => {}, await installer(fails))).toBe(
      'Electron could not be fetched (fetch failed).',
    );
  });

  test('an installer that does not get on is ended', async () => {
    const began = performance.now();
    expect(await fetchElectron(limits, () => {}, await installer('setTimeout(() => {}, 60_000);'))).toBe(
      'Electron could not be fetched (nothing arrived for a while).',
    );
    expect(performance.now() - began).toBeLessThan(8000);
  });

  test('a folder named by ELECTRON_OVERRIDE_DIST_PATH is used, or named when Electron is not in it', async () => {
    expect(findElectron({ ELECTRON_OVERRIDE_DIST_PATH: folder })).toEqual({
      reason: expect.stringContaining(`ELECTRON_OVERRIDE_DIST_PATH has no ${folder}`),
    });
  });
});

describe('starting Electron', () => {
  test('a program that ends at once is one sentence, so that the browser can take over', async () => {
    expect(await runDesktop(process.execPath, ['-e', 'process.exit(127)'])).toEqual({
      reason: 'Electron ended at once (exit code 127).',
    });
    expect(await runDesktop(join(folder, 'missing'), [])).toEqual({
      reason: expect.stringContaining('Electron could not be started'),
    });
  });

  test('a window that was closed, or has said why it cannot go on, is the end', async () => {
    expect(await runDesktop(process.execPath, ['-e', ''])).toEqual({ exitCode: 0 });
    expect(await runDesktop(process.execPath, ['-e', 'process.exit(3)'])).toEqual({ exitCode: 3 });
  });

  test('arguments for Nidus are told from switches for Chromium', () => {
    const argv = ['--inspect=0', '/project', '--user-data-dir=/tmp/x', '--workspace', 'here', 'a.png'];
    expect(startArguments(argv, '/home', '/project')).toEqual({
      workspaceFolder: '/home/here',
      paths: ['/home/a.png'],
    });
  });
});
