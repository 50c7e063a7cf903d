/** A published way to measure, as data: what is run, what is locked, what came out there. */
import { type LevelChoice, TrainingSettings } from '../adapter.ts';
import type { Scale, Scope } from '../domain.ts';
import type { RunSettings } from '../methods/index.ts';
import type { SweepFigures } from '../sweep.ts';

/** The numbers of a training that are the paper's; encoders, levels and calibration are said elsewhere. */
export const paperTraining = TrainingSettings.omit({ model: true, text: true }).parse({});

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

/**
 * Every published figure of a data set beside ours. With another model than the paper's nothing is within or outside.
 * @param model name of the model the runs used
 */
export function checkTolerance(
  protocol: Protocol,
  dataSet: string | null,
  model: string,
  rows: readonly { readonly row: string; readonly figures: SweepFigures | null }[],
): ToleranceCheck[] {
  const comparable = protocol.model.matches.test(model);
  return (protocol.expected[dataSet ?? ''] ?? []).flatMap(({ row, figures, deviations }) =>
    protocol.figures.flatMap((figure) => {
      const expected = figures[figure];
      if (expected === undefined) return [];
      const own = rows.find((one) => one.row === row)?.figures?.[figure] ?? null;
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
