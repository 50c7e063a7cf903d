import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';

/** The preview of the report and its export. */
export class ReportPage {
  readonly #page: Page;
  readonly preview: Locator;
  constructor(page: Page) {
    this.#page = page;
    this.preview = page.getByRole('region', { name: 'Preview of the pages' });
  }

  get pages(): Locator {
    return this.preview.getByRole('article', { name: /^Page / });
  }

  /** The darkest sample of a page as it is drawn: 255 while it is blank. */
  darkest(page: number): Promise<number> {
    return this.pages
      .nth(page)
      .locator('canvas')
      .evaluate((canvas: HTMLCanvasElement) => {
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
        return data.reduce(
          (least, value, i) => (i % 4 === 3 || data[i - (i % 4) + 3] === 0 ? least : Math.min(least, value)),
          255,
        );
      });
  }

  /** Exports the report and gives the file that the browser saved. */
  async exportPdf(): Promise<{ name: string; bytes: Buffer }> {
    const saved = this.#page.waitForEvent('download');
    await this.#page.getByRole('button', { name: 'Export PDF' }).click();
    const download = await saved;
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
  }
}
