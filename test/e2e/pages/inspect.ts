import { expect, type Locator, type Page } from '@playwright/test';
import { paneStamp, readPane, type PanePicture } from './pane-picture.ts';

export type PaneName =
  | 'Query'
  | 'Support'
  | 'Anomaly map'
  | 'Difference'
  | 'Ground truth'
  | 'Clusters'
  | 'Support clusters'
  | 'Features';

/** Where images are read: the queue, four linked panes, and what changes the map. */
export class InspectPage {
  readonly #page: Page;
  readonly queue: Locator;
  readonly panel: Locator;
  constructor(page: Page) {
    this.#page = page;
    this.queue = page.getByRole('complementary', { name: 'Images to read' });
    this.panel = page.getByRole('complementary', { name: 'Settings of the map' });
  }

  canvas(name: PaneName): Locator {
    return this.#page.getByRole('img', { name: `${name}: image`, exact: true });
  }

  /** Every cell of the grid. */
  get cells(): Locator {
    return this.#page.getByRole('img', { name: /: image$/ });
  }

  /** The canvas with the texts over it. */
  pane(name: PaneName): Locator {
    return this.#page.getByRole('region').filter({ has: this.canvas(name) });
  }

  /** There once a map stands on the screen. */
  get colourBar(): Locator {
    return this.pane('Anomaly map').getByRole('figure', { name: /^Colour bar/ });
  }

  /** The map on the screen was made with this many clusters. The first of a study reads all its normal images. */
  async hasMapOf(clusters: number): Promise<void> {
    const made = this.panel.getByText(`Support patches in each of ${clusters} clusters`);
    await expect(made).toBeVisible({ timeout: 45_000 });
    await expect(this.colourBar).toBeVisible();
  }

  /** "3 of 12" */
  get position(): Locator {
    return this.queue.getByText(/^\d+ of \d+$/);
  }

  /** The image in the queue that is being read. */
  get current(): Locator {
    return this.queue.locator('[aria-current=true]');
  }

  get support(): Locator {
    return this.panel.getByRole('region', { name: 'Support' });
  }

  async chooseMethod(title: string): Promise<void> {
    await this.panel.getByRole('combobox', { name: 'Method' }).selectOption(title);
  }

  get clusters(): Locator {
    return this.panel.getByRole('textbox', { name: 'Clusters K' });
  }

  get threshold(): Locator {
    return this.panel.getByRole('textbox', { name: 'Threshold' });
  }

  get opacity(): Locator {
    return this.panel.getByRole('textbox', { name: 'Opacity' });
  }

  async useScale(scale: 'Paper min-max' | 'Raw' | 'Calibrated'): Promise<void> {
    await this.panel.getByRole('radio', { name: scale, exact: true }).check();
  }

  /** Windows the panes by the menu of the bar, e.g. "Window: every value". */
  async chooseWindow(label: string): Promise<void> {
    await this.#page.getByRole('button', { name: 'Window', exact: true }).click();
    await this.#page.getByRole('menuitem', { name: label, exact: true }).click();
  }

  /** There where the image being read has something drawn over it by its file. */
  get overlaySwitch(): Locator {
    return this.panel.getByRole('switch', { name: 'Overlay of the file' });
  }

  /** Types a value into a slider's field. */
  async set(field: Locator, value: string): Promise<void> {
    await field.fill(value);
    await field.press('Enter');
    await field.blur();
  }

  /** A figure of the image being read, as it is written. */
  figure(name: 'AUROC' | 'AP' | 'Dice' | 'IoU'): Locator {
    return this.panel.getByLabel('Figures of this image').locator(`dt:text-is("${name}") + dd`);
  }

  get runButton(): Locator {
    return this.panel.getByRole('button', { name: /^Run|^Running/ });
  }

  /** What a pane shows, in device pixels. */
  picture(name: PaneName): Promise<PanePicture> {
    return readPane(this.canvas(name));
  }

  /** A short text that is another when the pane shows something else. */
  stamp(name: PaneName): Promise<string> {
    return paneStamp(this.canvas(name));
  }
}
