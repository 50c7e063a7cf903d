import type { Locator, Page } from '@playwright/test';

/** The normal images of a study, and the run over all its queries. */
export class ReferencesPage {
  readonly grid: Locator;
  readonly side: Locator;
  constructor(page: Page) {
    this.grid = page.getByRole('listbox', { name: 'Reference images' });
    this.side = page.getByRole('complementary', { name: 'Reference sets and run' });
  }

  get runButton(): Locator {
    return this.side.getByRole('button', { name: /^Run on/ });
  }
}
