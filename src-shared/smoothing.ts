import type { ScoreMap } from './arrays.ts';

/**
 * What lies beyond the border. `repeat-edge`: d c b a | a b c d | d c b a (scipy `reflect`). `reflect-101`:
 * d c b | a b c d | c b a. Both go on when the radius exceeds the size.
 */
export type Border = 'repeat-edge' | 'reflect-101';

/** The position inside a line of `length` that stands for `index`, which may lie outside. */
export function borderIndex(index: number, length: number, border: Border): number {
  if (length === 1) return 0;
  const period = border === 'repeat-edge' ? 2 * length : 2 * length - 2;
  const folded = ((index % period) + period) % period;
  if (folded < length) return folded;
  return border === 'repeat-edge' ? period - 1 - folded : period - folded;
}

function gaussianKernel(sigma: number, radius: number): Float64Array {
  const kernel = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)),
  );
  const total = kernel.reduce((sum, weight) => sum + weight, 0);
  return kernel.map((weight) => weight / total);
}

/** Filters lines of `length` values that lie `step` apart; lines start at `starts(line)`. */
function filterLines(
  source: Float64Array,
  kernel: Float64Array,
  border: Border,
  lines: { readonly count: number; readonly length: number; readonly step: number; readonly apart: number },
): Float64Array {
  const radius = (kernel.length - 1) / 2;
  const result = new Float64Array(source.length);
  const padded = new Float64Array(lines.length + 2 * radius);
  const inside = Int32Array.from(padded, (_, i) => borderIndex(i - radius, lines.length, border));
  for (let line = 0; line < lines.count; line++) {
    const start = line * lines.apart;
    for (let i = 0; i < padded.length; i++) padded[i] = source[start + inside[i]! * lines.step]!;
    for (let i = 0; i < lines.length; i++) {
      let sum = kernel[radius]! * padded[i + radius]!;
      for (let r = 0; r < radius; r++) sum += kernel[r]! * (padded[i + r]! + padded[i + 2 * radius - r]!);
      result[start + i * lines.step] = sum;
    }
  }
  return result;
}

/** Gaussian smoothing, truncated at four standard deviations (sigma 4: radius 16, 33 taps), normalised. */
export function gaussianSmooth(map: ScoreMap, sigma: number, border: Border): ScoreMap {
  const kernel = gaussianKernel(sigma, Math.floor(4 * sigma + 0.5));
  const { rows, columns } = map;
  const source = Float64Array.from(map.data);
  const down = filterLines(source, kernel, border, { count: columns, length: rows, step: columns, apart: 1 });
  const both = filterLines(down, kernel, border, { count: rows, length: columns, step: 1, apart: columns });
  return { rows, columns, data: Float32Array.from(both) };
}
