import { expect, test } from 'vitest';
import type { RunId } from '#shared/domain.ts';
import { assertDataSet, checkTolerance, protocolNamed, protocols } from '#shared/protocols/index.ts';
import { defaultSettings, RunSettings } from '#shared/settings.ts';
import { axisFrom, gridPoints, sweepRows, type SweepFigures } from '#shared/sweep.ts';

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
  expect(gridPoints(defaultSettings, [axisFrom('size=224')])[0]!.settings).toMatchObject({ size: 224 });
});

test.each([
  ['k', /not of the form/],
  ['k=99', /k = 99/],
  ['k=many', /a number was expected/],
  ['support=best', /one of matched, random, chosen was expected/],
  ['shots=1', /dino-ad has no such parameter/],
  [`k=${Array.from({ length: 65 }, () => 1).join(',')}`, /./],
])('refuses %s', (written, reason) => {
  const many = Array.from({ length: 8 }, () => axisFrom('k=1,2'));
  expect(() =>
    gridPoints(defaultSettings, [axisFrom(written), ...(written.length > 100 ? many : [])]),
  ).toThrow(reason);
});

test('runs of one row are averaged, and only finished ones count', () => {
  const run = (row: string, own: SweepFigures | null) => ({
    runId: 1 as RunId,
    row,
    state: own ? ('finished' as const) : ('queued' as const),
    done: 0,
    total: 1,
    figures: own,
  });
  const rows = sweepRows({
    runs: [run('a', figures(0.8, 0.5)), run('b', null), run('a', figures(0.9, 0.7))],
  });
  expect(rows.map(({ row }) => row)).toEqual(['a', 'b']);
  expect(rows[0]!.figures?.pixelAuroc).toBeCloseTo(0.85, 12);
  expect(rows[0]!.deviations?.pixelAp).toBeCloseTo(Math.SQRT2 / 10, 12);
  expect(rows[1]).toMatchObject({ figures: null, deviations: null });
});

test('every protocol has valid settings, and numbers only for rows it runs', () => {
  for (const { points, expected } of protocols) {
    const rows = new Set(points.map(({ row }) => row));
    for (const { settings } of points)
      expect(RunSettings.safeParse(settings('scatter16')).success).toBe(true);
    for (const { row } of Object.values(expected).flat()) expect(rows).toContain(row);
  }
});

test('the tolerance decides only with the model of the paper', () => {
  const protocol = protocolNamed('dino-ad-paper');
  const rows = [{ row: 'K = 2', figures: figures(0.98, 0.6) }];
  const outcomes = (model: string) =>
    checkTolerance(protocol, 'BMAD brain', model, rows)
      .filter(({ row }) => row === 'K = 2')
      .map(({ outcome }) => outcome);
  expect(outcomes('dinov3-vits16')).toEqual(['within', 'outside']);
  expect(outcomes('scatter16')).toEqual(['not comparable', 'not comparable']);
  expect(() => protocolNamed('none')).toThrow(/dino-ad-paper, bmad, anomaly-dino-paper/);
  expect(() => assertDataSet(protocol, 'MVTec AD')).toThrow(/BMAD brain, BMAD liver/);
});
