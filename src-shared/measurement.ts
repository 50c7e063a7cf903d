/** What is measured on an image, in its own pixels: pixel `i` covers `[i, i + 1)`. */
import { z } from 'zod';

const Point = z.tuple([z.number(), z.number()]);
const id = z.uuid();

export const Measurement = z.discriminatedUnion('kind', [
  z.object({ id, kind: z.literal('length'), from: Point, to: Point }),
  /** Between the arms from `corner` to either end. */
  z.object({ id, kind: z.literal('angle'), from: Point, corner: Point, to: Point }),
  z.object({ id, kind: z.literal('rectangle'), from: Point, to: Point }),
  z.object({ id, kind: z.literal('ellipse'), from: Point, to: Point }),
  z.object({ id, kind: z.literal('probe'), at: Point }),
]);
export type Measurement = z.infer<typeof Measurement>;
export type MeasurementKind = Measurement['kind'];
