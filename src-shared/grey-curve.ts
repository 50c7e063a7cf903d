/** Which grey a value gets in a window: evenly, by a sigmoid or by a table. Pure, and without the schemas of its words. */
import type { GreyCurve, GreyTable, SampleWindow, ValueWindow } from './acquisition.ts';

/**
 * Black from `low`, white from `high`, in values. LINEAR counts whole values, so that its ramp is one value shorter than
 * its width: from centre - width / 2 to centre + width / 2 - 1 (PS3.3 C.11.2.1.2.1). LINEAR_EXACT has no such step
 * (C.11.2.1.3.2), and a width below 1, which LINEAR must not have, can only mean the same.
 */
export function valueRange({ centre, width, function: shape }: ValueWindow): SampleWindow {
  const low = centre - width / 2;
  const ramp = shape === 'linear' && width >= 1 ? Math.max(width - 1, narrowest(low)) : width;
  const range = { low, high: low + ramp };
  return shape === 'linear' || shape === 'linear-exact' ? range : { ...range, curve: shape };
}

/** A step from black to white, as narrow as float32 on a graphics card still tells its ends apart. */
const narrowest = (at: number): number => 1e-6 * Math.max(1, Math.abs(at));

/** The greys, 0..1, of all entries. */
export function tableGreys({ entries, knots }: GreyTable): Float32Array {
  const greys = new Float32Array(entries);
  for (let k = 1; k < knots.length; k++) {
    const [[from, start], [to, end]] = [knots[k - 1]!, knots[k]!];
    for (let i = from; i <= to; i++) greys[i] = start + ((end - start) * (i - from)) / (to - from);
  }
  return greys;
}

/** A table may have 65,536 entries; more knots than this would not be seen, and every image carries them. */
const mostKnots = 512;
/** An eighth of a step of an 8-bit screen. */
const unseen = 1 / 2048;

/** The table of greys, 0..1, exactly where few knots are enough, else so that nobody sees the difference. */
export function greyTable(greys: ArrayLike<number>): GreyTable {
  let tolerance = 1e-9;
  let knots = knotsWithin(greys, tolerance);
  while (knots.length > mostKnots) {
    tolerance = Math.max(unseen, tolerance * 2);
    knots = knotsWithin(greys, tolerance);
  }
  return { entries: greys.length, knots };
}

/** Goes on from a knot as long as one straight line passes all entries since within the tolerance. */
function knotsWithin(greys: ArrayLike<number>, tolerance: number): GreyTable['knots'] {
  const knot = (i: number): [number, number] => [i, Number(greys[i]!.toFixed(6))];
  const knots = [knot(0)];
  let from = 0;
  let [least, most] = [-Infinity, Infinity];
  for (let i = 1; i < greys.length; i++) {
    const slope = (greys[i]! - greys[from]!) / (i - from);
    if (slope < least || slope > most) {
      from = i - 1;
      knots.push(knot(from));
      [least, most] = [-Infinity, Infinity];
    }
    const [rise, run] = [greys[i]! - greys[from]!, i - from];
    least = Math.max(least, (rise - tolerance) / run);
    most = Math.min(most, (rise + tolerance) / run);
  }
  knots.push(knot(greys.length - 1));
  return knots;
}

/** The curve of a window whose ends change places: black stays black and white white. A sigmoid is its own. */
export function turnedCurve(curve: GreyCurve): GreyCurve {
  if (curve === 'sigmoid') return curve;
  const { entries, knots } = curve;
  return {
    entries,
    knots: knots.map(([i, grey]): [number, number] => [entries - 1 - i, 1 - grey]).reverse(),
  };
}

/** The grey, 0..1, of a sample; of NaN it is black. */
export function greyIn({ low, high, curve }: SampleWindow): (sample: number) => number {
  const scale = high > low ? 1 / (high - low) : 0;
  const place = (sample: number): number =>
    sample >= high && high > low ? 1 : sample > low ? (sample - low) * scale : 0;
  if (curve === undefined) return place;
  if (curve === 'sigmoid')
    return (sample) => (Number.isNaN(sample) ? 0 : 1 / (1 + Math.exp(2 - 4 * (sample - low) * scale)));
  const greys = tableGreys(curve);
  const last = greys.length - 1;
  return (sample) => {
    if (Number.isNaN(sample)) return 0;
    const at = place(sample) * last;
    const before = Math.floor(at);
    const grey = greys[before]!;
    return before === last ? grey : grey + (greys[before + 1]! - grey) * (at - before);
  };
}
