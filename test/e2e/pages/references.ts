import type { Locator, Page } from '@playwright/test';

/** The normal images of a study: examined, frozen, and the run over all queries. */
export class ReferencesPage {
  readonly #page: Page;
  readonly grid: Locator;
  readonly side: Locator;
  readonly doctor: Locator;
  readonly map: Locator;
  readonly sets: Locator;
  constructor(page: Page) {
    this.#page = page;
    this.grid = page.getByRole('listbox', { name: 'Reference images' });
    this.side = page.getByRole('complementary', { name: 'Reference sets and run' });
    this.doctor = page.getByRole('region', { name: 'Doctor' });
    this.map = page.getByRole('img', { name: /^Embedding map of/ });
    this.sets = page.getByRole('list', { name: 'Frozen reference sets' }).getByRole('listitem');
  }

  get runButton(): Locator {
    return this.side.getByRole('button', { name: /^Run on/ });
  }

  get images(): Locator {
    return this.grid.getByRole('option');
  }

  async examine(): Promise<void> {
    await this.doctor.getByRole('button', { name: /^Examine/ }).click();
  }

  /** A line of the doctor's list that opens its images. */
  finding(text: string | RegExp): Locator {
    return this.doctor.getByRole('button', { name: text });
  }

  async showAll(): Promise<void> {
    await this.#page.getByRole('button', { name: 'Show all' }).click();
  }

  async sortBy(label: string | RegExp): Promise<void> {
    const select = this.#page.getByRole('combobox', { name: 'Sort by' });
    const option = await select.getByRole('option', { name: label }).textContent();
    await select.selectOption({ label: (option ?? '').trim() });
  }

  /** Draws a lasso around the whole map. */
  async lassoAll(): Promise<void> {
    const box = (await this.map.boundingBox())!;
    const corners = [
      [2, 2],
      [box.width - 2, 2],
      [box.width - 2, box.height - 2],
      [2, box.height - 2],
    ] as const;
    const at = ([x, y]: readonly [number, number]) => [box.x + x, box.y + y] as const;
    await this.#page.mouse.move(...at(corners[0]));
    await this.#page.mouse.down();
    for (const corner of corners.slice(1)) await this.#page.mouse.move(...at(corner), { steps: 4 });
    await this.#page.mouse.up();
  }

  async freeze(name: string): Promise<void> {
    await this.side.getByRole('button', { name: 'Freeze' }).click();
    const dialog = this.#page.getByRole('dialog');
    await dialog.getByLabel('Name').fill(name);
    await dialog.getByRole('button', { name: 'Freeze' }).click();
  }

  /** Opens the difference between a frozen set and the normals of now. */
  async compare(title: string): Promise<Locator> {
    await this.#page.getByRole('button', { name: `Actions for ${title}` }).click();
    await this.#page.getByRole('menuitem', { name: 'Compare' }).click();
    return this.#page.getByRole('dialog');
  }

  get referenceChoice(): Locator {
    return this.side.getByRole('combobox', { name: 'References' });
  }
}
