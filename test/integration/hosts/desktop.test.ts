/** The built desktop host, run on Node with a stand-in for Electron: what it asks of Electron, and what it refuses. */
import { mkdtempSync, readFileSync, writeFileSync, mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { channels } from '../../../src-preload/channels.ts';
import { startDesktop, type Desktop } from '../../support/electron-stand-in/desktop.ts';

const folder = mkdtempSync(join(tmpdir(), 'nidus-desktop-'));
const stateFile = join(folder, 'user/userData/window.json');
const args = ['--workspace', join(folder, 'workspace'), `--user-data-dir=${join(folder, 'user')}`];
const picture = join(folder, 'picture.png');

let desktop: Desktop;
beforeAll(async () => {
  mkdirSync(join(stateFile, '..'), { recursive: true });
  const bounds = { x: 100, y: 80, width: 1500, height: 900 };
  writeFileSync(stateFile, JSON.stringify({ bounds, maximised: true }));
  desktop = await startDesktop([...args, picture]);
  await desktop.until('load');
}, 180_000);
afterAll(async () => {
  await desktop?.quit();
  await rm(folder, { recursive: true, force: true });
});

const firstCall = async (name: string) => (await desktop.asked(name))[0];

async function rpc<T>(call: string, input?: unknown): Promise<T> {
  const { body } = await desktop.does('fetch', `nidus://app/rpc/${call}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ json: input }),
  });
  return JSON.parse(body).json;
}

describe('the scheme', () => {
  test('is a real and secure origin that cannot go round the policy', async () => {
    expect(await desktop.asked('schemes')).toEqual([
      [
        [
          {
            scheme: 'nidus',
            privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true },
          },
        ],
      ],
    ]);
    expect(await firstCall('load')).toEqual(['nidus://app/']);
  });

  test('serves the window under the strict policy', async () => {
    const { status, headers, body } = await desktop.does('fetch', 'nidus://app/');
    expect(status).toBe(200);
    expect(headers['content-type']).toContain('text/html');
    expect(body).toContain('<div id="app">');
    expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self';");
    expect(headers['content-security-policy']).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline/);
    expect(headers['x-content-type-options']).toBe('nosniff');
    const script = /src="\.?(\/assets\/[^"]+\.js)"/.exec(body)?.[1] ?? '';
    const { headers: ofScript } = await desktop.does('fetch', `nidus://app${script}`);
    expect(ofScript['content-type']).toContain('text/javascript');
  });

  test('serves the application, and nothing under another name', async () => {
    expect(await rpc('system/info')).toMatchObject({ host: 'desktop', workspace: join(folder, 'workspace') });
    for (const address of ['nidus://other/', 'nidus://app.example/', 'nidus://app:80/', 'nidus://x/app/']) {
      expect(await desktop.does('fetch', address)).toMatchObject({ status: 404, body: 'Not found\n' });
    }
  });
});

describe('the window', () => {
  test('is sandboxed, isolated and without Node', async () => {
    expect(await desktop.asked('sandbox')).toHaveLength(1);
    expect(await firstCall('window')).toMatchObject([
      {
        show: false,
        backgroundColor: '#0b0d10',
        webPreferences: {
          preload: expect.stringMatching(/out[/\\]preload[/\\]bridge\.cjs$/),
          sandbox: true,
          contextIsolation: true,
          nodeIntegration: false,
          nodeIntegrationInWorker: false,
          nodeIntegrationInSubFrames: false,
          webSecurity: true,
          allowRunningInsecureContent: false,
          experimentalFeatures: false,
          webviewTag: false,
          spellcheck: false,
        },
      },
    ]);
    expect(JSON.stringify(await firstCall('window'))).not.toContain('enableBlinkFeatures');
    // No switch that takes protection away.
    expect(await desktop.asked('switch')).toEqual([['enable-unsafe-swiftshader']]);
  });

  test('opens where it was, when it is painted, and is remembered when it closes', async () => {
    expect(await firstCall('window')).toMatchObject([{ x: 100, y: 80, width: 1500, height: 900 }]);
    expect(await desktop.asked('show')).toEqual([]);
    await desktop.does('windowEvent', 'ready-to-show');
    expect(await desktop.asked('maximize')).toHaveLength(1);
    expect(await desktop.asked('show')).toHaveLength(1);

    await desktop.does('windowEvent', 'close');
    expect(JSON.parse(readFileSync(stateFile, 'utf8'))).toEqual({
      bounds: { x: 40, y: 50, width: 1400, height: 900 },
      maximised: true,
    });
  });

  test('stays on the application', async () => {
    for (const url of ['https://example.com/', 'nidus://other/', 'file:///etc/passwd', 'javascript:0']) {
      expect(await desktop.does('pageEvent', 'will-navigate', { url })).toBe(true);
      expect(await desktop.does('pageEvent', 'will-redirect', { url })).toBe(true);
    }
    expect(await desktop.does('pageEvent', 'will-navigate', { url: 'nidus://app/studies' })).toBe(false);
    expect(await desktop.does('pageEvent', 'will-frame-navigate', { isMainFrame: false })).toBe(true);
    expect(await desktop.does('pageEvent', 'will-attach-webview', {})).toBe(true);
  });

  test('opens no other window; the system browser gets https links to known sites alone', async () => {
    const opened = ['https://arxiv.org/abs/2104.14294', 'https://github.com/facebookresearch/dinov2'];
    const refused = [
      'http://arxiv.org/',
      'https://arxiv.org.example/',
      'https://me:secret@github.com/',
      'https://github.com:8443/',
      'file:///bin/sh',
      'ms-settings:about',
      'nidus://app/',
    ];
    for (const url of [...opened, ...refused]) {
      expect(await desktop.does('open', url)).toEqual({ action: 'deny' });
    }
    expect(await desktop.asked('open-external')).toEqual(opened.map((url) => [url]));
  });

  test('is granted nothing but copying text', async () => {
    for (const permission of [
      'media',
      'geolocation',
      'notifications',
      'clipboard-read',
      'openExternal',
      'usb',
    ]) {
      expect(await desktop.does('permission', permission)).toEqual([false, false, false]);
    }
    expect(await desktop.does('permission', 'clipboard-sanitized-write')).toEqual([true, true, false]);
  });

  test('has no network', async () => {
    for (const url of [
      'https://example.com/',
      'http://127.0.0.1/',
      'ws://localhost/',
      'file:///etc/passwd',
    ]) {
      expect(await desktop.does('beforeRequest', url)).toEqual({ cancel: true });
    }
    for (const url of ['nidus://app/pixels/1', 'blob:nidus://app/1', 'data:image/png;base64,AA==']) {
      expect(await desktop.does('beforeRequest', url)).toEqual({ cancel: false });
    }
  });

  test('downloads only what the application made', async () => {
    expect(await desktop.does('download', 'nidus://app/reports/1.pdf')).toBe(false);
    expect(await desktop.does('download', 'blob:nidus://app/0b9e')).toBe(false);
    expect(await desktop.does('download', 'https://example.com/setup.exe')).toBe(true);
  });

  test('is loaded again when it dies, and asks when it dies again', async () => {
    const death = { reason: 'crashed', exitCode: 5 };
    await desktop.does('pageEvent', 'render-process-gone', death);
    expect(await desktop.asked('reload')).toHaveLength(1);
    expect(await desktop.asked('message-box')).toHaveLength(0);
    await desktop.does('pageEvent', 'render-process-gone', death);
    expect(JSON.stringify(await firstCall('message-box'))).toContain('Reason: crashed, exit code 5.');
  });
});

describe('the bridge', () => {
  const own = 'nidus://app/studies';

  test('answers the page itself', async () => {
    expect(await desktop.does('invoke', channels.chooseFiles, own)).toEqual(['/chosen/by/a/person']);
    expect(await desktop.does('invoke', channels.chooseFolder, own)).toEqual(['/chosen/by/a/person']);
    expect(await desktop.asked('open-dialog')).toEqual([
      [{ properties: ['openFile', 'multiSelections'] }],
      [{ properties: ['openDirectory'] }],
    ]);
  });

  test('answers nobody else', async () => {
    for (const [url, inFrame] of [
      ['https://example.com/', false],
      ['nidus://other/', false],
      [own, true],
    ] as const) {
      await expect(desktop.does('invoke', channels.chooseFiles, url, inFrame)).rejects.toThrow(
        'not for this page',
      );
    }
    expect(await desktop.asked('open-dialog')).toHaveLength(2);
  });

  test('hands over what Nidus was started with once the page listens', async () => {
    await desktop.does('message', channels.listening, 'https://example.com/');
    expect(await desktop.asked('send')).toEqual([]);
    await desktop.does('message', channels.listening, own);
    expect(await desktop.asked('send')).toEqual([[channels.command, 'import.paths', [picture]]]);
  });

  test('a second start ends, and the first window comes forward with its paths', async () => {
    const second = await startDesktop([...args, '--stand-in-lock=taken', picture]);
    expect(await second.ended).toBe(0);

    expect(await firstCall('lock')).toEqual([{ paths: [picture] }]);
    await desktop.does('appEvent', 'second-instance', [], folder, { paths: ['/other.png'] });
    expect(await desktop.asked('focus')).toHaveLength(1);
    expect((await desktop.asked('send')).at(-1)).toEqual([channels.command, 'import.paths', ['/other.png']]);
  });
});

test('the menu speaks in command ids and roles', async () => {
  const menu = JSON.stringify(await firstCall('menu'));
  for (const words of [
    'Import images…',
    'Export report…',
    '"role":"editMenu"',
    '"role":"zoomIn"',
    'Show the keys',
  ]) {
    expect(menu).toContain(words);
  }
});

test('the engine is a utility process with a name; while it works the machine stays awake', async () => {
  const images = join(folder, 'images');
  mkdirSync(images);
  for (const level of [40, 120, 200]) {
    const background = { r: level, g: level, b: level };
    const picture = sharp({ create: { width: 64, height: 48, channels: 3, background } });
    await picture.png().toFile(join(images, `${level}.png`));
  }
  await rpc('imports/start', { paths: [images], layout: 'auto', role: 'normal', study: { name: 'Greys' } });
  await desktop.until('may-sleep');

  expect(await rpc('studies/list')).toMatchObject([{ name: 'Greys', counts: { normal: 3 } }]);
  expect(await desktop.asked('utility')).toEqual([['Nidus engine']]);
  expect(await desktop.asked('keep-awake')).toEqual([['prevent-app-suspension']]);
  const shares = (await desktop.asked('progress')).flat();
  expect(Number(shares[0])).toBeGreaterThanOrEqual(0);
  expect(shares.at(-1)).toBe(-1);
});

test('quitting closes the workspace first and leaves nothing behind', async () => {
  expect(await desktop.quit()).toBe(0);
});

test('a workspace that cannot be opened is said once, and the host ends', async () => {
  const notAFolder = join(folder, 'file');
  writeFileSync(notAFolder, 'not a folder');
  const failing = await startDesktop(['--workspace', notAFolder, `--user-data-dir=${join(folder, 'user2')}`]);
  expect(await failing.ended).toBe(3);
});
