/** Converted models with random weights of the released sizes: ms an image beside the machine's matrix rate. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type ConversionOptions, convertModel } from '#engine/models/convert/convert-model.ts';
import { deviationOf } from '#engine/models/self-check.ts';
import { type ModelSession, openSession } from '#engine/models/session.ts';
import { createRandom } from '#shared/random.ts';
import { tinyDinov3, type VitSize, writeModelFolder } from '../test/support/tiny-models.ts';
import { allThreads, gemmRate } from './gemm.ts';
import { median, printTable, type Row } from './table.ts';
import { vitBase, vitSmall } from './vits.ts';

const sizes = [224, 448, 672] as const;
/** A figure is the median of at least so many runs, and of as many more as fit into the time. */
const leastRuns = 3;
const timedFor = 1200;
/** Images a run. */
const batches = [1, 2, 3, 4] as const;
const mostTogether = Math.max(...batches);

type Graph = 'plain' | 'fp32' | 'fp16' | 'int8';

interface Vit {
  readonly name: string;
  readonly size: VitSize;
  /** Batches are compared on the small one: a larger one fills the cores the more. */
  readonly batches: readonly number[];
}

const vits: readonly Vit[] = [
  { name: 'ViT-S/16', size: vitSmall, batches },
  { name: 'ViT-B/16', size: vitBase, batches: [1] },
];

export async function benchModels(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'nidus-bench-'));
  try {
    const rate = await gemmRate(allThreads);
    printTable('Machine', [
      {
        what: `matrix product, ${allThreads} threads`,
        value: rate,
        unit: 'GFLOP/s',
        note: '2048 cube, float32',
      },
    ]);
    for (const vit of vits) await benchVit(vit, folder, rate);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A table a size as soon as it is measured, then what does not depend on the size. */
async function benchVit(vit: Vit, folder: string, rate: number): Promise<void> {
  const source = writeModelFolder(join(folder, vit.name.replace('/', '-')), tinyDinov3(1, vit.size));
  const convert = async (file: string, options: ConversionOptions) => {
    const path = join(source, `${file}.onnx`);
    await convertModel(source, path, options);
    return path;
  };
  const paths = {
    plain: await convert('plain', { attention: 'plain' }),
    fp32: await convert('fp32', {}),
    fp16: await convert('fp16', { precision: 'fp16' }),
    int8: await convert('int8', { precision: 'int8' }),
  };
  for (const size of sizes)
    printTable(`${vit.name}, random weights, ${size} pixels`, await timesAt(size, vit, paths, rate));
  const rows: Row[] = [];
  const exact = await openSession(paths.fp32);
  const input = picture(224);
  const reference = await exact.run(input);
  await exact.release();
  for (const precision of ['fp16', 'int8'] as const) {
    const session = await openSession(paths[precision]);
    rows.push({
      what: `${precision} deviation`,
      value: 100 * deviationOf(await session.run(input), reference),
      unit: '%',
      note: 'relative L2 of patch features, random weights',
    });
    await session.release();
  }
  for (const [precision, path, size] of [
    ['fp32', paths.fp32, 448],
    ['fp32', paths.fp32, 672],
    ['int8', paths.int8, 448],
  ] as const) {
    const what = `peak memory, ${precision} at ${size}`;
    rows.push({ what, value: await peakOf(path, size), unit: 'MB', note: 'a process of its own' });
  }
  printTable(`${vit.name}, random weights`, rows);
}

/**
 * A plain graph, ours, and ours in int8, each with several images a run; half precision once, for a CPU computes it in float32.
 * They take turns, so that a machine that is busy for a while is so for all of them.
 */
async function timesAt(
  size: number,
  vit: Vit,
  paths: Readonly<Record<Graph, string>>,
  rate: number,
): Promise<Row[]> {
  const variants: [graph: Graph, batch: number][] = [
    ['plain', 1],
    ...vit.batches.map((batch): [Graph, number] => ['fp32', batch]),
    ...vit.batches.map((batch): [Graph, number] => ['int8', batch]),
    ...(size === 448 && vit.size === vitSmall ? [['fp16', 1] as [Graph, number]] : []),
  ];
  const times = await inTurns(paths, size, variants);
  const [plain = Number.NaN, single = Number.NaN] = times;
  return variants.map(([graph, batch], index) => {
    const value = times[index]!;
    const reached = work(vit.size, size) / value / 1e6 / rate;
    const notes: Record<Graph, string> = {
      plain: 'attention as products and softmax',
      fp32: `${(100 * reached).toFixed(0)} % of the matrix rate, ${(plain / value).toFixed(2)} times the plain graph's speed`,
      int8: `${(single / value).toFixed(2)} times faster than fp32 alone`,
      fp16: 'meant for GPUs',
    };
    return { what: `${graph}${together(batch)}`, value, unit: 'ms/image', note: notes[graph] };
  });
}

const together = (batch: number): string => (batch === 1 ? '' : `, ${batch} together`);

/** Floating-point operations of the linear layers and attention, two a multiply-add. */
function work({ hidden, layers, intermediate, registers, patch }: VitSize, size: number): number {
  const tokens = (size / patch) ** 2 + 1 + registers;
  const linear = 2 * tokens * (4 * hidden ** 2 + 2 * hidden * intermediate);
  return layers * (linear + 4 * tokens ** 2 * hidden) + 2 * tokens * 3 * patch ** 2 * hidden;
}

function picture(size: number) {
  const random = createRandom(size);
  return {
    width: size,
    height: size,
    data: Float32Array.from({ length: 3 * size * size }, () => 2 * random.next() - 1),
  };
}

/** Milliseconds an image of every variant. */
async function inTurns(
  paths: Readonly<Record<Graph, string>>,
  size: number,
  variants: readonly (readonly [graph: Graph, batch: number])[],
): Promise<number[]> {
  const sessions = new Map<Graph, ModelSession>();
  for (const [graph] of variants) {
    if (!sessions.has(graph)) sessions.set(graph, await openSession(paths[graph], 'cpu', mostTogether));
  }
  const input = picture(size);
  const once = ([graph, batch]: readonly [Graph, number]) =>
    Promise.all(Array.from({ length: batch }, () => sessions.get(graph)!.run(input)));
  for (const variant of variants) await once(variant);
  const times = variants.map((): number[] => []);
  const until = performance.now() + timedFor * variants.length;
  for (let round = 0; round < leastRuns || performance.now() < until; round++) {
    for (const [index, variant] of variants.entries()) {
      // Threads of the session before spin for a while and take the cores from the first run of another.
      await once(variant);
      const began = performance.now();
      await once(variant);
      times[index]!.push((performance.now() - began) / variant[1]);
    }
  }
  for (const session of sessions.values()) await session.release();
  return times.map(median);
}

async function peakOf(path: string, size: number): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    join(import.meta.dirname, 'model-once.ts'),
    path,
    String(size),
  ]);
  return Number(stdout);
}
