import type { Locator, Page } from '@playwright/test';

/** What runs, waits and is over. */
export class JobsPage {
  readonly #page: Page;
  constructor(page: Page) {
    this.#page = page;
  }

  /** The jobs under a heading. */
  group(name: 'Running' | 'Waiting' | 'Failed' | 'Finished' | 'Cancelled'): Locator {
    return this.#page
      .locator('section')
      .filter({ has: this.#page.getByRole('heading', { name: new RegExp(`^${name}`) }) })
      .getByRole('listitem');
  }
}
