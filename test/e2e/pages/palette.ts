import type { Locator, Page } from '@playwright/test';

/** Ctrl+K: everything that can be done, by name. */
export class Palette {
  readonly #page: Page;
  readonly dialog: Locator;
  constructor(page: Page) {
    this.#page = page;
    this.dialog = page.getByRole('dialog', { name: 'Search or run a command' });
  }

  async open(): Promise<void> {
    await this.#page.keyboard.press('ControlOrMeta+k');
  }

  /** Types and takes the first that is found. */
  async run(words: string): Promise<void> {
    await this.open();
    await this.dialog.waitFor();
    await this.#page.keyboard.type(words);
    await this.#page.keyboard.press('Enter');
  }
}
