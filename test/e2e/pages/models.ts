import type { Locator, Page } from '@playwright/test';

/** Models that are there, and the ways to bring more. */
export class ModelsPage {
  readonly #page: Page;
  /** The form that fetches a model from the hub. */
  readonly download: Locator;
  readonly path: Locator;
  constructor(page: Page) {
    this.#page = page;
    this.download = page.getByRole('region', { name: /^Download from/ });
    this.path = page.getByLabel('Or a path on the machine Nidus runs on');
  }

  row(name: string): Locator {
    const heading = this.#page.getByRole('heading', { name });
    return this.#page.getByRole('main').getByRole('listitem').filter({ has: heading });
  }

  /** What was found at a path; the download below it has a licence of its own to accept. */
  get found(): Locator {
    return this.#page.locator('form').filter({ hasText: 'Found a model' });
  }

  async look(path: string): Promise<void> {
    await this.path.fill(path);
    await this.#page.getByRole('button', { name: 'Look', exact: true }).click();
  }

  get startDownload(): Locator {
    return this.download.getByRole('button', { name: 'Download', exact: true });
  }

  acceptance(licence: string): Locator {
    return this.download.getByLabel(`I have read and accept the ${licence}`);
  }

  async giveToken(token: string): Promise<void> {
    await this.download.getByLabel('Hugging Face token').fill(token);
    await this.download.getByRole('button', { name: 'Keep it' }).click();
  }

  /** Ends a job that brings a model; the status bar has a button of its own. */
  cancel(job: string): Locator {
    return this.#page.getByRole('main').getByRole('button', { name: `Cancel ${job}` });
  }

  /** The line about what arrived of a download that did not come to its end. */
  kept(repository: string): Locator {
    return this.download.getByRole('listitem').filter({ hasText: repository });
  }

  /** Why the last import or download ended without a model. */
  get failure(): Locator {
    return this.#page.getByRole('main').getByRole('alert');
  }
}
