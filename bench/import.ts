/** A large import: how fast, how responsive main stays, and that memory does not grow with the number of files. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import sharp from 'sharp';
import { installation } from '#main/installation.ts';
import { createServices } from '#main/services.ts';
import type { StudyId } from '#shared/domain.ts';
import { createRandom } from '#shared/random.ts';
import { measuredEngine, peakMegabytes } from './process-memory.ts';
import { printTable } from './table.ts';

const files = 10_000;
const size = 128;

export async function benchImport(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'nidus-bench-import-'));
  const engine = measuredEngine();
  try {
    await writeParts(join(folder, 'parts'));
    const services = createServices({
      workspaceFolder: join(folder, 'workspace'),
      host: 'terminal',
      installation,
      spawnEngine: engine.spawn,
    });
    const request = { paths: [join(folder, 'parts')], layout: 'auto', role: 'normal' } as const;
    const beganPlan = performance.now();
    let longest = await longestStall(() =>
      services.imports.inspect({ ...request, paths: [join(folder, 'parts')] }),
    );
    const planned = performance.now() - beganPlan;
    const before = peakMegabytes();
    const importAll = async (study: { name: string } | { id: StudyId }) => {
      const began = performance.now();
      const started: { studyId?: StudyId } = {};
      const stall = await longestStall(async () => {
        const { jobId, studyId } = await services.imports.start(
          { ...request, paths: [join(folder, 'parts')] },
          study,
        );
        services.jobs.start();
        services.jobs.wake();
        await services.jobs.ended(jobId);
        started.studyId = studyId;
      });
      longest = Math.max(longest, stall);
      return { studyId: started.studyId!, rate: (files * 1000) / (performance.now() - began) };
    };
    const first = await importAll({ name: 'Parts' });
    const again = await importAll({ id: first.studyId });
    printTable(`Import of ${files} PNG files of ${size} x ${size}`, [
      { what: 'what was found', value: planned, unit: 'ms', note: 'before anything is copied' },
      { what: 'import', value: first.rate, unit: 'images/s' },
      { what: 'import again', value: again.rate, unit: 'images/s', note: 'nothing is new' },
      {
        what: 'longest stall of main',
        value: longest,
        unit: 'ms',
        note: 'the window stays responsive below 50',
      },
      { what: 'main, growth of the peak', value: peakMegabytes() - before, unit: 'MB' },
      { what: 'engine, peak', value: engine.peakMegabytes(), unit: 'MB' },
    ]);
    await services.close();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Milliseconds main was busy at a stretch. A monitor for each: one that pauses counts its pause as a stall. */
async function longestStall(work: () => Promise<unknown>): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await work();
  delay.disable();
  return delay.max / 1e6;
}

/** Pictures that all differ: noise of a seed, in folders of lots. */
async function writeParts(folder: string): Promise<void> {
  for (let lot = 0; lot < files / 100; lot++) {
    const inner = join(folder, `lot-${lot}`);
    await mkdir(inner, { recursive: true });
    await Promise.all(
      Array.from({ length: 100 }, async (_, index) => {
        const random = createRandom(lot * 100 + index);
        const pixels = Uint8Array.from({ length: size * size }, () => Math.floor(random.next() * 64));
        const png = sharp(pixels, { raw: { width: size, height: size, channels: 1 } }).png();
        await writeFile(join(inner, `${index}.png`), await png.toBuffer());
      }),
    );
  }
}
