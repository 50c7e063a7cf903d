import type { MapRule } from '../full-map.ts';
import type { Parameter } from './parameter.ts';

/** What there is to know of a method besides its computation. */
export interface MethodDefinition<S> {
  readonly title: string;
  /** In one line, for reports and lists. */
  readonly summary: string;
  /** What is computed, step by step. */
  readonly steps: readonly string[];
  readonly assumes: readonly string[];
  readonly fails: readonly string[];
  readonly source: string;
  /**
   * What a query is compared with. `support`: normal images chosen anew for every query; `bank`: all references together;
   * `queries`: all other query images; `none`: nothing.
   */
  readonly references: 'support' | 'bank' | 'queries' | 'none';
  readonly parameters: readonly Parameter<S>[];
  readonly defaults: S;
  readonly mapRule: (settings: S) => MapRule;
  /** What an image's score is. */
  readonly imageScore: (settings: S) => string;
}

export const aggregationTexts = {
  'top-percent': 'mean of the top 1 % of the raw patch scores',
  'largest-patch': 'largest raw patch score',
  'largest-pixel': 'largest pixel of the smoothed raw map',
} as const;
