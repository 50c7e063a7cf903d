import { z } from 'zod';

/** The tolerance keys of the fixture format; see compare.ts for what each allows. */
const toleranceSchema = z.strictObject({
  informative: z.boolean().optional(),
  exact: z.boolean().optional(),
  order: z.boolean().optional(),
  abs: z.number().optional(),
  rel: z.number().optional(),
  abs_at_most: z.number().optional(),
  rel_at_most: z.number().optional(),
  up_to_sign: z.boolean().optional(),
  max_abs: z.number().optional(),
  mean_abs: z.number().optional(),
  exact_with_fixed_point_rule: z.boolean().optional(),
  swap_allowed_if_similarity_gap_below: z.number().optional(),
  other_index_allowed_if_distance_equal_within: z.number().optional(),
  any_threshold_with_equal_f1: z.number().optional(),
  informative_rows: z.array(z.int()).optional(),
  only_positions_up_to: z.string().optional(),
  grad: z.string().optional(),
  strict_where_abs_grad_above: z.number().optional(),
  abs_elsewhere: z.number().optional(),
});

/** Keys that carry a number or a name: `abs_if_expected_below_0.01`, `only_where_pi_above`. */
const widerBelow = /^abs_if_expected_below_(.+)$/;
const onlyWhere = /^only_where_(.+)_above$/;

interface PatternedKeys {
  /** A wider absolute tolerance for entries whose expected size is below `limit`. */
  wider?: { readonly limit: number; readonly abs: number };
  /** Only entries are compared whose counterpart in the expected entry `name` is above `limit`. */
  only?: { readonly name: string; readonly limit: number };
}

export type Tolerance = z.infer<typeof toleranceSchema> & PatternedKeys;

/** Reads a `tol` object; a key nobody knows is an error, so that no check is lost silently. */
export function parseTolerance(raw: Readonly<Record<string, unknown>>): Tolerance {
  if (raw['informative'] === true) return { informative: true };
  const plain: Record<string, unknown> = {};
  const patterned: PatternedKeys = {};
  for (const [key, value] of Object.entries(raw)) {
    const below = widerBelow.exec(key);
    const where = onlyWhere.exec(key);
    if (below) patterned.wider = { limit: Number(below[1]), abs: Number(value) };
    else if (where) patterned.only = { name: where[1]!, limit: Number(value) };
    else plain[key] = value;
  }
  return { ...toleranceSchema.parse(plain), ...patterned };
}
