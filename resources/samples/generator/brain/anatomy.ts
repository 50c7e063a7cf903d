import { ramp } from '../raster.ts';
import { blend, ellipsoidDistance, tube, tubeDistance, type Ellipsoid } from '../shapes.ts';
import type { Subject } from './subject.ts';

/** How much taller than wide the ventricles are. */
const TALLNESS = 1.6;
const LATERAL_VENTRICLE = tube([
  [16, 35, 8 / TALLNESS, 1.5],
  [12, 30, 11 / TALLNESS, 2.8],
  [6, 21, 14 / TALLNESS, 3.2],
  [4.6, 8, 18 / TALLNESS, 3],
  [6.8, -4, 23 / TALLNESS, 3.4],
  [10.5, -16, 25 / TALLNESS, 4],
  [16, -27, 22 / TALLNESS, 4.3],
  [22.5, -37, 14 / TALLNESS, 4.4],
  [25.5, -46, 8 / TALLNESS, 3.2],
  [21.5, -60, 4 / TALLNESS, 1.2],
]);
const THIRD = { centre: [0, -6, 0], angle: 0 } as const;
const CAUDATE_BODY = tube([
  [13, 14, 13, 5],
  [14.5, 0, 23, 3.2],
  [19, -16, 25, 2],
]);
const CALLOSUM_FRONT = tube([
  [0, 30, 16, 4],
  [12, 38, 14, 3],
]);
const CALLOSUM_BACK = tube([
  [0, -38, 17, 5],
  [13, -40, 19, 4],
  [25, -52, 14, 3],
]);
const THALAMUS: Ellipsoid = { centre: [10.5, -13, 9], radii: [7.5, 15, 9.5], angle: 0.28 };
const CAUDATE: Ellipsoid = { centre: [12, 17, 8], radii: [5, 11, 12], angle: -0.3 };
const PUTAMEN: Ellipsoid = { centre: [26, 2, 5], radii: [4.8, 17, 12], angle: -0.2 };
const PALLIDUS: Ellipsoid = { centre: [19.5, -2, 3], radii: [4.6, 10, 8], angle: -0.32 };

/** Deep structures at one point. */
export interface DeepTissue {
  /** Signed distance to the ventricle wall, millimetres, negative inside. */
  ventricle: number;
  /** Grey level of the tissue relative to white matter. */
  brightness: number;
  /** Share of the deep grey structures, 0..1. */
  nuclei: number;
  /** Plexus and septum inside the ventricles, 0..1. */
  plexus: number;
}

/** Signed distance (mm) to the lateral ventricles' plain shape, without the wobble of a single subject. */
export function ventricleDistance(subject: Subject, x: number, y: number, z: number): number {
  return tubeDistance(LATERAL_VENTRICLE, Math.abs(x), y, z / TALLNESS) - subject.ventricleGain;
}

/** Fills `into` with the deep anatomy at subject coordinates (mm). */
export function deepTissue(subject: Subject, x: number, y: number, z: number, into: DeepTissue): void {
  const wobble = 1.3;
  const jx = x + wobble * subject.field(x / 16, y / 16, z / 16);
  const jy = y + wobble * subject.field(x / 16 + 31, y / 16, z / 16);
  const side = Math.abs(jx);
  const gain = subject.ventricleGain + (jx > 0 ? subject.asymmetry : -subject.asymmetry);
  const head = Math.min(ellipsoidDistance(CAUDATE, side, jy, z), tubeDistance(CAUDATE_BODY, side, jy, z));
  // The caudate bulges into the horn; flattening z makes the ventricles taller than wide.
  const lateral = Math.max(tubeDistance(LATERAL_VENTRICLE, side, jy, z / TALLNESS) - gain, -head - 0.4);
  const slit = 1.3 + 0.4 * subject.ventricleGain + 0.9 * subject.field(jy / 7, 11, z / 9);
  const third = ellipsoidDistance({ ...THIRD, radii: [Math.max(slit, 0.7), 15, 11] }, side, jy, z);
  const septum = ramp(1.3, 0.5, side) * ramp(2, 5, jy) * ramp(36, 32, jy);
  into.ventricle = blend(lateral, third, 2);

  const thalamus = ramp(1, -1.6, ellipsoidDistance(THALAMUS, side, jy, z));
  const caudate = ramp(0.8, -1, head);
  const putamen = ramp(0.9, -1.2, ellipsoidDistance(PUTAMEN, side, jy, z));
  const pallidus = ramp(1, -1.4, ellipsoidDistance(PALLIDUS, side, jy, z));
  const callosum = ramp(
    1.5,
    -1.5,
    Math.min(tubeDistance(CALLOSUM_FRONT, side, jy, z), tubeDistance(CALLOSUM_BACK, side, jy, z)),
  );
  // Horn tips and the posterior white matter are a little bright in healthy FLAIR images.
  const caps =
    0.1 * ramp(4, 0.3, lateral) * (ramp(26, 33, jy) + ramp(-34, -44, jy)) +
    0.09 * ramp(2.2, 0.2, lateral) +
    0.05 * Math.exp(-(((side - 27) / 9) ** 2) - ((jy + 44) / 16) ** 2 - ((z - 16) / 16) ** 2);
  into.nuclei = Math.max(thalamus, caudate, putamen, pallidus);
  into.brightness =
    1 +
    0.07 * thalamus +
    0.11 * caudate +
    0.1 * putamen * (1 - pallidus) -
    0.1 * pallidus -
    0.06 * callosum +
    caps * (1 - 0.7 * into.nuclei);
  const strands = subject.field(x / 2.4, y / 2.4, z / 5);
  const plexus = ramp(3.4, 0.6, Math.hypot(side - 20.5, jy + 37)) * ramp(30, 22, z) * (0.65 + 0.35 * strands);
  into.plexus = Math.max(septum, plexus);
}

/** True where the interhemispheric fissure runs: it is interrupted by the corpus callosum and what lies below it. */
export function fissureAt(y: number, z: number): boolean {
  const front = z < 14 ? 33 : z < 27 ? 36 - (z - 14) * 0.9 : -200;
  const back = z < 27 ? -47 : 200;
  return y > front || y < back;
}
