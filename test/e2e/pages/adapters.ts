import { expect, type Locator, type Page } from '@playwright/test';

/** Adapters of AD-DINOv3: trained, and scored with. */
export class AdaptersPage {
  readonly #page: Page;
  readonly training: Locator;
  readonly prompts: Locator;
  readonly scoring: Locator;
  constructor(page: Page) {
    this.#page = page;
    this.training = page.getByRole('dialog', { name: 'Train an adapter' });
    this.prompts = page.getByRole('dialog', { name: /^Prompts of/ });
    this.scoring = page.getByRole('dialog', { name: /^Score a study with/ });
  }

  async openTraining(): Promise<void> {
    await this.#page.getByRole('button', { name: 'Train an adapter' }).click();
  }

  /** The study is ticked, and its images are said to show something. */
  async chooseAuxiliary(study: string, className: string): Promise<void> {
    await this.training.getByRole('checkbox', { name: study }).check();
    await this.training.getByRole('button', { name: `Prompts of ${study}` }).click();
    await this.prompts.getByLabel('Class name, as a person says it').fill(className);
  }

  async savePrompts(): Promise<void> {
    await this.prompts.getByRole('button', { name: 'Save the prompts' }).click();
  }

  field(label: string): Locator {
    return this.training.getByLabel(label, { exact: true });
  }

  get start(): Locator {
    return this.training.getByRole('button', { name: /^Train on/ });
  }

  /** What it will cost. */
  get cost(): Locator {
    return this.training.getByRole('status');
  }

  row(name: string): Locator {
    return this.#page.getByRole('main').getByRole('listitem').filter({ hasText: name });
  }

  /** Chooses the study to score; its class name follows. */
  async chooseScored(study: string, className: string): Promise<void> {
    await this.scoring.getByLabel('Study').selectOption(study);
    await expect(this.scoring.getByLabel('What its images show')).toHaveValue(className);
  }
}
