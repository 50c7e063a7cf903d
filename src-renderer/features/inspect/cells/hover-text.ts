/** What lies under the pointer, in words for the corners of the panes. */
import type { Rescale } from '#shared/acquisition.ts';
import type { PixelArray } from '#shared/arrays.ts';
import { patchAt, pixelAt, scoreAt, type PixelPoint } from '../../../viewer/viewer.ts';
import { figureText } from '../../../text/format.ts';
import { score } from '../format.ts';
import { valueText } from '../measure/measurement-text.ts';
import type { MapView } from '../model/map-view.ts';
import { percentileOf } from '../model/threshold.ts';

/** Position and value, with its unit where that is known; undefined outside the image. */
export function pixelText(
  pixels: PixelArray,
  rescale: Rescale | null,
  point: PixelPoint,
): string | undefined {
  const samples = pixelAt(pixels, point);
  if (samples === undefined) return undefined;
  const isFloat = pixels.data instanceof Float32Array;
  const values = samples.map((sample) => valueText(sample, rescale, isFloat)).join(' ');
  return `${Math.floor(point[0])}, ${Math.floor(point[1])} · ${values}`;
}

/** Score on the scale, percentile among the foreground patches, patch; undefined outside the image. */
export function scoreText(
  view: MapView,
  rawAt: (point: PixelPoint) => number | undefined,
  pixels: PixelArray,
  smooth: boolean,
  point: PixelPoint,
): string | undefined {
  const value = scoreAt(
    smooth ? { map: view.drawn, sampling: 'smooth' } : { map: view.map, sampling: 'patches' },
    pixels,
    point,
  );
  const patch = patchAt({ map: view.map }, pixels, point);
  if (value === undefined || patch === undefined) return undefined;
  if (view.foreground.data[patch.row * view.map.columns + patch.column] === 0) return 'background';
  const parts = [score(value)];
  if (view.scale === 'minmax') parts.push(`raw ${score(rawAt(point))}`);
  parts.push(`${figureText(percentileOf(view.sorted, value), 1)} %`, `patch ${patch.row}, ${patch.column}`);
  return parts.join(' · ');
}
