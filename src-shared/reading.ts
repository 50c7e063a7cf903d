/** What readers decide about whole images: triage and blind reading. */
import { z } from 'zod';
import { ImageId, RunId } from './domain.ts';
import { Reader } from './annotation.ts';

/** `excluded` and `reference` also change the image's role. */
export const Verdict = z.enum(['normal', 'anomalous', 'unsure', 'excluded', 'reference']);
export type Verdict = z.infer<typeof Verdict>;

/** `open`: with the map in sight from the start. `blind`: before it was shown. `revealed`: after that. */
export const Phase = z.enum(['open', 'blind', 'revealed']);
export type Phase = z.infer<typeof Phase>;

export const ReadingId = z.int().positive().brand<'ReadingId'>();
export type ReadingId = z.infer<typeof ReadingId>;

export const Reading = z.object({
  id: ReadingId,
  imageId: ImageId,
  reader: Reader,
  phase: Phase,
  /** Null when a blind reader only drew. */
  verdict: Verdict.nullable(),
  at: z.iso.datetime(),
  /** From the moment the image (or, revealed, the map) stood on the screen. */
  seconds: z.number().min(0),
  /** The run whose map the reader saw or was to see. */
  runId: RunId.nullable(),
  /** Number of the revision that holds what was drawn at that moment; null when nothing was. */
  revision: z.int().nullable(),
});
export type Reading = z.infer<typeof Reading>;

/** Each image's verdict in force: the latest one of that reader. Readings come in the order they were made. */
export function latestVerdicts(readings: readonly Reading[], reader: Reader): Map<ImageId, Reading> {
  const latest = new Map<ImageId, Reading>();
  for (const reading of readings) {
    if (reading.reader === reader && reading.verdict !== null) latest.set(reading.imageId, reading);
  }
  return latest;
}
