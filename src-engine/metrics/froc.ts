import type { Mask, ScoreMap } from '#shared/arrays.ts';
import { assertSameSize } from './overlap.ts';
import { connectedRegions } from '#shared/regions.ts';
import { descendingOrder } from './sort-order.ts';

/** False positives an image at which the score of the curve is averaged (LUNA16, CAMELYON16 and others). */
export const frocRates = [0.125, 0.25, 0.5, 1, 2, 4, 8] as const;

export interface FrocPoint {
  readonly threshold: number;
  /** Mean number of predicted regions an image that touch no lesion. */
  readonly falsePositives: number;
  /** Share of lesions with at least one predicted pixel. */
  readonly sensitivity: number;
}

export interface Froc {
  readonly lesions: number;
  readonly images: number;
  /** One point for every score at which a further lesion is found, highest first. */
  readonly points: readonly FrocPoint[];
  /** Sensitivity at `frocRates`: the best a threshold reaches without exceeding the rate; null without lesions. */
  readonly sensitivityAt: readonly (number | null)[];
  /** Their mean; null without lesions. */
  readonly score: number | null;
}

/** Changes of the number of false positive regions on the way down the scores. */
interface Changes {
  readonly scores: number[];
  readonly deltas: number[];
}

/**
 * Free-response ROC. A predicted region is an 8-connected set of pixels with score >= threshold; it is a false
 * positive when it touches no lesion (8-connected region of the ground truth), and a lesion is found by its first
 * pixel. Exact at every threshold: regions are grown pixel by pixel down the scores, not cut at sampled thresholds.
 */
export function createFroc() {
  const lesionScores: number[] = [];
  const changes: Changes = { scores: [], deltas: [] };
  let images = 0;
  return {
    add(map: ScoreMap, truth: Mask | null): void {
      if (truth) assertSameSize(map, truth);
      images++;
      const lesions = truth && connectedRegions(truth);
      if (lesions) {
        const best = new Float32Array(lesions.count).fill(-Infinity);
        for (let i = 0; i < map.data.length; i++) {
          const lesion = lesions.labels[i]! - 1;
          if (lesion >= 0 && map.data[i]! > best[lesion]!) best[lesion] = map.data[i]!;
        }
        lesionScores.push(...best);
      }
      growRegions(map, truth, changes);
    },
    result(): Froc {
      const points = curve(
        lesionScores.toSorted((a, b) => b - a),
        changes,
        images,
      );
      const sensitivityAt = frocRates.map((rate) =>
        lesionScores.length === 0
          ? null
          : points.reduce((best, p) => (p.falsePositives <= rate ? Math.max(best, p.sensitivity) : best), 0),
      );
      const known = sensitivityAt.filter((value) => value !== null);
      return {
        lesions: lesionScores.length,
        images,
        points,
        sensitivityAt,
        score: known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length,
      };
    },
  };
}

/** Notes at which score the number of regions without a lesion changes, and by how much. */
function growRegions(
  { rows, columns, data }: ScoreMap,
  truth: Mask | null,
  { scores, deltas }: Changes,
): void {
  const order = descendingOrder(data);
  // A frame of pixels that never come in spares the neighbours of the border a test each.
  const width = columns + 2;
  const neighbours = [-width - 1, -width, -width + 1, -1, 1, width - 1, width, width + 1];
  /** Of a pixel that is in: another of its region, or itself at the root; -1 for one that is not. */
  const parent = new Int32Array(width * (rows + 2)).fill(-1);
  /** Of a root: whether its region touches a lesion. */
  const touches = new Uint8Array(parent.length);
  let delta = 0;
  for (let i = 0; i < order.length; i++) {
    const pixel = order[i]!;
    const y = (pixel / columns) | 0;
    const place = pixel + 2 * y + width + 1;
    const inLesion = truth !== null && truth.data[pixel] !== 0;
    let root = place;
    parent[place] = place;
    if (inLesion) touches[place] = 1;
    else delta++;
    for (let n = 0; n < 8; n++) {
      let other = place + neighbours[n]!;
      let above = parent[other]!;
      if (above < 0 || above === root) continue;
      while (above !== other) {
        const next = parent[above]!;
        parent[other] = next;
        other = next;
        above = parent[other]!;
      }
      if (other === root) continue;
      // Of two regions at most one goes on as a false positive.
      if (touches[other] === 0 || touches[root] === 0) delta--;
      touches[other]! |= touches[root]!;
      parent[root] = other;
      root = other;
    }
    // Pixels of equal score come in together.
    if (delta !== 0 && (i + 1 === order.length || data[order[i + 1]!] !== data[pixel])) {
      scores.push(data[pixel]! + 0);
      deltas.push(delta);
      delta = 0;
    }
  }
}

function curve(lesionScores: readonly number[], { scores, deltas }: Changes, images: number): FrocPoint[] {
  const order = descendingOrder(Float32Array.from(scores));
  const points: FrocPoint[] = [];
  let falsePositives = 0;
  let next = 0;
  for (const [found, threshold] of lesionScores.entries()) {
    if (lesionScores[found + 1] === threshold) continue;
    for (; next < order.length && scores[order[next]!]! >= threshold; next++)
      falsePositives += deltas[order[next]!]!;
    points.push({
      threshold,
      falsePositives: falsePositives / images,
      sensitivity: (found + 1) / lesionScores.length,
    });
  }
  return points;
}
