import { expect, test } from 'vitest';
import type { RunId, StudyId } from '#shared/domain.ts';
import {
  assertDataSet,
  assertRows,
  checkTolerance,
  obstacles,
  protocolNamed,
  protocols,
} from '#shared/protocols/index.ts';
import { featuresOf, methods } from '#shared/methods/index.ts';
import { defaultSettings, RunSettings } from '#shared/settings.ts';
import { axisFrom, gridPoints, type SweepFigures, type SweepPart } from '#shared/sweep.ts';
import { type SweepTable, sweepTables } from '#shared/sweep-table.ts';

const figures = (pixelAuroc: number, pixelAp: number): SweepFigures => ({
  pixelAuroc,
  pixelAp,
  pixelF1max: null,
  aupro: null,
  imageAuroc: null,
  imageAp: null,
  imageF1max: null,
});

test('a grid is every combination, the last axis turning fastest', () => {
  const points = gridPoints(defaultSettings, [axisFrom('k=1,2'), axisFrom('support=matched,random')]);
  expect(points.map(({ row }) => row)).toEqual([
    'k 1, support matched',
    'k 1, support random',
    'k 2, support matched',
    'k 2, support random',
  ]);
  expect(points[3]!.settings).toMatchObject({ k: 2, support: { kind: 'random', count: 1 } });
  const joined = gridPoints(methods.patchcore.defaults, [axisFrom('layers=2+3,output')]);
  expect(joined.map(({ settings }) => featuresOf(settings).layers)).toEqual([[2, 3], []]);
  expect(gridPoints(defaultSettings, [axisFrom('size=224')])[0]!.settings).toMatchObject({ size: 224 });
});

test.each([
  ['k', /not of the form/],
  ['k=99', /k = 99/],
  ['k=many', /a number was expected/],
  ['layers=2+x', /layers = 2\+x/],
  ['support=best', /one of matched, random, chosen was expected/],
  ['shots=1', /dino-ad has no such parameter/],
  [`k=${Array.from({ length: 65 }, () => 1).join(',')}`, /./],
])('refuses %s', (written, reason) => {
  const many = Array.from({ length: 8 }, () => axisFrom('k=1,2'));
  expect(() =>
    gridPoints(defaultSettings, [axisFrom(written), ...(written.length > 100 ? many : [])]),
  ).toThrow(reason);
});

const part = (
  study: number,
  dataSet: string | null,
  source: 'data set' | 'roles' = 'data set',
): SweepPart => ({
  studyId: study as StudyId,
  study: `study ${study}`,
  dataSet,
  split: { source, references: 1, queries: 1, sha256: '0'.repeat(64) },
});
const run = (study: number, row: string, own: SweepFigures | null, model = 'dinov3-vits16') => ({
  runId: 1 as RunId,
  studyId: study as StudyId,
  model,
  row,
  state: own ? ('finished' as const) : ('queued' as const),
  done: 0,
  total: 1,
  figures: own,
});

test('runs of one row are averaged, and only finished ones count', () => {
  const [table] = sweepTables({
    parts: [part(1, null)],
    runs: [run(1, 'a', figures(0.8, 0.5)), run(1, 'b', null), run(1, 'a', figures(0.9, 0.7))],
  });
  expect(table!.rows.map(({ row }) => row)).toEqual(['a', 'b']);
  expect(table!.rows[0]!.figures?.pixelAuroc).toBeCloseTo(0.85, 12);
  expect(table!.rows[0]!.deviations?.pixelAp).toBeCloseTo(Math.SQRT2 / 10, 12);
  expect(table!.rows[1]).toMatchObject({ figures: null, deviations: null });
});

test('over several studies: the mean of each repeat first, then mean and deviation over the repeats', () => {
  const parts = [part(1, 'VisA'), part(2, 'VisA'), part(3, 'MVTec AD')];
  const runs = [
    run(1, 'a', figures(0.8, 0.4)),
    run(2, 'a', figures(0.6, 0.2)),
    run(3, 'a', figures(0.5, 0.5)),
    run(1, 'a', figures(1, 0.6)),
    run(2, 'a', figures(0.8, 0.4)),
  ];
  const [visa, mvtec] = sweepTables({ parts, runs });
  expect(visa!.dataSet).toBe('VisA');
  expect(visa!.rows[0]!.figures?.pixelAuroc).toBeCloseTo(0.8, 12);
  // Repeats 0.7 and 0.9, not the four runs.
  expect(visa!.rows[0]!.deviations?.pixelAuroc).toBeCloseTo(Math.SQRT2 / 10, 12);
  expect(visa!.rows[0]!.parts.map((one) => one.figures?.pixelAuroc)).toEqual([0.9, 0.7]);
  expect(mvtec!.rows[0]!).toMatchObject({ figures: { pixelAuroc: 0.5 }, deviations: null });
  const unfinished = sweepTables({ parts: parts.slice(0, 2), runs: [runs[0]!, run(2, 'a', null)] });
  expect(unfinished[0]!.rows[0]!.figures).toBeNull();
});

test('every protocol has valid settings, and numbers only for rows it runs', () => {
  for (const { points, expected } of protocols) {
    const rows = new Set(points.map(({ row }) => row));
    for (const { settings } of points)
      expect(RunSettings.safeParse(settings('scatter16')).success).toBe(true);
    for (const { row } of Object.values(expected).flat()) expect(rows).toContain(row);
  }
});

test('the tolerance decides only where nothing stands in the way', () => {
  const protocol = protocolNamed('dino-ad-paper');
  const table = (model: string, source?: 'roles', studies = 1): SweepTable => {
    const parts = Array.from({ length: studies }, (_, i) => part(i + 1, 'BMAD brain', source));
    const runs = parts.map(({ studyId }) => run(studyId, 'K = 2', figures(0.98, 0.6), model));
    return sweepTables({ parts, runs })[0]!;
  };
  const outcomes = (of: SweepTable) =>
    checkTolerance(protocol, of)
      .filter(({ row }) => row === 'K = 2')
      .map(({ outcome }) => outcome);
  expect(outcomes(table('dinov3-vits16'))).toEqual(['within', 'outside']);
  const incomparable = ['not comparable', 'not comparable'];
  expect(outcomes(table('scatter16'))).toEqual(incomparable);
  expect(outcomes(table('dinov3-vits16', 'roles'))).toEqual(incomparable);
  expect(outcomes(table('dinov3-vits16', undefined, 2))).toEqual(incomparable);
  expect(obstacles(protocol, table('scatter16', 'roles', 2))).toEqual([
    "the model is scatter16, the paper's DINOv3",
    "the paper's numbers are over 1 study, these over 2",
    'the folders of study 1, study 2 did not say what is training and test',
  ]);
  expect(() => protocolNamed('none')).toThrow(/dino-ad-paper, bmad, anomaly-dino-paper/);
  expect(() => assertDataSet(protocol, 'MVTec AD')).toThrow(/BMAD brain, BMAD liver/);
  expect(() => assertRows(protocol, ['K = 9'])).toThrow(/has no row "K = 9"/);
});

test('the few-shot rows of AnomalyDINO have its preparation and its shape of images', () => {
  const { points } = protocolNamed('anomaly-dino-paper');
  const settings = points.find(({ row }) => row === '1-shot')!.settings('dinov2');
  expect(settings).toMatchObject({ preprocessing: 'agnostic', fit: 'crop', size: 448, shots: 1, seed: 0 });
});
