/** The desktop host in Electron itself, where its program is present. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron as electron, expect, test, type ElectronApplication, type Page } from '@playwright/test';
import { displayProblem } from '#main/hosts/start/desktop.ts';
import { findElectron } from '#main/hosts/start/electron-binary.ts';
import { ensureBuilt, projectRoot } from '../support/built.ts';

const binary = findElectron();
const missing =
  'path' in binary
    ? displayProblem(process.env, process.platform, process.getuid?.())
    : 'Electron is not here: `npx install-electron` fetches it.';

// The reason stands in the title, where every reporter shows it.
test.describe(missing === null ? 'in Electron' : `in Electron (skipped: ${missing})`, () => {
  test.skip(missing !== null);

  let folder: string;
  let application: ElectronApplication;
  let page: Page;
  test.beforeAll(async () => {
    test.setTimeout(180_000);
    await ensureBuilt();
    folder = await mkdtemp(join(tmpdir(), 'nidus-electron-'));
    application = await electron.launch({
      args: [
        projectRoot,
        '--workspace',
        join(folder, 'workspace'),
        `--user-data-dir=${join(folder, 'user')}`,
      ],
      ...('path' in binary ? { executablePath: binary.path } : {}),
    });
    page = await application.firstWindow();
  });
  test.afterAll(async () => {
    await application?.close();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  test('the window shows the studies', async () => {
    await expect(page).toHaveURL(/^nidus:\/\/app\//);
    await expect(page.getByRole('heading', { name: 'Studies' })).toBeVisible();
  });

  test('the page has the bridge and neither Node nor Electron', async () => {
    const found = await page.evaluate(() => ({
      bridge: Object.keys(window.nidusDesktop ?? {}).sort(),
      node: ['require', 'process', 'module', 'Buffer'].filter((name) => name in window),
    }));
    expect(found).toEqual({ bridge: ['chooseFiles', 'chooseFolder', 'onCommand', 'pathOf'], node: [] });
  });

  test('the page has no network and WebGL2', async () => {
    const reached = await page.evaluate(() =>
      fetch('https://example.com/').then(
        () => true,
        () => false,
      ),
    );
    expect(reached).toBe(false);
    expect(await page.evaluate(() => new OffscreenCanvas(1, 1).getContext('webgl2') !== null)).toBe(true);
  });

  test('events of the application stream through the scheme', async () => {
    const first = await page.evaluate(async () => {
      const response = await fetch('/rpc/events/subscribe', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{}',
      });
      const reader = response.body?.getReader();
      const { value } = (await reader?.read()) ?? {};
      await reader?.cancel();
      return [response.headers.get('content-type'), new TextDecoder().decode(value)];
    });
    expect(first[0]).toContain('text/event-stream');
    expect(first[1]).toContain('engine');
  });
});
