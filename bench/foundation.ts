/** The main job, stage by stage: import, features, match, cluster and map, store, K change, start-up, memory. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { installation } from '#main/installation.ts';
import { createServices, type Services } from '#main/services.ts';
import type { RunId, StudyId } from '#shared/domain.ts';
import type { StageTimes } from '#shared/results.ts';
import { defaultSettings } from '#shared/settings.ts';
import { writePhantomSet } from '../test/support/phantoms.ts';
import { allThreads, gemmRate } from './gemm.ts';
import { measuredEngine, peakMegabytes } from './process-memory.ts';
import { median, printTable, type Row } from './table.ts';

const slices = 1000;
const scored = 60;

export async function benchFoundation(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'nidus-bench-'));
  const engine = measuredEngine();
  const open = () =>
    createServices({
      workspaceFolder: join(folder, 'workspace'),
      host: 'terminal',
      installation,
      spawnEngine: engine.spawn,
    });
  try {
    printTable('Machine', [
      {
        what: 'matrix product, 1 thread',
        value: await gemmRate(1),
        unit: 'GFLOP/s',
        note: '2048 cube, float32',
      },
      { what: `matrix product, ${allThreads} threads`, value: await gemmRate(allThreads), unit: 'GFLOP/s' },
    ]);
    await writePhantomSet(join(folder, 'many'), { normals: slices - scored, abnormals: scored, size: 240 });
    const services = open();
    const { study, rows: importRows } = await benchImport(services, join(folder, 'many'));
    printTable('Import', importRows);
    printTable('Run, 448 x 448, K = 2, matched support', await benchRun(services, study));
    printTable('Window', await benchPreview(services, study));
    printTable('Memory', [
      { what: 'main, peak', value: peakMegabytes(), unit: 'MB', note: 'with the bench itself' },
      { what: 'engine, peak', value: engine.peakMegabytes(), unit: 'MB' },
    ]);
    await services.close();
    printTable('Start-up', await benchStart(join(folder, 'workspace')));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function benchImport(services: Services, path: string): Promise<{ study: StudyId; rows: Row[] }> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const began = performance.now();
  const { studyId, jobId } = await services.imports.start(
    { paths: [path], layout: 'bmad', role: 'query' },
    { name: 'Bench' },
  );
  delay.enable();
  services.jobs.start();
  await services.jobs.ended(jobId);
  delay.disable();
  const images = services.workspace.studies.get(studyId).counts;
  const count = images.normal + images.query;
  return {
    study: studyId,
    rows: [
      {
        what: `${count} PNG slices of 240 x 240`,
        value: (count * 1000) / (performance.now() - began),
        unit: 'images/s',
      },
      {
        what: 'longest stall of main',
        value: delay.max / 1e6,
        unit: 'ms',
        note: 'the window stays responsive below 50',
      },
    ],
  };
}

async function benchRun(services: Services, study: StudyId): Promise<Row[]> {
  // Forty references are enough for a median; a thousand would only be extracted for longer.
  const normals = services.workspace.images.ofRole(study, 'normal');
  services.studies.setRole(
    normals.slice(40).map(({ id }) => id),
    'excluded',
  );
  const run = services.runs.start(study, defaultSettings);
  services.jobs.wake();
  await services.jobs.ended(services.workspace.runs.jobOf(run.id)!);
  const times = services.workspace.results.times(run.id);
  const stage = (name: keyof StageTimes) => median(times.map((time) => time[name]));
  return [
    { what: 'decode', value: stage('decode'), unit: 'ms/image' },
    {
      what: 'features',
      value: stage('features'),
      unit: 'ms/image',
      note: 'scatter16, preprocessing included',
    },
    { what: 'match', value: stage('match'), unit: 'ms/image', note: '40 references' },
    { what: 'cluster and map', value: stage('cluster') + stage('map'), unit: 'ms/image' },
    { what: 'store', value: benchStore(services, run.id), unit: 'ms/image' },
  ];
}

/** Storing is repeated inside a transaction that is rolled back. */
function benchStore({ workspace }: Services, run: RunId): number {
  const [image] = workspace.results.ofRun(run);
  const score = image && workspace.results.score(run, image.imageId);
  if (!image || !score) return Number.NaN;
  const repeats = 200;
  const scoredImage = {
    ...score,
    clusterSizes: [1, 1],
    milliseconds: { decode: 0, features: 0, match: 0, cluster: 0, map: 0 },
  };
  const began = performance.now();
  for (let repeat = 0; repeat < repeats; repeat++)
    workspace.together(() => workspace.results.store(run, image.imageId, scoredImage));
  return (performance.now() - began) / repeats;
}

async function benchPreview({ previews, workspace }: Services, study: StudyId): Promise<Row[]> {
  const [query] = workspace.images.ofRole(study, 'query');
  if (!query) return [];
  await previews.preview(query.id, defaultSettings);
  const changes: number[] = [];
  // Seeds make every preview a new one, as a K nobody has looked at yet.
  for (let seed = 1; seed <= 12; seed++) {
    const began = performance.now();
    await previews.preview(query.id, { ...defaultSettings, k: 1 + (seed % 8), seed });
    changes.push(performance.now() - began);
  }
  return [
    {
      what: 'K change to new map',
      value: median(changes),
      unit: 'ms',
      note: 'cached features, without drawing',
    },
    { what: 'slowest of twelve', value: Math.max(...changes), unit: 'ms' },
  ];
}

async function benchStart(workspace: string): Promise<Row[]> {
  const began = performance.now();
  const child = spawn(
    process.execPath,
    [join(installation, 'src-main', 'hosts', 'cli.ts'), 'studies', '--workspace', workspace],
    { stdio: 'ignore' },
  );
  await once(child, 'exit');
  return [
    { what: 'nidus studies', value: performance.now() - began, unit: 'ms', note: 'process start to end' },
  ];
}
