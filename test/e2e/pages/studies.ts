import type { Locator, Page } from '@playwright/test';

/** The first place: studies as cards, and sample studies. */
export class StudiesPage {
  readonly #page: Page;
  constructor(page: Page) {
    this.#page = page;
  }

  get importButton(): Locator {
    return this.#page.getByRole('button', { name: /^Import images|^Drop a folder here/ });
  }

  /** The card of a study by its name. */
  card(name: string): Locator {
    return this.#page.getByRole('article').filter({ has: this.link(name) });
  }

  link(name: string): Locator {
    return this.#page.getByRole('link', { name, exact: true });
  }

  get samples(): Locator {
    return this.#page.getByRole('listitem').filter({ has: this.#page.getByRole('button', { name: 'Open' }) });
  }

  async openSample(title: string): Promise<void> {
    await this.samples.filter({ hasText: title }).getByRole('button', { name: 'Open' }).click();
  }

  async open(name: string): Promise<void> {
    await this.link(name).click();
  }
}
