/**
 * What every specification starts with: Nidus on an empty workspace of its own, and its window. The same
 * specifications run against the browser host and, where its program is present, against Electron.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  _electron as electron,
  test as base,
  type Browser,
  type BrowserContextOptions,
  type Page,
} from '@playwright/test';
import { findElectron } from '#main/hosts/start/electron-binary.ts';
import { startApplication, type RunningApplication } from '../support/application.ts';
import { launchBrowser } from '../support/browser.ts';
import { ensureBuilt, projectRoot } from '../support/built.ts';
import { clientIn, type PageClient } from '../support/page-client.ts';
import { NidusWindow } from './pages/window.ts';

/** Nidus under test, in either host. */
export interface NidusHost {
  /** A folder of the test, for pictures to import. */
  readonly folder: string;
  openWindow(): Promise<Page>;
  /** The browser host itself; a test that needs it carries the tag `@browser`. */
  readonly application: RunningApplication | null;
}

/** Animations only make a test wait. */
const windowOptions: BrowserContextOptions = {
  viewport: { width: 1280, height: 800 },
  reducedMotion: 'reduce',
};

interface Fixtures {
  readonly nidus: NidusHost;
  /** The browser host itself, for tests that end parts of it. */
  readonly application: RunningApplication;
  readonly page: Page;
  readonly window: NidusWindow;
  readonly client: PageClient;
}

export interface HostOptions {
  readonly host: 'browser' | 'electron';
}

interface WorkerFixtures extends HostOptions {
  readonly chromium: Browser | null;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  host: ['browser', { option: true, scope: 'worker' }],
  chromium: [
    async ({ host }, use) => {
      await ensureBuilt();
      const browser = host === 'browser' ? await launchBrowser() : null;
      await use(browser);
      await browser?.close();
    },
    { scope: 'worker', timeout: 180_000 },
  ],
  nidus: async ({ chromium }, use) => {
    const started = chromium === null ? await inElectron() : await inBrowser(chromium);
    await use(started.nidus);
    await started.close();
  },
  application: async ({ nidus }, use) => {
    if (nidus.application === null) throw new Error('This test needs the browser host: tag it @browser.');
    await use(nidus.application);
  },
  page: async ({ nidus }, use) => {
    const page = await nidus.openWindow();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (/Content.Security.Policy/i.test(message.text())) problems.push(message.text());
    });
    await use(page);
    if (problems.length > 0) throw new Error(`Errors in the window:\n${problems.join('\n')}`);
  },
  window: async ({ page }, use) => use(new NidusWindow(page)),
  client: async ({ page }, use) => use(clientIn(page)),
});

export { expect } from '@playwright/test';

interface StartedHost {
  readonly nidus: NidusHost;
  close(): Promise<void>;
}

async function inBrowser(chromium: Browser): Promise<StartedHost> {
  const application = await startApplication();
  const context = await chromium.newContext(windowOptions);
  // What is not there by then is not there: without it an action would wait for the end of its test.
  context.setDefaultTimeout(45_000);
  return {
    nidus: {
      folder: application.folder,
      application,
      async openWindow() {
        const page = await context.newPage();
        await page.goto(application.newUrl());
        return page;
      },
    },
    async close() {
      await context.close();
      await application.close();
    },
  };
}

async function inElectron(): Promise<StartedHost> {
  const binary = findElectron();
  const folder = await mkdtemp(join(tmpdir(), 'nidus-electron-'));
  const electronApplication = await electron.launch({
    args: [projectRoot, '--workspace', join(folder, 'workspace'), `--user-data-dir=${join(folder, 'user')}`],
    ...('path' in binary ? { executablePath: binary.path } : {}),
  });
  return {
    nidus: { folder, application: null, openWindow: () => electronApplication.firstWindow() },
    async close() {
      await electronApplication.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
