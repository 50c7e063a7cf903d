import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fileBank, memoryBank } from '#engine/matching/bank.ts';
import { openMatcher } from '#engine/matching/matcher.ts';
import { nearestNeighbours, type Rows } from '#engine/methods/linear-algebra/nearest-neighbours.ts';
import { normaliseRows } from '#engine/methods/linear-algebra/vectors.ts';
import { createRandom } from '#shared/random.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const matcher = openMatcher('cpu');

function rows(count: number, dimension: number, seed: number): Rows {
  const random = createRandom(seed);
  return {
    count,
    dimension,
    data: Float32Array.from({ length: count * dimension }, () => random.next() - 0.5),
  };
}

test.each([
  { queries: 1, bank: 1, dimension: 3, k: 1 },
  { queries: 7, bank: 5, dimension: 8, k: 9 },
  { queries: 784, bank: 20_000, dimension: 35, k: 1 },
  { queries: 100, bank: 60_000, dimension: 16, k: 5 },
])('the search by blocks finds what the plain search finds: $bank rows, k $k', async (size) => {
  const [queries, bank] = [rows(size.queries, size.dimension, 1), rows(size.bank, size.dimension, 2)];
  // Rows that come twice: ties go to the lowest index.
  bank.data.copyWithin(bank.data.length - size.dimension, 0, size.dimension);
  expect(await matcher.nearest(queries, memoryBank(bank), size.k)).toEqual(
    nearestNeighbours(queries, bank, size.k),
  );
});

test('a bank in a file is searched like one in memory, by several at once', async () => {
  const bank = rows(30_000, 20, 3);
  const path = join(await temporaryFolder(), 'bank.bin');
  await writeFile(path, new Uint8Array(bank.data.buffer));
  const file = await open(path);
  const onDisk = fileBank(file, bank.count, bank.dimension);
  const queries = [4, 5, 6].map((seed) => rows(400, 20, seed));
  const found = await Promise.all(queries.map((one) => matcher.nearest(one, onDisk, 2)));
  expect(found).toEqual(queries.map((one) => nearestNeighbours(one, bank, 2)));
  await file.close();
});

test('the smallest cosine distances leave out the rows between the ranges', async () => {
  const unit = (of: Rows): Rows => ({ ...of, data: normaliseRows(of.data, of.count, of.dimension) });
  const [queries, bank] = [unit(rows(10, 12, 7)), unit(rows(500, 12, 8))];
  const ranges = [
    { start: 0, end: 100 },
    { start: 300, end: 500 },
  ];
  const found = await matcher.smallestCosine(queries, memoryBank(bank), 6, ranges);
  for (const [i, smallest] of found.entries()) {
    const distances = Array.from({ length: 500 }, (_, j) => {
      let dot = 0;
      for (let d = 0; d < 12; d++) dot += queries.data[i * 12 + d]! * bank.data[j * 12 + d]!;
      return j < 100 || j >= 300 ? 1 - dot : Infinity;
    }).sort((a, b) => a - b);
    const values = [...smallest.values].sort((a, b) => a - b);
    for (const [n, value] of values.entries()) expect(value).toBeCloseTo(distances[n]!, 5);
  }
});

test('an empty bank and another dimension are refused in a sentence', async () => {
  const queries = rows(2, 3, 1);
  await expect(matcher.nearest(queries, memoryBank(rows(0, 3, 1)), 1)).rejects.toThrow(/is empty/);
  await expect(matcher.nearest(queries, memoryBank(rows(4, 5, 1)), 1)).rejects.toThrow(/dimension 3/);
});
