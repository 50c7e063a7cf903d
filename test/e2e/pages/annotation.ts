import { expect, type Locator, type Page } from '@playwright/test';
import { routes } from '#shared/routes.ts';
import type { ImageId } from '#shared/domain.ts';

/** Drawing on an image: in Inspect and in triage alike. */
export class AnnotationPage {
  readonly #page: Page;
  readonly panel: Locator;
  constructor(page: Page) {
    this.#page = page;
    this.panel = page.getByRole('complementary', { name: 'Annotation' });
  }

  /** Opens the panel in Inspect, and waits for what was drawn before. */
  async open(): Promise<void> {
    await this.#page.keyboard.press('m');
    await expect(this.panel.getByRole('button', { name: 'Undo' })).toBeEnabled();
  }

  /** Everything drawn so far is stored. */
  async isSaved(): Promise<void> {
    await expect(this.#page.locator('[data-pending]').first()).toHaveAttribute('data-pending', '0');
  }

  tool(name: string): Locator {
    return this.#page.getByRole('toolbar', { name: /tools$/i }).getByRole('button', { name });
  }

  findings(): Locator {
    return this.panel.getByRole('list', { name: 'Findings' }).getByRole('listitem');
  }

  /** Where a whole image of this size stands on the page. */
  async placeOf(canvas: Locator, size: number) {
    const box = (await canvas.boundingBox())!;
    const zoom = Math.min(box.width, box.height) / size;
    const [left, top] = [box.x + (box.width - size * zoom) / 2, box.y + (box.height - size * zoom) / 2];
    return {
      toImage: (x: number, y: number): readonly [number, number] => [(x - left) / zoom, (y - top) / zoom],
      /** A whole CSS pixel, which is what a mouse can point at. */
      toPage: (x: number, y: number): readonly [number, number] => [
        Math.round(left + x * zoom),
        Math.round(top + y * zoom),
      ],
    };
  }

  /** Drags in a straight line between two points of the page. */
  async drag(from: readonly [number, number], to: readonly [number, number]): Promise<void> {
    const { mouse } = this.#page;
    await mouse.move(...from);
    await mouse.down();
    await mouse.move(...to, { steps: 5 });
    await mouse.up();
  }

  /** The labels as the application serves them; null while nothing was ever drawn. */
  async labels(image: ImageId, reader = 'Reader 1'): Promise<Uint8Array | null> {
    const base64 = await this.#page.evaluate(
      async (path) => {
        const response = await fetch(path);
        if (!response.ok) return null;
        const bytes = new Uint8Array(await response.arrayBuffer());
        return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
      },
      routes.labels(image, reader),
    );
    return base64 === null ? null : new Uint8Array(Buffer.from(base64, 'base64'));
  }
}
