/** The image viewer alone in a browser page, under the policy the application sets, for tests that look at pixels. */
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright';
import { build } from 'vite';

const address = 'http://viewer.test/';
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:";
const html =
  '<!doctype html><title>viewer</title><link rel="icon" href="data:,"><script src="viewer.js"></script>';

let bundled: Promise<string> | undefined;

/** The viewer and the page's helpers as one script that sets the global `viewerPage`. */
function bundle(): Promise<string> {
  bundled ??= build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      lib: {
        entry: fileURLToPath(new URL('viewer-page-entry.ts', import.meta.url)),
        formats: ['iife'],
        name: 'viewerPage',
      },
    },
  }).then((results) => {
    const output = [results].flat().flatMap((result) => ('output' in result ? result.output : []));
    const script = output.find((file) => file.type === 'chunk');
    if (script === undefined) throw new Error('The viewer page was not bundled.');
    return script.code;
  });
  return bundled;
}

/** Opens an empty black page in which `viewerPage` is defined. Closing its context is the caller's business. */
export async function openViewerPage(browser: Browser, options: BrowserContextOptions = {}): Promise<Page> {
  const script = await bundle();
  const context = await browser.newContext({ viewport: { width: 1200, height: 800 }, ...options });
  await context.route(`${address}**`, (route) =>
    route.request().url().endsWith('.js')
      ? route.fulfill({ contentType: 'text/javascript', body: script })
      : route.fulfill({
          contentType: 'text/html',
          headers: { 'Content-Security-Policy': policy },
          body: html,
        }),
  );
  const page = await context.newPage();
  await page.goto(address);
  return page;
}
