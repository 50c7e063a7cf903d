import { normal, type Random } from './random.ts';

/** Real-valued picture, row-major; the generators draw into these and round to 8 bits at the end. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

export function createRaster(width: number, height: number, fill = 0): Raster {
  return { width, height, data: new Float32Array(width * height).fill(fill) };
}

export const clamp = (value: number, low: number, high: number): number =>
  value < low ? low : value > high ? high : value;

/** 0 below `low`, 1 above `high`, a smooth ramp between (also with low > high, then falling). */
export function ramp(low: number, high: number, value: number): number {
  const t = clamp((value - low) / (high - low), 0, 1);
  return t * t * (3 - 2 * t);
}

export const mix = (a: number, b: number, share: number): number => a + (b - a) * share;

/** Mean over factor x factor cells: the partial volume effect of a coarser pixel. */
export function shrink(source: Raster, factor: number): Raster {
  const target = createRaster(source.width / factor, source.height / factor);
  for (let y = 0; y < target.height; y++) {
    for (let x = 0; x < target.width; x++) {
      let sum = 0;
      for (let dy = 0; dy < factor; dy++) {
        const row = (y * factor + dy) * source.width + x * factor;
        for (let dx = 0; dx < factor; dx++) sum += source.data[row + dx]!;
      }
      target.data[y * target.width + x] = sum / (factor * factor);
    }
  }
  return target;
}

/** Gaussian blur, standard deviation in pixels, edge pixels repeated. */
export function blur(source: Raster, sigma: number): Raster {
  const reach = Math.max(1, Math.ceil(sigma * 3));
  const weights = new Float32Array(2 * reach + 1);
  let total = 0;
  for (let i = -reach; i <= reach; i++)
    total += weights[i + reach] = Math.exp((-i * i) / (2 * sigma * sigma));
  const { width, height } = source;
  const along = createRaster(width, height);
  const across = createRaster(width, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let i = -reach; i <= reach; i++) {
        sum += weights[i + reach]! * source.data[y * width + clamp(x + i, 0, width - 1)]!;
      }
      along.data[y * width + x] = sum / total;
    }
  }
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let i = -reach; i <= reach; i++) {
        sum += weights[i + reach]! * along.data[clamp(y + i, 0, height - 1) * width + x]!;
      }
      across.data[y * width + x] = sum / total;
    }
  }
  return across;
}

/** Normal noise of mean 0 and standard deviation 1, blurred by `sigma` pixels and scaled back to deviation 1. */
export function grain(random: Random, width: number, height: number, sigma: number): Raster {
  const white = createRaster(width, height);
  for (let i = 0; i < white.data.length; i++) white.data[i] = normal(random);
  const soft = blur(white, sigma);
  let power = 0;
  for (const value of soft.data) power += value * value;
  const scale = 1 / Math.sqrt(power / soft.data.length);
  for (let i = 0; i < soft.data.length; i++) soft.data[i]! *= scale;
  return soft;
}
