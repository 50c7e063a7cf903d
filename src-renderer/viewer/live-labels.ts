/** A label map that changes under the reader's eyes: what changed since a version, so that only that is uploaded. */
import type { Mask } from '#shared/arrays.ts';

/** In pixels of the map, from its top left corner. */
interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface LiveLabels {
  /** One segment number a pixel, 0 = none; the array is changed in place. */
  readonly map: Mask;
  readonly version: number;
  /** What to upload again for who holds this version; null when nothing changed. */
  changedSince(version: number): Area | null;
}

/** Changes remembered one by one; who missed more gets everything. */
const remembered = 64;

export function createLiveLabels(map: Mask): LiveLabels & { touch(area: Area): void } {
  const changes: Area[] = [];
  let version = 0;
  return {
    map,
    get version() {
      return version;
    },
    changedSince(known) {
      const missed = version - known;
      if (missed <= 0) return null;
      if (missed > changes.length) return { x: 0, y: 0, width: map.width, height: map.height };
      return changes.slice(-missed).reduce(around);
    },
    touch(area) {
      version += 1;
      changes.push(area);
      if (changes.length > remembered) changes.shift();
    },
  };
}

function around(a: Area, b: Area): Area {
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
  return {
    x,
    y,
    width: Math.max(a.x + a.width, b.x + b.width) - x,
    height: Math.max(a.y + a.height, b.y + b.height) - y,
  };
}
