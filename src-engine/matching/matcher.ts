import { type InferenceSession, Tensor } from 'onnxruntime-node';
import type { Device } from '#shared/domain.ts';
import { Failure } from '#shared/errors.ts';
import type { Neighbours, Rows } from '../methods/linear-algebra/nearest-neighbours.ts';
import { Smallest } from '../methods/linear-algebra/smallest.ts';
import { squaredDistanceRows, squaredNorms } from '../methods/linear-algebra/vectors.ts';
import { loadSession } from '../models/session.ts';
import { oneAtATime } from '../turns.ts';
import type { Bank } from './bank.ts';
import { matchingModel } from './matching-graph.ts';

/** Products of one block: what a search needs in memory besides the queries. */
const productFloats = 4 * 1024 ** 2;
/** Extra candidates of the float32 search, so that its rounding cannot cost a true neighbour. */
const spare = 4;

/** Rows of the bank from `start` to before `end`. */
export interface RowRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Searches memory banks of any size in bounded memory: matrix products and top-k by blocks in ONNX Runtime, on the device of
 * the models. `nearestNeighbours` is the same in plain TypeScript.
 */
export interface Matcher {
  /** The k bank rows nearest to every query row by L2 distance; exact, ties by lowest index. @throws Failure `invalid` */
  nearest(queries: Rows, bank: Bank, k: number): Promise<Neighbours>;
  /** The `kept` smallest cosine distances of unit vectors to the rows of the ranges, for every query row. */
  smallestCosine(queries: Rows, bank: Bank, kept: number, ranges: readonly RowRange[]): Promise<Smallest[]>;
}

export function openMatcher(device: Device): Matcher {
  let session: Promise<InferenceSession> | undefined;
  const offsetsOf = new WeakMap<Bank, Float32Array>();

  /** -|b|^2 / 2 of every row, computed with the first search of a bank. */
  const offsets = (bank: Bank): Float32Array => {
    const present = offsetsOf.get(bank) ?? new Float32Array(bank.count).fill(NaN);
    offsetsOf.set(bank, present);
    return present;
  };

  const candidates = async (
    queries: Rows,
    bank: Bank,
    kept: number,
    ranges: readonly RowRange[],
    byDistance: boolean,
  ): Promise<Smallest[]> => {
    const { data, count, dimension } = queries;
    assertSearchable(queries, bank);
    session ??= loadSession(matchingModel(), device);
    const loaded = await session;
    const found = Array.from({ length: count }, () => new Smallest(kept));
    const queryTensor = new Tensor('float32', data, [count, dimension]);
    const blockRows = Math.max(256, Math.floor(productFloats / Math.max(count, 1)));
    const halves = byDistance ? offsets(bank) : new Float32Array(blockRows);
    for (const { start: first, end } of ranges) {
      for (let start = first; start < end; start += blockRows) {
        const rows = Math.min(blockRows, end - start);
        const most = Math.min(kept, rows);
        const [values, places] = await oneAtATime(async () => {
          const block = await bank.read(start, rows);
          const own = byDistance ? halves.subarray(start, start + rows) : halves.subarray(0, rows);
          if (byDistance && Number.isNaN(own[0])) {
            const norms = squaredNorms(block, rows, dimension);
            for (let row = 0; row < rows; row++) own[row] = -norms[row]! / 2;
          }
          const results = await loaded.run({
            queries: queryTensor,
            block: new Tensor('float32', block, [rows, dimension]),
            offsets: new Tensor('float32', own, [1, rows]),
            kept: new Tensor('int64', BigInt64Array.of(BigInt(most)), [1]),
          });
          return [results['values']!.data as Float32Array, results['places']!.data as Int32Array] as const;
        });
        for (let i = 0; i < count; i++) {
          const smallest = found[i]!;
          for (let at = i * most; at < (i + 1) * most; at++) {
            const value = -values[at]!;
            if (value < smallest.limit) smallest.add(value, start + places[at]!);
          }
        }
      }
    }
    return found;
  };

  return {
    async nearest(queries, bank, wanted) {
      const k = Math.min(wanted, bank.count);
      const kept = Math.min(wanted + spare, bank.count);
      const found = await candidates(queries, bank, kept, [{ start: 0, end: bank.count }], true);
      return exactly(queries, bank, found, k);
    },
    async smallestCosine(queries, bank, kept, ranges) {
      const found = await candidates(queries, bank, kept, ranges, false);
      for (const { values } of found) for (let i = 0; i < kept; i++) values[i] = 1 + values[i]!;
      return found;
    },
  };
}

function assertSearchable({ dimension }: Rows, bank: Bank): void {
  if (bank.count < 1) {
    throw new Failure('invalid', 'The memory bank is empty: there is nothing to compare with.');
  }
  if (bank.dimension !== dimension) {
    throw new Failure(
      'invalid',
      `Features of dimension ${dimension} cannot be compared with a memory bank of dimension ${bank.dimension}.`,
    );
  }
}

/** The distances of the candidates in float64, and the k nearest of them. */
async function exactly(
  queries: Rows,
  bank: Bank,
  candidates: readonly Smallest[],
  k: number,
): Promise<Neighbours> {
  const indices = new Int32Array(queries.count * k);
  const squaredDistances = new Float64Array(queries.count * k);
  for (const [i, { indices: found }] of candidates.entries()) {
    const exact: { index: number; squared: number }[] = [];
    for (const index of found) {
      if (index < 0) continue;
      const row = await bank.read(index, 1);
      exact.push({ index, squared: squaredDistanceRows(queries.data, i, row, 0, queries.dimension) });
    }
    exact.sort((a, b) => a.squared - b.squared || a.index - b.index);
    for (const [position, { index, squared }] of exact.slice(0, k).entries()) {
      indices[i * k + position] = index;
      squaredDistances[i * k + position] = squared;
    }
  }
  return { k, indices, squaredDistances };
}
