import { Failure } from '../errors.ts';
import { adDinov3Paper } from './ad-dinov3.ts';
import { anomalyDinoPaper, anomalyDinoPaper672 } from './anomaly-dino.ts';
import { bmad, dinoAdPaper } from './dino-ad.ts';
import type { Protocol } from './protocol.ts';

export { checkTolerance, obstacles, paperTraining } from './protocol.ts';
export type { AdapterNeed, Protocol, ToleranceCheck } from './protocol.ts';

/** A new protocol is a file here and an entry in this list. */
export const protocols: readonly Protocol[] = [
  dinoAdPaper,
  bmad,
  anomalyDinoPaper,
  anomalyDinoPaper672,
  adDinov3Paper,
];

/** @throws Failure('not-found') with the ids there are */
export function protocolNamed(id: string): Protocol {
  const found = protocols.find((protocol) => protocol.id === id);
  if (!found) {
    const known = protocols.map((protocol) => protocol.id).join(', ');
    throw new Failure('not-found', `There is no protocol "${id}". Protocols: ${known}.`);
  }
  return found;
}

/** @throws Failure('invalid') for a data set without published numbers */
export function assertDataSet({ title, expected }: Protocol, dataSet: string | null): void {
  if (dataSet !== null && !(dataSet in expected)) {
    const known = Object.keys(expected).join(', ');
    throw new Failure('invalid', `${title} has no numbers for "${dataSet}". Data sets: ${known}.`);
  }
}

/** @throws Failure('invalid') for a line the protocol's table does not have */
export function assertRows({ title, points }: Protocol, rows: readonly string[] | null): void {
  const known = [...new Set(points.map(({ row }) => row))];
  for (const row of rows ?? []) {
    if (!known.includes(row))
      throw new Failure('invalid', `${title} has no row "${row}". Rows: ${known.join(', ')}.`);
  }
}
