import type { SweepFigures } from '#shared/sweep.ts';
import type { SweepTable } from '#shared/sweep-table.ts';

/** A line of the table: a row of the paper, or one study of it. */
export interface Line {
  readonly key: string;
  readonly row: string;
  /** Null of the row itself: the mean over its studies. */
  readonly study: string | null;
  readonly runs: number;
  readonly figures: SweepFigures | null;
  readonly deviations: SweepFigures | null;
}

export const linesOf = ({ rows }: SweepTable, withStudies: boolean): Line[] =>
  rows.flatMap(({ row, runs, parts, figures, deviations }) => [
    { key: row, row, study: null, runs: runs.length, figures, deviations },
    ...(withStudies
      ? parts.map(({ part, ...own }) => ({
          key: `${row} ${part.studyId}`,
          row,
          study: part.study,
          runs: runs.filter(({ studyId }) => studyId === part.studyId).length,
          ...own,
        }))
      : []),
  ]);

export const percentText = (value: number | null | undefined): string =>
  value === null || value === undefined ? '–' : (100 * value).toFixed(2);

export const deviationText = (value: number | null): string =>
  value === null ? '' : `± ${(100 * value).toFixed(2)}`;
