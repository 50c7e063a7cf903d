/** The viewer on this machine's rendering (software where there is no GPU): slice steps and threshold moves a second. */
import { launchBrowser } from '../test/support/browser.ts';
import { openViewerPage } from '../test/support/viewer-page.ts';
import type * as ViewerPage from '../test/support/viewer-page-entry.ts';
import { benchFirstPicture } from './first-picture.ts';
import { printTable } from './table.ts';

declare const viewerPage: typeof ViewerPage;

export async function benchViewer(): Promise<void> {
  const browser = await launchBrowser();
  const page = await openViewerPage(browser);
  const rates = await page.evaluate(async () => {
    const steps = 60;
    const side = 512;
    const slices = Array.from({ length: 8 }, (_, i) => ({
      width: side,
      height: side,
      channels: 1 as const,
      bits: 16,
      data: Uint16Array.from({ length: side * side }, (_, at) => (at * (i + 3)) % 4096),
    }));
    const map = { rows: 32, columns: 32, data: Float32Array.from({ length: 1024 }, (_, i) => (i % 97) / 97) };
    const overlay = { map, colourMap: 'inferno', range: { low: 0, high: 1 }, opacity: 0.6 } as const;
    const viewer = viewerPage.createViewer();
    const size = { width: 440, height: 330 };
    const panes: ViewerPage.MountedPane[] = [];
    for (const [left, top] of [
      [0, 0],
      [441, 0],
      [0, 331],
      [441, 331],
    ] as const) {
      panes.push(await viewerPage.mountPane(viewer, { left, top, ...size }));
    }
    const frame = () => new Promise(requestAnimationFrame);
    async function rate(step: (i: number) => void): Promise<number> {
      step(0);
      await frame();
      const began = performance.now();
      for (let i = 1; i <= steps; i++) {
        step(i);
        await frame();
      }
      // Reading back waits until everything asked for is drawn.
      panes[0]!.handle.readPixels();
      return (1000 * steps) / (performance.now() - began);
    }
    const show = (i: number, threshold: number) => {
      const base = { pixels: slices[i % slices.length]! };
      for (const [at, { handle }] of panes.entries()) {
        handle.setScene(at < 2 ? { base } : { base, overlay: { ...overlay, threshold } });
      }
    };
    const slice = await rate((i) => show(i, 0.5));
    const base = { pixels: slices[0]! };
    const threshold = await rate((i) =>
      panes[2]!.handle.setScene({ base, overlay: { ...overlay, threshold: i / steps, contour: '#ffffff' } }),
    );
    viewer.dispose();
    return { slice, threshold };
  });
  const opening = await benchFirstPicture(browser);
  await browser.close();
  printTable('Viewer, four panes of 440 x 330, slices of 512 x 512 and 16 bits', [
    { what: 'slice steps, all panes', value: rates.slice, unit: 'a second' },
    {
      what: 'threshold moves with contour, one pane',
      value: rates.threshold,
      unit: 'a second',
      note: `${(rates.threshold / rates.slice).toFixed(1)} times the steps`,
    },
  ]);
  printTable('Opening a study of 32 images of 240 x 240', opening);
}
