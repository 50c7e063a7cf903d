import type { SampleData } from '../sample-array.ts';
import type { ImageLayout } from './layout.ts';

type Size = Pick<ImageLayout, 'rows' | 'columns'>;

/** Plane after plane to colours side by side. */
export function sideBySide(planes: SampleData, { rows, columns }: Size): SampleData {
  const count = rows * columns;
  const mixed = planes.slice();
  for (let plane = 0; plane < 3; plane++) {
    for (let i = 0; i < count; i++) mixed[i * 3 + plane] = planes[plane * count + i]!;
  }
  return mixed;
}

/** YBR_FULL_422 without compression (PS3.3 C.7.6.3.1.2): Y1 Y2 Cb Cr for two pixels, to one Y Cb Cr a pixel. */
export function upsampled422(pairs: SampleData, { rows, columns }: Size): Uint8Array {
  const ybr = new Uint8Array(rows * columns * 3);
  for (let from = 0, to = 0; to + 6 <= ybr.length; from += 4, to += 6) {
    const [first, second, blue, red] = [pairs[from]!, pairs[from + 1]!, pairs[from + 2]!, pairs[from + 3]!];
    ybr.set([first, blue, red, second, blue, red], to);
  }
  return ybr;
}

/** YBR of 8 bits to RGB, rounded and clamped: the inverse of PS3.3 C.7.6.3.1.2; partial ranges are stretched first. */
export function rgbFromYbr(ybr: SampleData, { photometric }: Pick<ImageLayout, 'photometric'>): Uint8Array {
  const partial = photometric.startsWith('YBR_PARTIAL');
  const lumaScale = partial ? 255 / 219 : 1;
  const chromaScale = partial ? 255 / 224 : 1;
  const black = partial ? 16 : 0;
  const rgb = new Uint8ClampedArray(ybr.length);
  for (let i = 0; i < ybr.length; i += 3) {
    const luma = (ybr[i]! - black) * lumaScale;
    const blue = (ybr[i + 1]! - 128) * chromaScale;
    const red = (ybr[i + 2]! - 128) * chromaScale;
    rgb[i] = Math.floor(luma + 1.402 * red + 0.5);
    rgb[i + 1] = Math.floor(luma - ((0.114 * 1.772) / 0.587) * blue - ((0.299 * 1.402) / 0.587) * red + 0.5);
    rgb[i + 2] = Math.floor(luma + 1.772 * blue + 0.5);
  }
  return new Uint8Array(rgb.buffer);
}
