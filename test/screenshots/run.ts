/**
 * Pictures of every view: `npm run screenshots -- [--out <folder>] [--docs] [--look <name>] [--scene <name>]`.
 * They go to `.cache/screenshots`, a folder a look; `--docs` renews those of the documents instead.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright';
import sharp from 'sharp';
import { NidusWindow } from '../e2e/pages/window.ts';
import { startApplication, type RunningApplication } from '../support/application.ts';
import { launchBrowser } from '../support/browser.ts';
import { projectRoot } from '../support/built.ts';
import { clientIn } from '../support/page-client.ts';
import { allLooks, documentLook, type Look } from './looks.ts';
import { modelScenes } from './model-scenes.ts';
import type { Scene } from './scene.ts';
import { emptyScenes, scenes } from './scenes.ts';
import { setStage } from './stage.ts';

const { values: options } = parseArgs({
  options: {
    out: { type: 'string', default: join(projectRoot, '.cache/screenshots') },
    docs: { type: 'boolean', default: false },
    look: { type: 'string', multiple: true },
    scene: { type: 'string', multiple: true },
  },
});

const documentScenes = new Set([
  'studies',
  'images',
  'references',
  'inspect',
  'inspect-explained',
  'inspect-compared',
  'annotate',
  'triage',
  'triage-summary',
  'models-download',
  'settings-keys',
  'evaluate',
  'evaluate-compare',
  'evaluate-protocol',
  'report',
  'jobs',
]);
const documentFolder = join(projectRoot, 'docs/images');
/** Bytes; pictures in a repository are fetched by everybody. */
const documentLimit = 400_000;

const looks = options.docs
  ? [documentLook]
  : allLooks.filter(({ name }) => options.look?.includes(name) ?? true);
const isWanted = ({ name }: { readonly name: string }) =>
  options.docs ? documentScenes.has(name) : (options.scene?.includes(name) ?? true);

const application = await startApplication();
const browser = await launchBrowser();
try {
  for (const look of looks) await take(look, [...emptyScenes, ...modelScenes].filter(isWanted), null);
  const staged = scenes.filter(isWanted);
  if (staged.length > 0) {
    const page = await openPage(browser, application, documentLook);
    const stage = await setStage(clientIn(page), application.folder, !options.docs);
    await page.context().close();
    for (const look of looks) await take(look, staged, stage);
  }
} finally {
  await browser.close();
  await application.close();
}

async function openPage(browser: Browser, application: RunningApplication, look: Look): Promise<Page> {
  const { viewport, deviceScaleFactor, theme } = look;
  const context = await browser.newContext({ viewport, deviceScaleFactor, reducedMotion: 'reduce' });
  await context.addInitScript((theme) => localStorage.setItem('nidus.theme', theme), theme);
  const page = await context.newPage();
  await page.goto(application.newUrl());
  return page;
}

async function take<S>(look: Look, wanted: readonly Scene<S>[], stage: S): Promise<void> {
  if (wanted.length === 0) return;
  const page = await openPage(browser, application, look);
  const folder = options.docs ? documentFolder : join(options.out, look.name);
  await mkdir(folder, { recursive: true });
  const window = new NidusWindow(page);
  const client = clientIn(page);
  for (const scene of wanted.filter(({ possible }) => possible?.(stage) ?? true)) {
    const visit = {
      window,
      client,
      stage,
      async go(address: string) {
        await page.mouse.move(0, 0);
        // What one scene set must not be seen in the next.
        await page.evaluate(() => localStorage.clear());
        await page.goto(new URL(address, page.url()).href);
      },
    };
    await scene.show(visit);
    await drawn(page);
    await save(await page.screenshot(), join(folder, `${scene.name}.png`));
    await scene.after?.(visit);
    process.stdout.write(`${look.name} ${scene.name}\n`);
  }
  await page.context().close();
}

/** Waits for what arrives late: fonts, pictures in sight, and two frames for what is drawn by hand. */
async function drawn(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const inSight = (element: Element) => {
      const { top, bottom, height } = element.getBoundingClientRect();
      return height > 0 && bottom > 0 && top < innerHeight;
    };
    await document.fonts.ready;
    await nextFrame();
    const pictures = [...document.images].filter(inSight);
    await Promise.all(pictures.map((picture) => picture.decode().catch(() => undefined)));
    await nextFrame();
    await nextFrame();
  });
}

async function save(picture: Buffer, path: string): Promise<void> {
  const exact = await sharp(picture).png({ compressionLevel: 9 }).toBuffer();
  const small = options.docs && exact.length > documentLimit;
  const kept = small
    ? await sharp(picture).png({ palette: true, quality: 95, effort: 10 }).toBuffer()
    : exact;
  if (options.docs && kept.length > documentLimit)
    throw new Error(`${path} is ${kept.length} bytes, more than ${documentLimit}.`);

  await writeFile(path, kept);
}
