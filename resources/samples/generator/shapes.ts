/** Point in millimetres: x to the right of the picture, y towards its top, z upwards through the slices. */
export type Point = readonly [x: number, y: number, z: number];

/** Stretch of a tube: two ends with their radii. */
export interface TubeSegment {
  readonly from: Point;
  readonly to: Point;
  readonly fromRadius: number;
  readonly toRadius: number;
}

/** Chain of tube segments through points that carry a radius as fourth number. */
export function tube(points: readonly (readonly [number, number, number, number])[]): TubeSegment[] {
  const segments: TubeSegment[] = [];
  for (let i = 0; i + 1 < points.length; i++) {
    const [ax, ay, az, fromRadius] = points[i]!;
    const [bx, by, bz, toRadius] = points[i + 1]!;
    segments.push({ from: [ax, ay, az], to: [bx, by, bz], fromRadius, toRadius });
  }
  return segments;
}

/** Signed distance (negative inside) to the union of the segments, in millimetres. */
export function tubeDistance(segments: readonly TubeSegment[], x: number, y: number, z: number): number {
  let nearest = Infinity;
  for (const { from, to, fromRadius, toRadius } of segments) {
    const bx = to[0] - from[0];
    const by = to[1] - from[1];
    const bz = to[2] - from[2];
    const px = x - from[0];
    const py = y - from[1];
    const pz = z - from[2];
    const share = (px * bx + py * by + pz * bz) / (bx * bx + by * by + bz * bz);
    const t = share < 0 ? 0 : share > 1 ? 1 : share;
    const dx = px - t * bx;
    const dy = py - t * by;
    const dz = pz - t * bz;
    const distance = Math.sqrt(dx * dx + dy * dy + dz * dz) - (fromRadius + (toRadius - fromRadius) * t);
    if (distance < nearest) nearest = distance;
  }
  return nearest;
}

/** Ellipsoid, turned by `angle` (radians, counter-clockwise) within the slice plane. */
export interface Ellipsoid {
  readonly centre: Point;
  readonly radii: Point;
  readonly angle: number;
}

/** About the signed distance to an ellipsoid's surface in millimetres (exact on it, first order near it). */
export function ellipsoidDistance(shape: Ellipsoid, x: number, y: number, z: number): number {
  const cos = Math.cos(shape.angle);
  const sin = Math.sin(shape.angle);
  const px = x - shape.centre[0];
  const py = y - shape.centre[1];
  const u = (cos * px + sin * py) / shape.radii[0];
  const v = (-sin * px + cos * py) / shape.radii[1];
  const w = (z - shape.centre[2]) / shape.radii[2];
  const level = Math.sqrt(u * u + v * v + w * w);
  if (level === 0) return -Math.min(...shape.radii);
  const steepness = Math.sqrt(
    (u / shape.radii[0]) ** 2 + (v / shape.radii[1]) ** 2 + (w / shape.radii[2]) ** 2,
  );
  return (level * (level - 1)) / steepness;
}

/** Union of two distances whose edge is rounded over about `softness` millimetres. */
export function blend(a: number, b: number, softness: number): number {
  const overlap = Math.max(softness - Math.abs(a - b), 0) / softness;
  return Math.min(a, b) - overlap * overlap * softness * 0.25;
}
