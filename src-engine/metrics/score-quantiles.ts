import { calibrationFractions } from '#shared/calibration.ts';

/** Bits of a float32 that tell bins apart: sign, exponent and eleven of the fraction, so scores are right to 1 in 4096. */
const droppedBits = 12;
const bins = 2 ** (32 - droppedBits);

const word = new DataView(new ArrayBuffer(4));

/** An unsigned number that grows with the score. */
function orderOf(score: number): number {
  word.setFloat32(0, score);
  const bits = word.getUint32(0);
  return (bits & 0x80000000 ? ~bits : bits | 0x80000000) >>> 0;
}

function scoreOf(order: number): number {
  const bits = (order & 0x80000000 ? order & 0x7fffffff : ~order) >>> 0;
  word.setUint32(0, bits);
  return word.getFloat32(0);
}

/** Quantiles of any number of float32 scores in four megabytes. */
export function createScoreQuantiles() {
  const counts = new Uint32Array(bins);
  let total = 0;
  let [smallest, largest] = [Infinity, -Infinity];

  return {
    add(score: number): void {
      if (!Number.isFinite(score)) return;
      const bin = orderOf(score) >>> droppedBits;
      counts[bin] = counts[bin]! + 1;
      total += 1;
      if (score < smallest) smallest = score;
      if (score > largest) largest = score;
    },
    /** The score below which each of {@link calibrationFractions} lies; null when nothing was added. */
    result(): { readonly pixels: number; readonly scores: number[] } | null {
      if (total === 0) return null;
      const scores: number[] = [];
      let below = 0;
      let bin = 0;
      for (const fraction of calibrationFractions) {
        while (below + counts[bin]! < fraction * total) below += counts[bin++]!;
        const middle = scoreOf((bin * 2 ** droppedBits + 2 ** (droppedBits - 1)) >>> 0);
        scores.push(Math.min(largest, Math.max(smallest, middle)));
      }
      scores[0] = smallest;
      scores[scores.length - 1] = largest;
      return { pixels: total, scores };
    },
  };
}
