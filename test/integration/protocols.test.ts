import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { sweepTables } from '#shared/sweep-table.ts';
import { parseCsv } from '../support/csv.ts';
import { writePhantomSet } from '../support/phantoms.ts';
import { importStudy, openServices } from '../support/services.ts';
import { temporaryFolder } from '../support/temporary.ts';

test(
  'a protocol runs on several studies with the split of their folders, and its bundle says everything',
  { timeout: 120_000 },
  async () => {
    const folder = await temporaryFolder();
    const services = openServices(join(folder, 'workspace'));
    const study = async (name: string, abnormals: number) => {
      await writePhantomSet(join(folder, name), { normals: 4, abnormals, size: 96 });
      return importStudy(services, name, { paths: [join(folder, name)], layout: 'bmad' });
    };
    const brain = await study('Brain', 2);
    const liver = await study('Liver', 3);

    // What people do to roles afterwards is not the data set's split.
    const { images } = services.workspace;
    const [moved] = images.ofRole(brain, 'normal');
    const [left] = images.ofRole(brain, 'query');
    images.setRole(moved!.id, 'query');
    images.setRole(left!.id, 'excluded');

    const id = services.sweeps.startProtocol(
      [
        { studyId: brain, dataSet: 'BMAD brain' },
        { studyId: liver, dataSet: 'BMAD brain' },
      ],
      'dino-ad-paper',
      'scatter16',
      ['K = 2', 'random support image'],
    );
    services.jobs.wake();
    for (const { runId } of services.workspace.sweeps.members(id))
      await services.jobs.ended(services.workspace.runs.jobOf(runId)!);

    const sweep = await services.sweeps.get(id);
    expect(sweep.parts.map(({ study: name, split }) => [name, split])).toEqual([
      ['Brain', { source: 'data set', references: 4, queries: 2, sha256: expect.any(String) }],
      ['Liver', { source: 'data set', references: 4, queries: 3, sha256: expect.any(String) }],
    ]);
    expect(sweep.runs.map(({ row, total, done }) => [row, total, done])).toEqual([
      ['K = 2', 2, 2],
      ['K = 2', 3, 3],
      ['random support image', 2, 2],
      ['random support image', 3, 3],
    ]);
    expect(services.workspace.runs.get(sweep.runs[0]!.runId).referenceSet?.size).toBe(4);
    const [table] = sweepTables(sweep);
    const [first, second] = table!.rows[0]!.parts.map(({ figures }) => figures!.pixelAuroc!);
    expect(table!.rows[0]!.figures!.pixelAuroc).toBeCloseTo((first! + second!) / 2, 12);
    expect(services.workspace.sweeps.ofStudy(liver).map((one) => one.id)).toEqual([id]);
    expect(services.workspace.sweeps.ofRun(sweep.runs[1]!.runId)).toEqual({
      sweepId: id,
      row: 'K = 2',
      protocol: 'dino-ad-paper',
      dataSet: 'BMAD brain',
    });

    const files = unzipSync(await services.bundles.zip(id));
    const text = (name: string) => strFromU8(files[name]!);
    for (const line of text('SHA256SUMS').trim().split('\n')) {
      const [sum, name] = line.split('  ');
      expect(createHash('sha256').update(files[name!]!).digest('hex'), name).toBe(sum);
    }
    expect(Object.keys(files)).toHaveLength(text('SHA256SUMS').trim().split('\n').length + 1);
    const configuration = JSON.parse(text('configuration.json')) as {
      runs: { seed: number; modelSha256: string; referenceSet: { file: string; sha256: string } }[];
    };
    expect(configuration).toMatchObject({
      protocol: { id: 'dino-ad-paper', locks: expect.arrayContaining([expect.any(String)]) },
      sweep: { parts: [{ study: 'Brain', split: { source: 'data set' } }, {}] },
    });
    const [run] = configuration.runs;
    expect(run).toMatchObject({ seed: 0, modelSha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(parseCsv(text(run!.referenceSet.file))).toHaveLength(4);
    const scored = parseCsv(text(`runs/${sweep.runs[0]!.runId}/images.csv`));
    expect(scored).toHaveLength(2);
    expect(files[`runs/${sweep.runs[0]!.runId}/maps/${scored[0]!['map']}`]!.length).toBe(128 + 28 * 28 * 4);
    expect(JSON.parse(text('figures.json'))).toMatchObject({
      tables: [{ dataSet: 'BMAD brain', obstacles: [/scatter16/, /2/].map(() => expect.any(String)) }],
    });

    services.workspace.studies.remove(brain);
    expect((await services.sweeps.get(id)).parts).toHaveLength(1);
    services.workspace.studies.remove(liver);
    expect(() => services.workspace.sweeps.get(id)).toThrow('There is no sweep');
  },
);

test('a protocol refuses what it cannot do, and leaves nothing behind', { timeout: 60_000 }, async () => {
  const folder = await temporaryFolder();
  const services = openServices(join(folder, 'workspace'));
  await writePhantomSet(join(folder, 'set'), { normals: 4, abnormals: 2, size: 96 });
  const study = await importStudy(services, 'Set', { paths: [join(folder, 'set')], layout: 'bmad' });
  const part = { studyId: study, dataSet: null };
  const start = (parts: (typeof part)[], rows: string[] | null = null, id = 'anomaly-dino-paper') =>
    services.sweeps.startProtocol(parts, id, 'scatter16', rows);
  expect(() => start([part, part])).toThrow('once');
  expect(() => start([part], ['3-shot'])).toThrow('has no row "3-shot"');
  // Three blocks of two references are two more than there are.
  expect(() => start([part], ['2-shot'])).toThrow(/takes the normal images 5 to 6/);
  expect(services.workspace.sweeps.ofStudy(study)).toEqual([]);
  expect(services.workspace.runs.ofStudy(study)).toEqual([]);
});
