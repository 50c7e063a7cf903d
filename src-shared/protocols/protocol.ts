/** A published way to measure, as data: what is run, what is locked, what came out there. */
import { type LevelChoice, TrainingSettings } from '../adapter.ts';
import type { Scale, Scope } from '../domain.ts';
import type { RunSettings } from '../methods/index.ts';
import type { SweepFigures } from '../sweep.ts';
import type { SweepTable } from '../sweep-table.ts';

/** The numbers of a training that are the paper's; encoders, levels and calibration are said elsewhere. */
export const paperTraining = TrainingSettings.omit({ model: true, text: true }).parse({});

/** What every protocol locks. */
export const dataSetSplit =
  'references are the training images and tested are the test images, as the data set comes, whatever roles they have';

/** How the adapter of a point must have been trained, `paperTraining` apart. */
export interface AdapterNeed {
  readonly levels: LevelChoice;
  readonly calibration: boolean;
}

export interface ProtocolPoint {
  /** As the paper's table names it. */
  readonly row: string;
  /** Settings with everything locked but the model. */
  readonly settings: (model: string) => RunSettings;
  /** Of a method with adapters: which one of the workspace is taken. */
  readonly adapter?: AdapterNeed;
}

/** Published figures, in percent. */
export interface ExpectedRow {
  readonly row: string;
  readonly figures: Partial<Record<keyof SweepFigures, number>>;
  /** Standard deviations the paper gives. */
  readonly deviations?: Partial<Record<keyof SweepFigures, number>>;
}

export interface Protocol {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  readonly scale: Scale;
  readonly scope: Scope;
  /** Everything that is locked, in words. */
  readonly locks: readonly string[];
  /** Figures the paper gives, in its order. */
  readonly figures: readonly (keyof SweepFigures)[];
  readonly points: readonly ProtocolPoint[];
  /** Model the numbers were published for: what it is called, and which of our models count as it. */
  readonly model: { readonly title: string; readonly matches: RegExp };
  /** Numbers by data set. */
  readonly expected: Readonly<Record<string, readonly ExpectedRow[]>>;
  /** Categories of a data set that the published numbers are means of; one study where it is not here. */
  readonly categories: Readonly<Record<string, number>>;
  /** Percentage points ours may be off; twice the published deviation where that is larger. */
  readonly tolerance: number;
}

/** Ours against the paper's, of one figure of one row. */
export interface ToleranceCheck {
  readonly row: string;
  readonly figure: keyof SweepFigures;
  /** In percent; null where the run has none. */
  readonly ours: number | null;
  readonly expected: number;
  readonly allowed: number;
  readonly outcome: 'within' | 'outside' | 'not comparable';
}

const count = (categories: number) => (categories === 1 ? '1 study' : `${categories} categories`);

/** Why ours cannot be held against the paper's; nothing when they can. */
export function obstacles(protocol: Protocol, { dataSet, parts, rows }: SweepTable): string[] {
  if (dataSet === null) return [];
  const models = [...new Set(rows.flatMap(({ runs }) => runs.map(({ model }) => model)))];
  const others = models.filter((model) => !protocol.model.matches.test(model));
  const categories = protocol.categories[dataSet] ?? 1;
  const loose = parts.filter(({ split }) => split?.source !== 'data set').map(({ study }) => study);
  return [
    ...(others.length > 0 ? [`the model is ${others.join(', ')}, the paper's ${protocol.model.title}`] : []),
    ...(parts.length === categories
      ? []
      : [`the paper's numbers are over ${count(categories)}, these over ${parts.length}`]),
    ...(loose.length > 0 ? [`the folders of ${loose.join(', ')} did not say what is training and test`] : []),
  ];
}

/** Every published figure of a data set beside ours; with an obstacle nothing is within or outside. */
export function checkTolerance(protocol: Protocol, sweepTable: SweepTable): ToleranceCheck[] {
  const comparable = obstacles(protocol, sweepTable).length === 0;
  return (protocol.expected[sweepTable.dataSet ?? ''] ?? []).flatMap(({ row, figures, deviations }) =>
    protocol.figures.flatMap((figure) => {
      const expected = figures[figure];
      if (expected === undefined) return [];
      const own = sweepTable.rows.find((one) => one.row === row)?.figures?.[figure] ?? null;
      const ours = own === null ? null : 100 * own;
      const allowed = Math.max(protocol.tolerance, 2 * (deviations?.[figure] ?? 0));
      const outcome =
        !comparable || ours === null
          ? 'not comparable'
          : Math.abs(ours - expected) <= allowed
            ? 'within'
            : 'outside';
      return [{ row, figure, ours, expected, allowed, outcome } as const];
    }),
  );
}
