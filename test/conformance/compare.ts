import { readArray } from './fixture.ts';
import { isTied } from './operation.ts';
import type { TiedValues, Values } from './operation.ts';
import { parseTolerance } from './tolerance.ts';
import type { Tolerance } from './tolerance.ts';

/** An expected entry that the computed one does not meet. */
export interface Deviation {
  readonly path: string;
  readonly message: string;
}

type Node = Readonly<Record<string, unknown>>;
type Scalar = number | string | null;

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Undefined is written null or NaN; booleans compare as 0 and 1. */
function scalar(value: unknown): Scalar {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return Number.isNaN(value) ? null : value;
  if (typeof value === 'boolean' || typeof value === 'bigint') return Number(value);
  return typeof value === 'string' ? value : `unreadable ${typeof value}`;
}

function flatten(value: unknown): Scalar[] {
  if (Array.isArray(value)) return value.flatMap(flatten);
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    return Array.from(value as unknown as ArrayLike<unknown>, scalar);
  }
  return [scalar(value)];
}

function expectedValues(folder: string, node: Node): Scalar[] {
  return typeof node['file'] === 'string'
    ? flatten(readArray(folder, node['file']).data)
    : flatten(node['value']);
}

function allowance(expected: number, tolerance: Tolerance): number {
  const { abs = 0, rel = 0, wider } = tolerance;
  const absolute = wider && Math.abs(expected) < wider.limit ? Math.max(abs, wider.abs) : abs;
  return absolute + rel * Math.abs(expected);
}

/** The near tie a tolerance allows between two candidates, if any. */
function tieWidth(tolerance: Tolerance): number | undefined {
  return (
    tolerance.swap_allowed_if_similarity_gap_below ??
    tolerance.other_index_allowed_if_distance_equal_within ??
    tolerance.any_threshold_with_equal_f1
  );
}

function describe(position: number, count: number, got: Scalar, expected: Scalar, limit: string): string {
  const place = count > 1 ? ` at [${position}] of ${count}` : '';
  const deviation =
    typeof got === 'number' && typeof expected === 'number' ? ` deviates by ${Math.abs(got - expected)}` : '';
  return `${got}${place}${deviation}, expected ${expected}${limit}`;
}

function compareEntry(
  got: Scalar,
  expected: Scalar,
  position: number,
  tolerance: Tolerance,
  tied: TiedValues | undefined,
): boolean {
  if (got === expected) return true;
  if (typeof got !== 'number' || typeof expected !== 'number') return false;
  const width = tieWidth(tolerance);
  if (width !== undefined && tied) {
    return Math.abs(tied.figure(position, got) - tied.figure(position, expected)) <= width;
  }
  if (tolerance.rel_at_most !== undefined || tolerance.abs_at_most !== undefined) {
    return got <= expected * (1 + (tolerance.rel_at_most ?? 0)) + (tolerance.abs_at_most ?? 0);
  }
  if (tolerance.exact || tolerance.exact_with_fixed_point_rule) return false;
  return Math.abs(got - expected) <= allowance(expected, tolerance);
}

/** Limits on all entries together (`max_abs`, `mean_abs`); for resampled images. */
function compareOverall(got: Scalar[], expected: Scalar[], tolerance: Tolerance): string | null {
  const differences = got.map((value, i) => Math.abs(Number(value) - Number(expected[i])));
  const largest = differences.reduce((a, b) => Math.max(a, b), 0);
  const mean = differences.reduce((a, b) => a + b, 0) / differences.length;
  const { max_abs: maxAbs = Infinity, mean_abs: meanAbs = Infinity } = tolerance;
  if (largest > maxAbs) return `largest deviation ${largest}, allowed ${maxAbs}`;
  return mean > meanAbs ? `mean deviation ${mean}, allowed ${meanAbs}` : null;
}

function compareValues(
  got: Scalar[],
  expected: Scalar[],
  tolerance: Tolerance,
  tied: TiedValues | undefined,
  compared: (position: number) => boolean,
  isLoose: (position: number) => boolean = () => false,
): string | null {
  const loose = { ...tolerance, abs: tolerance.abs_elsewhere ?? tolerance.abs };
  if (got.length !== expected.length) return `${got.length} values, expected ${expected.length}`;
  if (tolerance.swap_allowed_if_similarity_gap_below !== undefined && new Set(got).size !== got.length) {
    return 'an index occurs twice';
  }
  if (tolerance.max_abs !== undefined || tolerance.mean_abs !== undefined) {
    const overall = compareOverall(got, expected, tolerance);
    if (overall || !tolerance.exact_with_fixed_point_rule) return overall;
  }
  for (const [i, value] of got.entries()) {
    const wanted = expected[i]!;
    const here = isLoose(i) ? loose : tolerance;
    if (!compared(i) || compareEntry(value, wanted, i, here, tied)) continue;
    const limit = tolerance.exact ? '' : ` (tolerance ${JSON.stringify(tolerance)})`;
    return describe(i, got.length, value, wanted, limit);
  }
  return null;
}

/** Entries that count what another entry lists, row by row. */
const countedFrom: Readonly<Record<string, string>> = { lengths: 'ids' };

/** Takes out the rows that need not agree, of this entry or of the one it is counted from. */
function rowsToAgree(node: Node, siblings: Node, name: string): (rows: unknown) => unknown {
  const rowsOf = (entry: unknown) =>
    isNode(entry) && isNode(entry['tol']) ? parseTolerance(entry['tol']).informative_rows : undefined;
  const free = rowsOf(node) ?? rowsOf(siblings[countedFrom[name] ?? '']) ?? [];
  if (free.length === 0) return (rows) => rows;
  return (rows) => (Array.isArray(rows) ? rows.filter((_, row) => !free.includes(row)) : rows);
}

/**
 * Of values [.., batch, positions, width] those up to each row's position, where a sibling says so: what lies behind
 * is padding, and there may be less of it than is stored.
 */
function atPositions(values: Scalar[], node: Node, siblings: Node): Scalar[] {
  const { only_positions_up_to: by } = parseTolerance(node['tol'] as Node);
  if (by === undefined) return values;
  const last = flatten((siblings[by] as Node)['value']).map(Number);
  const shape = node['shape'] as number[];
  const width = shape.at(-1)!;
  const outer = shape.slice(0, -3).reduce((product, extent) => product * extent, 1);
  const positions = values.length / (outer * last.length * width);
  return values.filter((_, i) => {
    const position = Math.floor(i / width) % positions;
    const row = Math.floor(i / (width * positions)) % last.length;
    return position <= last[row]!;
  });
}

function compareLeaf(folder: string, node: Node, got: unknown, siblings: Node, name: string): string | null {
  const tolerance = parseTolerance(node['tol'] as Node);
  if (tolerance.informative) return null;
  if (got === undefined) return 'not computed';
  const tied = isTied(got) ? got : undefined;
  const agreeing = rowsToAgree(node, siblings, name);
  const values = atPositions(flatten(agreeing(tied ? (tied.values satisfies Values) : got)), node, siblings);
  const expected = atPositions(
    'value' in node ? flatten(agreeing(node['value'])) : expectedValues(folder, node),
    node,
    siblings,
  );
  const gradients = tolerance.grad === undefined ? [] : flatten(readArray(folder, tolerance.grad).data);
  const isLoose = (i: number): boolean =>
    gradients.length > 0 && Math.abs(Number(gradients[i])) <= (tolerance.strict_where_abs_grad_above ?? 0);
  const { only } = tolerance;
  const weights = only ? expectedValues(folder, siblings[only.name] as Node) : [];
  const compared = (i: number): boolean => !only || Number(weights[i]) > only.limit;
  const asGiven = compareValues(values, expected, tolerance, tied, compared, isLoose);
  if (asGiven === null || !tolerance.up_to_sign) return asGiven;
  const negated = values.map((value) => (typeof value === 'number' ? -value : value));
  return compareValues(negated, expected, tolerance, tied, compared) === null ? null : asGiven;
}

/** Tolerances of a group: counts exact, ratios and distances (names that start with hd) within a limit. */
function compareGroup(node: unknown, got: unknown, limits: Node, path: string): Deviation[] {
  if (Array.isArray(node)) {
    const items = Array.isArray(got) ? got : [];
    return node.flatMap((item, i) => compareGroup(item, items[i], limits, `${path}[${i}]`));
  }
  if (!isNode(node)) return [];
  const results = isNode(got) ? got : {};
  return Object.entries(node).flatMap(([key, expected]) => {
    const at = `${path}.${key}`;
    if (typeof expected === 'object' && expected !== null)
      return compareGroup(expected, results[key], limits, at);
    if (key === 'threshold') return [];
    const ratio = key === 'dice' || key === 'iou';
    const limit = ratio ? limits['ratio'] : key.startsWith('hd') ? limits['distance'] : limits['counts'];
    const tolerance = limit === 'exact' ? { exact: true } : { abs: Number(limit) };
    if (!(key in results)) return [{ path: at, message: 'not computed' }];
    const [value, wanted] = [scalar(results[key]), scalar(expected)];
    if (compareEntry(value, wanted, 0, tolerance, undefined)) return [];
    return [{ path: at, message: describe(0, 1, value, wanted, ` (tolerance ${String(limit)})`) }];
  });
}

/** Compares computed results with an expected tree, each entry by its own `tol`. */
export function compareTree(folder: string, expected: unknown, got: unknown, path = ''): Deviation[] {
  if (Array.isArray(expected)) {
    const items = Array.isArray(got) ? got : [];
    return expected.flatMap((item, i) => compareTree(folder, item, items[i], `${path}[${i}]`));
  }
  if (!isNode(expected)) return [];
  const results = isNode(got) ? got : {};
  return Object.entries(expected).flatMap(([key, child]) => {
    const at = path === '' ? key : `${path}.${key}`;
    if (isNode(child) && isNode(child['tol'])) {
      if (!('file' in child) && !('value' in child)) {
        const { tol, ...entries } = child;
        return compareGroup(entries, results[key], tol as Node, at);
      }
      const message = compareLeaf(folder, child, results[key], expected, key);
      return message === null ? [] : [{ path: at, message }];
    }
    return compareTree(folder, child, results[key], at);
  });
}
