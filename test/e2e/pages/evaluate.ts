import { expect, type Locator, type Page } from '@playwright/test';

/** The figures of a run. */
export class EvaluatePage {
  readonly #page: Page;
  readonly table: Locator;
  constructor(page: Page) {
    this.#page = page;
    this.table = page.getByRole('region', { name: 'Images of the run' });
  }

  /** A pooled figure, as it is written. */
  figure(group: 'Pixels' | 'Images', name: 'AUROC' | 'AP' | 'F1-max' | 'AUPRO 0.3'): Locator {
    return this.#page
      .locator('section')
      .filter({ has: this.#page.getByRole('heading', { name: new RegExp(`^${group}`) }) })
      .locator(`dt:text-is("${name}") + dd`);
  }

  async useScale(scale: 'Paper min-max' | 'Raw'): Promise<void> {
    await this.#page.getByRole('radio', { name: scale, exact: true }).check();
  }

  /** Puts the other run beside this one. */
  async compareWith(run: RegExp): Promise<void> {
    const runs = this.#page.getByRole('combobox', { name: 'Compare with' });
    await runs.selectOption(await runs.getByRole('option', { name: run }).first().getAttribute('value'));
    await expect(this.#page.getByRole('table').first()).toBeVisible();
  }

  get histograms(): Locator {
    return this.#page.getByRole('img', { name: /^Histogram/ });
  }

  get decision(): Locator {
    return this.#page.getByRole('region', { name: 'Decision' });
  }

  get savedThreshold(): Locator {
    return this.decision.getByRole('combobox', { name: 'Saved threshold of this run' });
  }

  async saveThreshold(name: string): Promise<void> {
    await this.decision.getByRole('textbox', { name: 'Name of the threshold' }).fill(name);
    await this.decision.getByRole('button', { name: 'Save' }).click();
  }

  get comparison(): Locator {
    return this.#page.getByRole('region', { name: 'Figures of two runs' });
  }

  async showProtocols(): Promise<void> {
    await this.#page.getByRole('radio', { name: 'Protocols', exact: true }).check();
  }

  async chooseSweep(name: RegExp): Promise<void> {
    const list = this.#page.getByRole('combobox', { name: 'Protocol or sweep' });
    const option = list.locator('option').filter({ hasText: name }).first();
    await list.selectOption(await option.innerText());
  }

  get sweepTable(): Locator {
    return this.#page.getByRole('region', { name: /^Results, / }).first();
  }

  row(image: string | RegExp): Locator {
    return this.table.getByRole('row', { name: image });
  }
}
