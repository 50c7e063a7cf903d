/** The doctor of the normal set: its parts at 10,000 images with synthetic embeddings, and a whole examination of real pictures. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UMAP } from 'umap-js';
import { EmbeddingIndex } from '#engine/methods/linear-algebra/embedding-index.ts';
import { principalPlane } from '#engine/methods/linear-algebra/principal-plane.ts';
import { normaliseRows } from '#engine/methods/linear-algebra/vectors.ts';
import { coveringRows } from '#engine/methods/normal-set/index.ts';
import { installation, spawnEngine } from '#main/installation.ts';
import { createServices } from '#main/services.ts';
import { createRandom } from '#shared/random.ts';
import { embeddings } from './matching.ts';
import { printTable, type Row } from './table.ts';

const count = 10_000;
const dimension = 384;

const seconds = async (work: () => unknown): Promise<number> => {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
};

async function benchParts(): Promise<Row[]> {
  const rows = embeddings(count, 7);
  const index = new EmbeddingIndex(rows, count, dimension);
  const row = (at: number) => rows.subarray(at * dimension, (at + 1) * dimension);
  const indices: number[][] = [];
  const distances: number[][] = [];
  const neighbours = await seconds(() => {
    for (let at = 0; at < count; at++) {
      const found = index.nearest(row(at), 14, (other) => other !== at);
      indices.push([at, ...found.map((one) => one.index)]);
      distances.push([0, ...found.map(({ similarity }) => Math.max(0, 1 - similarity))]);
    }
  });
  const pca = await seconds(() => principalPlane(rows, count, dimension));
  const umap = await seconds(() => {
    const random = createRandom(0);
    const map = new UMAP({ nNeighbors: 15, random: () => random.next() });
    map.setPrecomputedKNN(indices, distances);
    for (let epochs = map.initializeFit(indices.map(() => [])); epochs > 0; epochs--) map.step();
  });
  const unit = normaliseRows(rows, count, dimension);
  let kept = 0;
  // The distance that a tenth of the images have to their nearest.
  const tenth = distances.map((of) => of[1]!).toSorted((a, b) => a - b)[count / 10]!;
  const cover = await seconds(() => {
    kept = coveringRows({ data: unit, count, dimension }, [0], Math.sqrt(2 * tenth)).length;
  });
  return [
    { what: '14 nearest of every image, exact', value: neighbours, unit: 's' },
    { what: 'PCA plane', value: pca, unit: 's' },
    { what: 'UMAP plane from exact neighbours', value: umap, unit: 's' },
    { what: 'greedy k-center', value: cover, unit: 's', note: `${kept} of ${count} kept` },
  ];
}

async function benchExamination(): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'nidus-bench-'));
  const services = createServices({
    workspaceFolder: join(folder, 'workspace'),
    host: 'terminal',
    installation,
    spawnEngine,
  });
  try {
    services.jobs.start();
    const { studyId, jobId } = await services.samples.open('brain-flair-phantom');
    services.jobs.wake();
    if (jobId !== null) await services.jobs.ended(jobId);
    const { counts } = services.workspace.studies.get(studyId);
    const settings = {
      model: 'scatter16',
      size: 448,
      fit: 'squash' as const,
      layer: null,
      foreground: { rule: 'nonzero' as const, closing: 3 },
    };
    const examine = async () => {
      const started = services.doctor.start(studyId, settings);
      services.jobs.wake();
      await services.jobs.ended(started.jobId);
    };
    const first = await seconds(examine);
    const again = await seconds(examine);
    return [
      {
        what: `${counts.normal} normals and ${counts.query} queries`,
        value: first,
        unit: 's',
        note: 'with the features of every image',
      },
      { what: 'the same again', value: again, unit: 's', note: 'features from the cache' },
      {
        what: 'a normal, left out and predicted',
        value: (1000 * again) / counts.normal,
        unit: 'ms',
        note: 'its share of the second',
      },
    ];
  } finally {
    await services.close();
    await rm(folder, { recursive: true, force: true });
  }
}

export async function benchDoctor(): Promise<void> {
  printTable(
    `Doctor, parts, ${count.toLocaleString('en')} embeddings of ${dimension} values`,
    await benchParts(),
  );
  printTable('Doctor, a whole examination of pictures', await benchExamination());
}
