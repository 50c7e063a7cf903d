/** A study of 100,000 images in the window: a real database and a real browser, thumbnails all of one picture. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { CDPSession } from 'playwright';
import sharp from 'sharp';
import type { StudyId } from '#shared/domain.ts';
import { views } from '#shared/routes.ts';
import { openWorkspace } from '#main/workspace/workspace.ts';
import { startApplication } from '../test/support/application.ts';
import { launchBrowser } from '../test/support/browser.ts';
import { ensureBuilt } from '../test/support/built.ts';
import { printTable } from './table.ts';

const count = 100_000;
const hash = 'ab'.repeat(32);

export async function benchImages(): Promise<void> {
  await ensureBuilt();
  const application = await startApplication();
  const browser = await launchBrowser();
  try {
    await application.stop();
    const study = await fill(join(application.folder, 'workspace'));
    await application.start();
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
    page.setDefaultTimeout(60_000);
    const session = await page.context().newCDPSession(page);
    await page.goto(application.newUrl());
    await page.getByRole('link', { name: 'Studies' }).first().waitFor();

    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const began = performance.now();
    await page.goto(new URL(views.study(study, 'images'), page.url()).href);
    await page.locator('[role=option] img').first().waitFor();
    const first = performance.now() - began;
    await page
      .getByText(`${count.toLocaleString('en')} images`)
      .or(page.getByText(`${count} images`))
      .first()
      .waitFor();
    const all = performance.now() - began;
    delay.disable();
    const heap = await heapMegabytes(session);
    const end = await time(async () => {
      const grid = page.getByRole('listbox', { name: 'Images' });
      await grid.press('ArrowRight');
      await grid.press('End');
      await page
        .getByTitle(nameOf(count - 1))
        .first()
        .waitFor();
    });
    const search = await time(async () => {
      await page.getByRole('searchbox', { name: 'Search by name' }).fill('099999');
      await page
        .getByTitle(nameOf(count - 1))
        .first()
        .waitFor();
    });
    const tiles = await page.locator('[role=option]').count();
    printTable(`Images view, ${count.toLocaleString('en')} images`, [
      { what: 'first picture on the screen', value: first, unit: 'ms' },
      { what: 'all of them known', value: all, unit: 'ms' },
      { what: 'longest stall of main', value: delay.max / 1e6, unit: 'ms' },
      { what: 'heap of the window', value: heap, unit: 'MB', note: 'after a collection' },
      { what: 'to the last image by key', value: end, unit: 'ms' },
      { what: 'search by name', value: search, unit: 'ms', note: `${tiles} tile in the page` },
    ]);
  } finally {
    await browser.close();
    await application.close();
  }
}

const nameOf = (index: number): string => `lot-${index % 1000}/part-${String(index).padStart(6, '0')}.png`;

async function fill(root: string): Promise<StudyId> {
  const workspace = openWorkspace(root);
  const study = workspace.together(() => {
    const id = workspace.studies.create('A hundred thousand');
    for (let index = 0; index < count; index++) {
      workspace.images.create({
        studyId: id,
        name: nameOf(index),
        role: index % 10 === 0 ? 'query' : 'normal',
        label: 'unknown',
        split: null,
        defect: null,
        patient: `lot-${index % 1000}`,
        pixels: { sha256: hash, type: 'uint8', width: 512, height: 512, channels: 1, bits: 8 },
        statistics: { min: 0, max: 255, mean: 90 },
        spacing: null,
        truth: { kind: 'unknown' },
        position: index,
      });
    }
    return id;
  });
  const folder = join(workspace.folders.thumbnails, hash.slice(0, 2));
  await mkdir(folder, { recursive: true });
  const picture = sharp({ create: { width: 160, height: 160, channels: 3, background: '#357' } });
  await writeFile(join(folder, `${hash}.webp`), await picture.webp().toBuffer());
  workspace.close();
  return study;
}

async function time(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

async function heapMegabytes(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize / 2 ** 20;
}
