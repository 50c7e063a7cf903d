/** Converted models with random weights of the released sizes: ms an image beside the machine's matrix rate. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { convertModel } from '#engine/models/convert/convert-model.ts';
import { deviationOf } from '#engine/models/self-check.ts';
import { type ModelSession, openSession } from '#engine/models/session.ts';
import type { Precision } from '#shared/model-description.ts';
import { createRandom } from '#shared/random.ts';
import { tinyDinov3, type VitSize, writeModelFolder } from '../test/support/tiny-models.ts';
import { allThreads, gemmRate } from './gemm.ts';
import { median, printTable, type Row } from './table.ts';

const sizes = [224, 448, 672] as const;
const repeats = 5;

interface Vit extends VitSize {
  readonly name: string;
}

const vits: readonly Vit[] = [
  { name: 'ViT-S/16', hidden: 384, layers: 12, heads: 6, intermediate: 1536, patch: 16, registers: 4 },
  { name: 'ViT-B/16', hidden: 768, layers: 12, heads: 12, intermediate: 3072, patch: 16, registers: 4 },
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
    for (const vit of vits) printTable(`${vit.name}, random weights`, await benchVit(vit, folder, rate));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function benchVit(vit: Vit, folder: string, rate: number): Promise<Row[]> {
  const source = writeModelFolder(join(folder, vit.name.replace('/', '-')), tinyDinov3(1, vit));
  const convert = async (precision: Precision) => {
    const path = join(source, `${precision}.onnx`);
    await convertModel(source, path, { precision });
    return path;
  };
  const paths = { fp32: await convert('fp32'), int8: await convert('int8') };
  const [exact, fast] = [await openSession(paths.fp32), await openSession(paths.int8)];
  const rows: Row[] = [];
  for (const size of sizes) {
    const [fp32, int8] = [await millisecondsOf(exact, size), await millisecondsOf(fast, size)];
    const reached = work(vit, size) / fp32 / 1e6 / rate;
    rows.push(
      {
        what: `fp32 at ${size}`,
        value: fp32,
        unit: 'ms/image',
        note: `${(100 * reached).toFixed(0)} % of the matrix rate`,
      },
      {
        what: `int8 at ${size}`,
        value: int8,
        unit: 'ms/image',
        note: `${(fp32 / int8).toFixed(2)} times faster`,
      },
    );
  }
  const input = picture(224);
  const deviation = deviationOf(await fast.run(input), await exact.run(input));
  await Promise.all([exact.release(), fast.release()]);
  return [
    ...rows,
    {
      what: 'int8 deviation',
      value: 100 * deviation,
      unit: '%',
      note: 'relative L2 of patch features, random weights',
    },
    {
      what: 'peak memory, fp32',
      value: await peakOf(paths.fp32),
      unit: 'MB',
      note: 'a process of its own, 448',
    },
    { what: 'peak memory, int8', value: await peakOf(paths.int8), unit: 'MB' },
  ];
}

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

async function millisecondsOf(session: ModelSession, size: number): Promise<number> {
  const input = picture(size);
  await session.run(input);
  const times: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    const began = performance.now();
    await session.run(input);
    times.push(performance.now() - began);
  }
  return median(times);
}

async function peakOf(path: string): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    join(import.meta.dirname, 'model-once.ts'),
    path,
    '448',
  ]);
  return Number(stdout);
}
