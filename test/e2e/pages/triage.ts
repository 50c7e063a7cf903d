import type { Locator, Page } from '@playwright/test';
import { paneStamp } from './pane-picture.ts';

/** One image at a time, a verdict by key. */
export class TriagePage {
  readonly #page: Page;
  readonly canvas: Locator;
  readonly summary: Locator;
  constructor(page: Page) {
    this.#page = page;
    this.canvas = page.getByRole('img', { name: 'Image to read: image' });
    this.summary = page.getByRole('complementary', { name: 'Summary' });
  }

  /** "3 of 12 read · 14 a minute" */
  get progress(): Locator {
    return this.#page.getByRole('status', { name: 'Progress' });
  }

  /** What a blind reader is to do. */
  get stage(): Locator {
    return this.#page.getByRole('status', { name: 'Stage' });
  }

  get blind(): Locator {
    return this.#page.getByRole('switch', { name: 'Blind reading' });
  }

  get order(): Locator {
    return this.#page.getByRole('combobox', { name: 'Order' });
  }

  /** The image being read, by its place. */
  get current(): Locator {
    return this.#page.getByRole('list', { name: 'Images around this one' }).locator('[aria-current=true]');
  }

  verdict(name: string): Locator {
    return this.#page.getByRole('group', { name: 'Verdict' }).getByRole('button', { name });
  }

  /** A short text that is another when the image area shows something else. */
  stamp(): Promise<string> {
    return paneStamp(this.canvas);
  }
}
