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

  /** Exports the report and gives the file that the browser saved. */
  async exportPdf(): Promise<{ name: string; bytes: Buffer }> {
    const saved = this.#page.waitForEvent('download');
    await this.#page.getByRole('button', { name: 'Export PDF' }).click();
    const download = await saved;
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
  }
}
