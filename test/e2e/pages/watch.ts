import type { Locator, Page } from '@playwright/test';

/** The dialog of folders whose new images come into a study by themselves. */
export class WatchDialog {
  readonly #page: Page;
  readonly dialog: Locator;
  readonly folders: Locator;
  constructor(page: Page) {
    this.#page = page;
    this.dialog = page.getByRole('dialog', { name: 'Watched folders' });
    this.folders = this.dialog.getByRole('list', { name: 'Watched folders' }).getByRole('listitem');
  }

  async open(): Promise<void> {
    await this.#page.getByRole('button', { name: 'Watch a folder' }).click();
  }

  async watch(folder: string, what: string): Promise<void> {
    await this.dialog.getByLabel('Folder on the machine Nidus runs on').fill(folder);
    await this.dialog.getByRole('radio', { name: what }).check();
    await this.dialog.getByRole('button', { name: 'Watch the folder' }).click();
  }

  async press(what: 'Pause' | 'Watch' | 'Stop watching'): Promise<void> {
    await this.folders.getByRole('button', { name: new RegExp(`^${what} `) }).click();
  }

  async close(): Promise<void> {
    await this.dialog.getByRole('button', { name: 'Close' }).last().click();
  }
}
