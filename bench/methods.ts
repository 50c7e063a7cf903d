/** The search of memory banks beside faiss IndexFlatL2 on the same arrays, and fits of methods that learn. */
import { execFile } from 'node:child_process';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Bank, fileBank, memoryBank } from '#engine/matching/bank.ts';
import { openMatcher } from '#engine/matching/matcher.ts';
import { nearestNeighbours, type Rows } from '#engine/methods/linear-algebra/nearest-neighbours.ts';
import { greedyCoreset } from '#engine/methods/patchcore/index.ts';
import { drawChannels, PadimFit } from '#engine/methods/padim/index.ts';
import { writeNpy } from '#shared/npy.ts';
import { createRandom } from '#shared/random.ts';
import { allThreads } from './gemm.ts';
import { peakMegabytes } from './process-memory.ts';
import { median, printTable, type Row } from './table.ts';

const dimension = 384;
const queryCount = 784;
const repeats = 3;
/** Python with the packages of the system: Debian's python3-faiss and python3-sklearn. */
const python = '/usr/bin/python3';

function rows(count: number, seed: number): Rows {
  const random = createRandom(seed);
  const data = new Float32Array(count * dimension);
  for (let i = 0; i < data.length; i++) data[i] = random.next() - 0.5;
  return { data, count, dimension };
}

async function timed(work: () => Promise<unknown>, times = repeats): Promise<number> {
  const taken: number[] = [];
  for (let repeat = 0; repeat < times; repeat++) {
    const began = performance.now();
    await work();
    taken.push(performance.now() - began);
  }
  return median(taken);
}

const faissProgram = `
import json, sys, time
import numpy as np
import faiss
faiss.omp_set_num_threads(int(sys.argv[3]))
bank, queries = np.load(sys.argv[1]), np.load(sys.argv[2])
index = faiss.IndexFlatL2(bank.shape[1])
index.add(bank)
times = []
for _ in range(${repeats}):
    began = time.perf_counter()
    distances, indices = index.search(queries, 1)
    times.append(1000 * (time.perf_counter() - began))
print(json.dumps({"ms": sorted(times)[len(times) // 2], "indices": indices[:, 0].tolist()}))
`;

interface Faiss {
  readonly ms: number;
  readonly indices: readonly number[];
}

/** The same search by faiss, or why there is none. */
async function faiss(folder: string, bank: Rows, queries: Rows): Promise<Faiss | string> {
  const [bankPath, queryPath] = [join(folder, 'bank.npy'), join(folder, 'queries.npy')];
  const save = (path: string, { data, count }: Rows) =>
    writeFile(path, writeNpy({ type: 'f4', shape: [count, dimension], data }));
  try {
    await promisify(execFile)(python, ['-c', 'import faiss']);
  } catch {
    return 'skipped: python3-faiss is not installed (apt-get install python3-faiss)';
  }
  await save(bankPath, bank);
  await save(queryPath, queries);
  const { stdout } = await promisify(execFile)(
    python,
    ['-c', faissProgram, bankPath, queryPath, String(allThreads)],
    { maxBuffer: 2 ** 26 },
  );
  return JSON.parse(stdout) as Faiss;
}

async function benchBank(folder: string, count: number): Promise<void> {
  const [bank, queries] = [rows(count, 1), rows(queryCount, 2)];
  const matcher = openMatcher('cpu');
  const inMemory = memoryBank(bank);
  const found = await matcher.nearest(queries, inMemory, 1);
  const ours = await timed(() => matcher.nearest(queries, inMemory, 1));
  const theirs = await faiss(folder, bank, queries);
  const result: Row[] = [
    { what: `Nidus, ONNX Runtime by blocks, ${allThreads} threads`, value: ours, unit: 'ms', note: 'exact' },
  ];
  if (typeof theirs === 'string') {
    result.push({ what: 'faiss IndexFlatL2', value: Number.NaN, unit: 'ms', note: theirs });
  } else {
    const same = theirs.indices.filter((index, query) => index === found.indices[query]).length;
    result.push({
      what: `faiss IndexFlatL2, ${allThreads} threads`,
      value: theirs.ms,
      unit: 'ms',
      note: `${(theirs.ms / ours).toFixed(2)} x ours; ${same} of ${queryCount} nearest rows the same`,
    });
  }
  if (count <= 100_000) {
    const plain = await timed(() => Promise.resolve(nearestNeighbours(queries, bank, 1)), 1);
    const note = `${(plain / ours).toFixed(2)} x ours; the reference tests compare with`;
    result.push({ what: 'Nidus, plain, 1 thread', value: plain, unit: 'ms', note });
  }
  printTable(`Nearest of ${count.toLocaleString('en')} x ${dimension} for ${queryCount} patches`, result);
}

/** Two million rows that are never in memory together. */
async function benchLarge(folder: string): Promise<void> {
  const count = 2_000_000;
  const path = join(folder, 'large.bin');
  const file = await open(path, 'w+');
  const block = rows(50_000, 3);
  for (let start = 0; start < count; start += block.count) {
    block.data[0] = start / count;
    await file.write(new Uint8Array(block.data.buffer));
  }
  const bank: Bank = fileBank(file, count, dimension);
  const before = peakMegabytes();
  const taken = await timed(() => openMatcher('cpu').nearest(rows(queryCount, 2), bank, 1), 1);
  await file.close();
  printTable(`Nearest of ${count.toLocaleString('en')} x ${dimension} on disk for ${queryCount} patches`, [
    { what: 'search, norms included', value: taken / 1000, unit: 's' },
    { what: 'memory it added', value: peakMegabytes() - before, unit: 'MB', note: 'the bank has 3,072 MB' },
  ]);
}

async function benchFits(): Promise<void> {
  const patches = rows(10_000, 4);
  const coreset = await timed(() => Promise.resolve(greedyCoreset(patches, 1000, 0)), 1);
  const images = Array.from({ length: 40 }, (_, n) => ({
    rows: 28,
    columns: 28,
    dimension,
    data: rows(784, 10 + n).data,
  }));
  const padim = await timed(() => {
    const fit = new PadimFit({ rows: 28, columns: 28 }, drawChannels(dimension, 100, 0));
    for (const image of images) fit.addToMeans(image);
    for (const image of images) fit.addToCovariances(image);
    return Promise.resolve(fit.finish(0.01));
  }, 1);
  printTable('Fits', [
    { what: 'coreset, 1,000 of 10,000 x 384', value: coreset / 1000, unit: 's' },
    { what: 'PaDiM, 40 images of 28 x 28, 100 channels', value: padim / 1000, unit: 's' },
  ]);
}

export async function benchMethods(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'nidus-bench-'));
  try {
    // First: the peak of memory would be that of the banks below.
    await benchLarge(folder);
    for (const count of [45_000, 400_000]) await benchBank(folder, count);
    await benchFits();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
