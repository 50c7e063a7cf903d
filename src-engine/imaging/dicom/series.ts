/** Frames of many files to series in the order of the body. Pure. */
import { cross, dot, type Vector } from '../vector.ts';
import type { SliceHead } from './slice-head.ts';

export interface PlacedSlice {
  readonly head: SliceHead;
  /** Millimetres along the normal; null where the file has none. */
  readonly position: number | null;
}

export interface Series {
  readonly key: string;
  /** Along the normal, or by instance and frame number where there are no positions. */
  readonly slices: readonly PlacedSlice[];
  readonly normal: Vector | null;
  /** Millimetres between neighbours; null where there is no common distance. */
  readonly sliceSpacing: number | null;
  /** Sentences on gaps, duplicates and tilt. */
  readonly warnings: readonly string[];
}

/** Positions closer than this, in millimetres, are one. */
const samePlace = 0.01;
/** A step this much longer than the usual one is a gap. */
const gapFactor = 1.5;
const tiltDegrees = 0.5;

/** One series a Series Instance UID, size and orientation: localisers have slices of several orientations in one UID. */
export function groupSeries(heads: readonly SliceHead[]): Series[] {
  const groups = new Map<string, SliceHead[]>();
  const seen = new Set<string>();
  let copies = 0;
  for (const head of heads) {
    const instance = `${head.instance} ${head.frame}`;
    if (seen.has(instance)) {
      copies++;
      continue;
    }
    seen.add(instance);
    const key = [head.series, head.rows, head.columns, head.isColour, orientationKey(head)].join(' ');
    groups.set(key, [...(groups.get(key) ?? []), head]);
  }
  const series = [...groups].map(([key, group]) => placeSeries(key, group));
  const [first, ...rest] = series;
  if (copies === 0 || !first) return series;
  const sentence =
    copies === 1
      ? '1 file is a copy of another and was left out.'
      : `${copies} files are copies of others and were left out.`;
  return [{ ...first, warnings: [...first.warnings, sentence] }, ...rest];
}

const orientationKey = ({ orientation }: SliceHead): string =>
  orientation ? [...orientation.across, ...orientation.down].map((cosine) => cosine.toFixed(2)).join() : '';

function placeSeries(key: string, heads: readonly SliceHead[]): Series {
  const orientation = heads[0]?.orientation ?? null;
  const normal = orientation ? cross(orientation.across, orientation.down) : null;
  const placed = heads.map((head) => ({
    head,
    position: normal && head.position ? dot(head.position, normal) : null,
  }));
  const isPlaced = placed.every(({ position }) => position !== null);
  const slices = placed.sort((a, b) => {
    const apart = isPlaced ? a.position! - b.position! : 0;
    return Math.abs(apart) > samePlace ? apart : inSequence(a.head, b.head);
  });
  const warnings: string[] = [];
  if (!isPlaced && slices.length > 1) {
    warnings.push('The slices have no positions; they are in the order of their numbers.');
  }
  const sliceSpacing = isPlaced
    ? checkSteps(slices as { head: SliceHead; position: number }[], warnings)
    : null;
  if (isPlaced && normal) checkTilt(slices, normal, warnings);
  return { key, slices, normal, sliceSpacing, warnings };
}

const inSequence = (a: SliceHead, b: SliceHead): number =>
  (a.instanceNumber ?? 0) - (b.instanceNumber ?? 0) ||
  (a.frame ?? 0) - (b.frame ?? 0) ||
  (a.path < b.path ? -1 : a.path > b.path ? 1 : 0);

function checkSteps(slices: readonly { position: number }[], warnings: string[]): number | null {
  const steps = slices.slice(1).map(({ position }, i) => position - slices[i]!.position);
  const apart = steps.filter((step) => step > samePlace).sort((a, b) => a - b);
  const duplicates = steps.length - apart.length;
  if (duplicates > 0) {
    warnings.push(
      `${duplicates === 1 ? '1 slice lies' : `${duplicates} slices lie`} at the place of another: several echoes, phases or repetitions.`,
    );
  }
  const usual = apart[Math.floor(apart.length / 2)];
  if (usual === undefined) return null;
  const gaps = apart.filter((step) => step > usual * gapFactor);
  if (gaps.length > 0) {
    const largest = gaps.at(-1)!;
    warnings.push(
      `Slices are missing: ${gaps.length === 1 ? 'a gap' : `${gaps.length} gaps`} of up to ${rounded(largest)} mm where ${rounded(usual)} mm are usual.`,
    );
  }
  const isRegular = gaps.length === 0 && apart.at(-1)! - apart[0]! < usual * 0.1 + samePlace;
  return isRegular ? rounded(usual) : null;
}

/** Slices of a tilted gantry are parallel, but do not lie straight above each other. */
function checkTilt(slices: readonly PlacedSlice[], normal: Vector, warnings: string[]): void {
  const [first, last] = [slices[0]?.head.position, slices.at(-1)?.head.position];
  if (!first || !last) return;
  const along: Vector = [last[0] - first[0], last[1] - first[1], last[2] - first[2]];
  const length = Math.hypot(...along);
  if (length < samePlace) return;
  const angle = (Math.acos(Math.min(1, Math.abs(dot(along, normal)) / length)) * 180) / Math.PI;
  if (angle > tiltDegrees) {
    warnings.push(
      `The gantry was tilted by ${rounded(angle)} degrees: slices do not lie straight above each other.`,
    );
  }
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000;
