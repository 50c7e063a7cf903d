/** `npm start` where no window can be opened. The renderer must be built, as the npm script does first. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureBuilt, projectRoot } from '../../support/built.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nidus-start-'));
  await ensureBuilt();
}, 180_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ...withoutDisplay } = process.env;

function start(args: readonly string[], env: NodeJS.ProcessEnv = withoutDisplay) {
  const script = join(projectRoot, 'src-main/hosts/start.ts');
  const child = spawn(process.execPath, [script, '--workspace', join(folder, 'workspace'), ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  const served = new Promise<string>((resolve) => {
    child.stdout.on('data', (text) => {
      output.stdout += text;
      const last = output.stdout.trimEnd().split('\n').at(-1) ?? '';
      if (output.stdout.endsWith('\n') && last.startsWith('http://')) resolve(last);
    });
  });
  child.stderr.on('data', (text) => (output.stderr += text));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, output, ended, served: Promise.race([served, ended.then(() => output.stderr)]) };
}

/** Uses the address as a browser would; the result asks as that browser. */
async function open(address: string) {
  const welcome = await fetch(address, { redirect: 'manual' });
  const cookie = (welcome.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? '';
  const { origin } = new URL(address);
  const headers = { cookie, origin, 'content-type': 'application/json' };
  return (path: string, init: RequestInit = {}) => fetch(new URL(path, origin), { ...init, headers });
}

describe.runIf(process.platform === 'linux')('without a display', () => {
  test('one line says why, the last one is the address, and the application is there', async () => {
    const { child, output, served, ended } = start([]);
    const address = await served;
    expect(output.stdout.trimEnd().split('\n')).toEqual([
      'There is no display here. Nidus opens in the browser instead.',
      address,
    ]);
    expect(output.stderr).not.toContain('Fetching');

    const browser = await open(address);
    const front = await browser('/');
    expect(front.status).toBe(200);
    expect(await front.text()).toContain('<div id="app">');

    const events = await browser('/rpc/events/subscribe', { method: 'POST', body: '{}' });
    expect(events.headers.get('content-type')).toContain('text/event-stream');
    const first = await events.body?.pipeThrough(new TextDecoderStream()).getReader().read();
    expect(first?.value).toContain('"type":"engine"');

    // With a page still listening.
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  }, 60_000);
});

test('--browser serves at once and says only the address', async () => {
  const { child, output, served, ended } = start(['--browser', '--port', '0'], process.env);
  const address = await served;
  expect(output.stdout).toBe(`${address}\n`);
  child.kill('SIGINT');
  expect(await ended).toBe(0);
}, 60_000);

test('an option that makes no sense is one sentence', async () => {
  const { output, ended } = start(['--browser', '--port', 'eighty']);
  expect(await ended).toBe(1);
  expect(output).toEqual({ stdout: '', stderr: '--port takes a number up to 65535, not eighty.\n' });
});
