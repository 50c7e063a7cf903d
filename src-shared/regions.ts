import type { Mask } from '#shared/arrays.ts';

export interface Regions {
  readonly count: number;
  /** Region of every pixel, 1 .. count in the order of their first pixel; 0 outside. */
  readonly labels: Int32Array;
  /** Pixels of region r at [r - 1]. */
  readonly sizes: readonly number[];
}

/** Connected components of a mask; 8-connected unless told otherwise. */
export function connectedRegions(mask: Mask, connectivity: 4 | 8 = 8): Regions {
  const { width, height, data } = mask;
  const labels = new Int32Array(width * height);
  const sizes: number[] = [];
  const pending: number[] = [];
  const diagonal = connectivity === 8 ? 1 : 0;
  for (let seed = 0; seed < labels.length; seed++) {
    if (data[seed] === 0 || labels[seed] !== 0) continue;
    const label = sizes.length + 1;
    let size = 0;
    labels[seed] = label;
    pending.push(seed);
    for (let pixel = pending.pop(); pixel !== undefined; pixel = pending.pop()) {
      size++;
      const x = pixel % width;
      const y = (pixel - x) / width;
      for (let ny = Math.max(y - 1, 0); ny <= Math.min(y + 1, height - 1); ny++) {
        const reach = ny === y ? 1 : diagonal;
        for (let nx = Math.max(x - reach, 0); nx <= Math.min(x + reach, width - 1); nx++) {
          const neighbour = ny * width + nx;
          if (data[neighbour] === 0 || labels[neighbour] !== 0) continue;
          labels[neighbour] = label;
          pending.push(neighbour);
        }
      }
    }
    sizes.push(size);
  }
  return { count: sizes.length, labels, sizes };
}
