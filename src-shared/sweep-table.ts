/** The runs of a sweep as tables: one a data set, a row as the paper names it, the mean over its studies. */
import { type Sweep, type SweepFigures, sweepFigureLabels, type SweepPart } from './sweep.ts';

type SweepRun = Sweep['runs'][number];

interface Averaged {
  /** Null until every study has a figure of the same repeat. */
  readonly figures: SweepFigures | null;
  /** Standard deviation (of the sample) over the repeats; null with one. */
  readonly deviations: SweepFigures | null;
}

export interface SweepRow extends Averaged {
  readonly row: string;
  readonly runs: readonly SweepRun[];
  /** By study, in the order of the table's parts. */
  readonly parts: readonly (Averaged & { readonly part: SweepPart })[];
}

export interface SweepTable {
  readonly dataSet: string | null;
  readonly parts: readonly SweepPart[];
  readonly rows: readonly SweepRow[];
}

export const figureKeys = Object.keys(sweepFigureLabels) as (keyof SweepFigures)[];

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviation = (values: readonly number[]) =>
  Math.sqrt(values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / (values.length - 1));

/** Null of a figure that one of them lacks, and of nothing. */
function over(all: readonly SweepFigures[], work: (values: number[]) => number): SweepFigures | null {
  if (all.length === 0) return null;
  const entries = figureKeys.map((key) => {
    const values = all.flatMap((figures) => figures[key] ?? []);
    return [key, values.length < all.length ? null : work(values)];
  });
  return Object.fromEntries(entries) as SweepFigures;
}

/** As papers do: of every repeat the mean over the studies, then mean and deviation over the repeats. */
function averaged(byStudy: readonly (readonly SweepRun[])[]): Averaged {
  const repeats = Math.max(...byStudy.map((runs) => runs.length));
  const complete: SweepFigures[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    const own = byStudy.flatMap((runs) => runs[repeat]?.figures ?? []);
    const whole = own.length === byStudy.length ? over(own, mean) : null;
    if (whole) complete.push(whole);
  }
  return {
    figures: over(complete, mean),
    deviations: complete.length < 2 ? null : over(complete, deviation),
  };
}

/** One table a data set, rows in the order of their first run. */
export function sweepTables({ parts, runs }: Pick<Sweep, 'parts' | 'runs'>): SweepTable[] {
  return [...new Set(parts.map(({ dataSet }) => dataSet))].map((dataSet) => {
    const own = parts.filter((part) => part.dataSet === dataSet);
    const ofTable = runs.filter(({ studyId }) => own.some((part) => part.studyId === studyId));
    const rows = [...new Set(ofTable.map(({ row }) => row))].map((row): SweepRow => {
      const ofRow = ofTable.filter((run) => run.row === row);
      const byStudy = own.map(({ studyId }) => ofRow.filter((run) => run.studyId === studyId));
      return {
        row,
        runs: ofRow,
        ...averaged(byStudy),
        parts: own.map((part, i) => ({ part, ...averaged([byStudy[i]!]) })),
      };
    });
    return { dataSet, parts: own, rows };
  });
}
