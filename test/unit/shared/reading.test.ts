import { expect, test } from 'vitest';
import { ImageId } from '#shared/domain.ts';
import { latestVerdicts, ReadingId, type Reading, type Verdict } from '#shared/reading.ts';

const reading = (id: number, image: number, reader: string, verdict: Verdict | null): Reading => ({
  id: ReadingId.parse(id),
  imageId: ImageId.parse(image),
  reader,
  phase: 'open',
  verdict,
  at: '2026-01-01T00:00:00.000Z',
  seconds: 1,
  runId: null,
  revision: null,
});

test("the verdict in force is the reader's own latest one", () => {
  const verdicts = latestVerdicts(
    [
      reading(1, 7, 'Ada', 'normal'),
      reading(2, 7, 'Grace', 'anomalous'),
      reading(3, 7, 'Ada', 'unsure'),
      reading(4, 7, 'Ada', null),
      reading(5, 8, 'Grace', 'normal'),
    ],
    'Ada',
  );
  expect([...verdicts].map(([image, { verdict }]) => [image, verdict])).toEqual([[7, 'unsure']]);
});
