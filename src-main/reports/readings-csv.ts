import type { Reading } from '#shared/reading.ts';
import type { StoredImage } from '#main/workspace/repositories/images.ts';
import { csv } from './csv.ts';

/** One row a reading, in the order they were made, RFC 4180; blind and revealed readings of an image are two rows. */
export function readingsCsv(
  readings: readonly Reading[],
  imageOf: (reading: Reading) => StoredImage,
  scoreOf: (reading: Reading) => number | null,
): string {
  const header = [
    'image',
    'label',
    'role',
    'reader',
    'phase',
    'verdict',
    'at',
    'seconds',
    'run',
    'image_score_raw',
    'revision',
  ];
  const rows = readings.map((reading) => {
    const { name, label, role } = imageOf(reading);
    const { reader, phase, verdict, at, seconds, runId, revision } = reading;
    return [name, label, role, reader, phase, verdict, at, seconds, runId, scoreOf(reading), revision];
  });
  return csv([header, ...rows]);
}
