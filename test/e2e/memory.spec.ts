import { join } from 'node:path';
import { writePhantomSet } from '../support/phantoms.ts';
import { finishedRun, importFolder } from '../support/studies.ts';
import { expect, test } from './fixtures.ts';

declare global {
  interface Window {
    /** Textures on the graphics card at this moment. */
    liveTextures?: number;
  }
}

/** More than the viewer keeps on the graphics card at a time. */
const queries = 50;

test(
  'reading 150 images leaves no more textures behind than reading 50',
  { tag: '@browser' },
  async ({ nidus, window, client }) => {
    test.slow();
    const { page, inspect } = window;
    const folder = join(nidus.folder, 'set');
    await writePhantomSet(folder, { normals: 1, abnormals: queries, size: 64 });
    const studyId = await importFolder(client, 'Phantoms', folder);
    await finishedRun(client, studyId, { size: 64 });

    await page.addInitScript(() => {
      const { prototype } = WebGL2RenderingContext;
      const { createTexture, deleteTexture } = prototype;
      let live = 0;
      prototype.createTexture = function () {
        live += 1;
        return createTexture.call(this);
      };
      prototype.deleteTexture = function (texture) {
        live -= 1;
        deleteTexture.call(this, texture);
      };
      Object.defineProperty(globalThis, 'liveTextures', { get: () => live });
    });
    // How large the panes are changes nothing but the time to draw them.
    await page.setViewportSize({ width: 800, height: 500 });
    await page.reload();
    await window.studies.open('Phantoms');
    await inspect.hasMapOf(2);

    const afterOnce = await readAll(1);
    expect(afterOnce).toBeGreaterThan(queries);
    expect(await readAll(2)).toBeLessThanOrEqual(afterOnce);

    /** Reads the whole list from its beginning a number of times, and counts the textures. */
    function readAll(times: number): Promise<number> {
      return page.evaluate(
        async ([times, queries]) => {
          const queue = document.querySelector('aside[aria-label="Images to read"]')!;
          const pane = document.querySelector('canvas[aria-label="Query: image"]')!.parentElement!;
          const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));
          const nameShown = () => pane.textContent.match(/a\d{4}/)?.[0];
          const nameWanted = () =>
            queue.querySelector('[aria-current=true]')?.textContent.match(/a\d{4}/)?.[0];
          async function press(key: string): Promise<void> {
            document.body.dispatchEvent(new KeyboardEvent('keydown', { key, code: key, bubbles: true }));
            do await nextFrame();
            while (nameWanted() === undefined || nameShown() !== nameWanted());
          }
          for (let round = 0; round < times; round++) {
            await press('Home');
            for (let image = 1; image < queries; image++) await press('ArrowDown');
          }
          return globalThis.window.liveTextures!;
        },
        [times, queries] as const,
      );
    }
  },
);
