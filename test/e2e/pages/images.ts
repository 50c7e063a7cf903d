import type { Locator, Page } from '@playwright/test';

/** The grid of a study's images, where roles are given. */
export class ImagesPage {
  readonly #page: Page;
  readonly grid: Locator;
  readonly search: Locator;
  readonly selection: Locator;
  constructor(page: Page) {
    this.#page = page;
    this.grid = page.getByRole('listbox', { name: 'Images' });
    this.search = page.getByRole('searchbox', { name: 'Search by name' });
    this.selection = page.getByRole('toolbar', { name: 'Selected images' });
  }

  get all(): Locator {
    return this.grid.getByRole('option');
  }

  image(name: string): Locator {
    return this.all.filter({ has: this.#page.getByTitle(name) });
  }

  /** Selects from one image to another. */
  async selectRange(first: Locator, last: Locator): Promise<void> {
    await first.click();
    await last.click({ modifiers: ['Shift'] });
  }

  async useAs(role: 'normal' | 'query'): Promise<void> {
    await this.selection.getByRole('button', { name: `Use as ${role}` }).click();
  }

  /** The filter chip of a role, which carries how many images have it. */
  role(name: 'Normal' | 'Query' | 'Excluded'): Locator {
    return this.#page.getByRole('group', { name: 'Role' }).getByRole('button', { name });
  }
}
