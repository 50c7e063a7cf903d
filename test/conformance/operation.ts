import type { CaseInputs } from './fixture.ts';

export type Values = ArrayLike<number | bigint | boolean | null>;

/**
 * Values that may differ among near ties. `figure` gives the number that decides about the candidate
 * `value` at `position` (a similarity, a distance, an F1): equal figures make both right.
 */
export interface TiedValues {
  readonly values: Values;
  readonly figure: (position: number, value: number) => number;
}

export type Result = number | boolean | string | null | Values | TiedValues | Results | readonly Results[];
export interface Results {
  readonly [key: string]: Result;
}

/** Computes what a case expects, under the same keys; keys nothing expects are ignored. */
export type Operation = (inputs: CaseInputs) => Results | Promise<Results>;

export type Operations = Readonly<Record<string, Operation>>;

export const isTied = (result: unknown): result is TiedValues =>
  typeof result === 'object' && result !== null && 'figure' in result && 'values' in result;
