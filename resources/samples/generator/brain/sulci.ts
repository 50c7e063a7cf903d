import { clamp, ramp } from '../raster.ts';
import { between, createRandom, type Random } from '../random.ts';
import { fissureAt, ventricleDistance } from './anatomy.ts';
import { outlineRadius, type Subject } from './subject.ts';
import { Territory } from './territory.ts';

/** One dot of a sulcus line: `width` of open fluid (mm, may be below the pixel size), `fluid` its share 0..1. */
export interface SulcusPoint {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly fluid: number;
  /** Added to the distance that decides about cortex, millimetres. */
  readonly thinning: number;
}

const STEP = 0.4;

interface Line {
  readonly x: number;
  readonly y: number;
  readonly heading: number;
  readonly length: number;
  readonly width: number;
  readonly fluid: number;
  readonly wiggle: number;
  readonly branches: number;
  readonly spacing: number;
  /** Extra distance (mm) that thins its cortex: folds cut at a slant show a weaker ribbon. */
  readonly thinning: number;
  /** Widening where it meets the surface, 0..1. */
  readonly mouth: number;
}

/** The folds of one slice as dots along lines: fissure, insula, sulci from the surface and from the midline. */
export function growSulci(subject: Subject, z: number): SulcusPoint[] {
  const points: SulcusPoint[] = [];
  const territory = new Territory();
  const random = createRandom(subject.seed * 7919 + 13);
  let lines = 0;

  const deep = (x: number, y: number): boolean => {
    const shrink = ramp(62, 24, z);
    if (Math.hypot(x / (10 + 26 * shrink), (y + 2) / (14 + 40 * shrink)) < 1) return true;
    return ventricleDistance(subject, x, y, z) < 7;
  };

  const grow = (line: Line, family: number, origin: number): void => {
    const id = ++lines;
    let { x, y, heading } = line;
    const steps = Math.round(line.length / STEP);
    for (let step = 0; step < steps; step++) {
      const s = (step * STEP) / 7;
      heading +=
        line.wiggle * (subject.field(s, id * 5.7, z / 22) + 0.8 * subject.field(s * 3, id, z / 22)) * STEP;
      x += Math.cos(heading) * STEP;
      y += Math.sin(heading) * STEP;
      const leaving = step * STEP < line.spacing + 2 ? origin : family;
      if (deep(x, y) || territory.crowded(x, y, line.spacing, family, leaving)) return;
      if (Math.hypot(x, y) > outlineRadius(subject, Math.atan2(y, x), z) + 1.5) return;
      const along = step / steps;
      const beads = 0.75 + 0.6 * subject.field(s * 2.5, id * 3.1, z / 9 + 50);
      const gape = 1 + 1.3 * line.mouth * ramp(5, 0, step * STEP);
      const width = line.width * (1 - 0.6 * along) * beads * gape * subject.sulcusGain;
      points.push({
        x,
        y,
        width,
        fluid: clamp(line.fluid * (1.15 - 0.45 * along), 0, 1),
        thinning: line.thinning,
      });
      territory.claim(x, y, family);
      if (line.branches > 0 && step > steps * 0.4 && (step * STEP + id * 3) % 8 < STEP) {
        const turn = ((step + id) % 2 === 0 ? 1 : -1) * (0.95 + 0.5 * subject.field(id * 1.7, step / 9, 0.5));
        const branch = {
          ...line,
          x,
          y,
          heading: heading + turn,
          width: line.width * 0.6,
          branches: 0,
          mouth: 0,
        };
        grow({ ...branch, length: line.length * 0.42, fluid: line.fluid * 0.8 }, family, origin);
      }
    }
  };

  midline(subject, z, points, territory);
  let family = 0;
  const place = (line: Line, origin = 0): number => {
    grow(line, ++family, origin);
    return family;
  };
  insula(z, random, place);
  medial(subject, z, random, place);
  surface(subject, z, random, place);
  buried(subject, z, random, place);
  return points;
}

function midline(subject: Subject, z: number, points: SulcusPoint[], territory: Territory): void {
  for (let y = -95; y < 95; y += STEP) {
    if (!fissureAt(y, z)) continue;
    const bend = 1.1 * subject.field(y / 20, 3.3, z / 30) + 0.5 * subject.field(y / 5, 9.1, z / 15);
    const width = (1.1 + 0.9 * subject.field(y / 7, 20, z / 18)) * subject.sulcusGain;
    points.push({ x: bend, y, width, fluid: 0.95, thinning: 0 });
    territory.claim(bend, y, -1);
  }
}

type Place = (line: Line, origin?: number) => number;

function insula(z: number, random: Random, place: Place): void {
  const fade = ramp(27, 14, z);
  for (const side of [-1, 1]) {
    const lean = between(random, -0.12, 0.12);
    const open = between(random, 0.8, 1.3);
    if (fade === 0) continue;
    const common = {
      width: 1.5 * open * fade,
      fluid: 0.95,
      wiggle: 0.22,
      spacing: 3.2,
      mouth: 0,
      thinning: 0,
    };
    const down = side > 0 ? -Math.PI / 2 + 0.12 + lean : -Math.PI / 2 - 0.12 - lean;
    const fold = place({ ...common, x: side * 40, y: 17, heading: down, length: 36 * fade, branches: 0 });
    const lateral = side > 0 ? 0 : Math.PI;
    const back = { ...common, x: side * 41, y: -13, length: 26, width: 2.1 * open * fade, branches: 1 };
    place({ ...back, heading: lateral - side * 0.55 }, fold);
    const front = { ...common, x: side * 41, y: 15, length: 22, width: 1.8 * open * fade, branches: 1 };
    place({ ...front, heading: lateral + side * 0.25 }, fold);
  }
}

function medial(subject: Subject, z: number, random: Random, place: Place): void {
  for (const side of [-1, 1]) {
    for (let y = -80; y < 82; y += between(random, 9, 13)) {
      const share = random.next();
      const lean = between(random, -0.7, 0.7);
      const at = y + 3 * subject.field(y / 10, side * 4, z / 20);
      const depth = 8 + 9 * share + 5 * subject.field(y / 12, side * 7, z / 14);
      if (!fissureAt(at - 5, z) || !fissureAt(at + 5, z)) continue;
      const heading = (side > 0 ? 0 : Math.PI) + lean;
      const line = {
        width: 0.9,
        fluid: 0.75,
        wiggle: 0.3,
        branches: share > 0.6 ? 1 : 0,
        spacing: 4.2,
        mouth: 0,
        thinning: 0,
      };
      place({ ...line, x: side * 1.2, y: at, heading, length: depth }, -1);
    }
  }
}

function surface(subject: Subject, z: number, random: Random, place: Place): void {
  const starts: Line[] = [];
  for (let angle = -Math.PI; angle < Math.PI;) {
    const share = random.next();
    const lean = between(random, -0.6, 0.6);
    const gape = random.next() ** 2;
    const at = angle + 0.07 * subject.field(angle * 3, 40, z / 18);
    const radius = outlineRadius(subject, at, z) + 0.6;
    const swell = subject.field(angle * 5, 60, z / 16);
    const length = clamp(6 + 22 * share * share + 12 * swell + ramp(26, 46, z) * 10, 5, 40);
    const fluid = clamp(0.62 + 0.7 * subject.field(angle * 9, 70, z / 20) + 0.2 * share, 0.12, 1);
    const line = { x: radius * Math.cos(at), y: radius * Math.sin(at), heading: at + Math.PI + lean, length };
    const width = 0.55 + 0.9 * share * share + 0.9 * swell;
    if (Math.abs(line.x) > 5) {
      const branches = share > 0.3 ? 1 : 0;
      starts.push({ ...line, width, fluid, wiggle: 0.27, branches, spacing: 4.2, mouth: gape, thinning: 0 });
    }
    angle += between(random, 7, 12) / 72;
  }
  starts.sort((a, b) => b.length - a.length);
  for (const start of starts) place(start);
}

/** Folds whose way to the surface lies in another slice: mostly closed, seen as bright double ribbons. */
function buried(subject: Subject, z: number, random: Random, place: Place): void {
  for (let i = 0; i < 50; i++) {
    const angle = between(random, -Math.PI, Math.PI) + 0.1 * subject.field(i * 2.3, 4, z / 20);
    const share = between(random, 0.6, 0.9);
    const heading = angle + between(random, -1.3, 1.3);
    const length = between(random, 5, 16) * (0.8 + 0.8 * subject.field(i * 3.7, 9, z / 12));
    const fluid = clamp(0.35 + 0.8 * subject.field(i * 1.3, 17, z / 16), 0.04, 0.85);
    const radius = outlineRadius(subject, angle, z) * share;
    const line = { x: radius * Math.cos(angle), y: radius * Math.sin(angle), heading, length, fluid };
    const thinning = between(random, 0.6, 2);
    if (length < 4) continue;
    place({ ...line, width: 0.7, wiggle: 0.33, branches: i % 2, spacing: 4.6, mouth: 0, thinning });
  }
}
