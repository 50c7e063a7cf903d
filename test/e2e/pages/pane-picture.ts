import type { Locator } from '@playwright/test';

/** Colours of a pane without the texts over it: red, green, blue, opacity, row by row. */
export interface PanePicture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Reads a canvas as it is drawn now, in device pixels. */
export async function readPane(canvas: Locator): Promise<PanePicture> {
  const { width, height, base64 } = await canvas.evaluate(async (element) => {
    // A canvas that shows bitmaps says 300 x 150 of itself: its size on the page is the bitmap's.
    const width = Math.round(element.clientWidth * devicePixelRatio);
    const height = Math.round(element.clientHeight * devicePixelRatio);
    const copy = new OffscreenCanvas(width, height).getContext('2d')!;
    copy.drawImage(element as HTMLCanvasElement, 0, 0);
    const blob = new Blob([copy.getImageData(0, 0, width, height).data]);
    const address = await new Promise<string>((resolve) => {
      const reader = new FileReader();
      reader.addEventListener('load', () => resolve(reader.result as string), { once: true });
      reader.readAsDataURL(blob);
    });
    return { width, height, base64: address.slice(address.indexOf(',') + 1) };
  });
  return { width, height, data: new Uint8Array(Buffer.from(base64, 'base64')) };
}

/** A digest of what a canvas shows, taken inside the window: cheap enough to ask again and again. */
export function paneStamp(canvas: Locator): Promise<string> {
  return canvas.evaluate((element) => {
    const width = Math.round(element.clientWidth * devicePixelRatio);
    const height = Math.round(element.clientHeight * devicePixelRatio);
    const copy = new OffscreenCanvas(width, height).getContext('2d')!;
    copy.drawImage(element as HTMLCanvasElement, 0, 0);
    const words = new Uint32Array(copy.getImageData(0, 0, width, height).data.buffer);
    let digest = 2166136261;
    for (const word of words) digest = Math.imul(digest ^ word, 16777619);
    return `${width} x ${height}: ${(digest >>> 0).toString(16)}`;
  });
}
