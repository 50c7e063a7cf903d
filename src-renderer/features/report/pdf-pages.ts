/** Pages of a PDF for the screen. pdf.js is fetched when the first report is looked at. */
import type { PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist';

export type { PDFPageProxy };

export interface PdfPages {
  readonly pages: readonly PDFPageProxy[];
  close(): void;
}

export async function openPdf(bytes: Uint8Array): Promise<PdfPages> {
  const pdf = await import('pdfjs-dist');
  const { default: workerUrl } = await import('pdfjs-dist/build/pdf.worker.min.mjs?url');
  pdf.GlobalWorkerOptions.workerSrc = workerUrl;
  // The reader keeps the bytes for saving; pdf.js hands what it is given to its worker.
  const task = pdf.getDocument({ data: bytes.slice() });
  const document: PDFDocumentProxy = await task.promise;
  const numbers = Array.from({ length: document.numPages }, (_, i) => i + 1);
  return {
    pages: await Promise.all(numbers.map((number) => document.getPage(number))),
    close: () => void task.destroy(),
  };
}

/** Draws a page over a canvas of the given width in CSS pixels. The answer stops it. */
export function drawPage(
  page: PDFPageProxy,
  canvas: HTMLCanvasElement,
  width: number,
): { readonly done: Promise<void>; stop(): void } {
  const scale = (width * window.devicePixelRatio) / page.getViewport({ scale: 1 }).width;
  const viewport = page.getViewport({ scale });
  canvas.width = Math.round(viewport.width);
  canvas.height = Math.round(viewport.height);
  const task = page.render({ canvas, viewport });
  return { done: task.promise, stop: () => task.cancel() };
}

/** What a page says, line by line: for those who cannot see it. */
export async function pageText(page: PDFPageProxy): Promise<string> {
  const { items } = await page.getTextContent();
  return items.map((item) => ('str' in item ? item.str + (item.hasEOL ? '\n' : '') : '')).join('');
}
