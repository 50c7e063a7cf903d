/** What the engine says of a map, on a study of phantoms with the real extractor. */
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { hotterThan } from '#shared/calibration.ts';
import { Failure } from '#shared/errors.ts';
import { defaultSettings, type DinoAdSettings, type RunSettings } from '#shared/settings.ts';
import { writePhantomSet } from '../support/phantoms.ts';
import { importStudy, openServices } from '../support/services.ts';
import { temporaryFolder } from '../support/temporary.ts';

vi.setConfig({ testTimeout: 120_000 });

const settings: DinoAdSettings = { ...defaultSettings, size: 128, support: { kind: 'matched', count: 2 } };

async function phantoms() {
  const folder = await temporaryFolder();
  await writePhantomSet(join(folder, 'set'), { normals: 4, abnormals: 1, size: 128 });
  const services = openServices(join(folder, 'workspace'));
  const studyId = await importStudy(services, 'Phantoms', { paths: [join(folder, 'set')] });
  const query = services.workspace.images.ofRole(studyId, 'query')[0]!;
  const preview = (asked: RunSettings) => services.previews.preview(query.id, asked);
  return { services, studyId, query, preview };
}

test('a patch is explained by what it was compared with', async () => {
  const { services, query, preview } = await phantoms();
  const shown = await preview(settings);
  const hottest = shown.scores.data.indexOf(Math.max(...shown.scores.data));
  const at = { row: Math.floor(hottest / shown.scores.columns), column: hottest % shown.scores.columns };
  const found = await services.explanations.patch(query.id, settings, at);

  expect(found).toMatchObject({ ...at, rows: 8, columns: 8, score: shown.scores.data[hottest] });
  expect(found.references.map(({ imageId }) => imageId)).toEqual(shown.support.map(({ imageId }) => imageId));
  // The map is 1 minus the mean similarity to the centroids (DINO-AD).
  const mean = found.centroids.reduce((sum, { similarity }) => sum + similarity, 0) / found.centroids.length;
  expect(1 - mean).toBeCloseTo(found.score, 6);
  expect(found.centroids).toHaveLength(settings.k);
  for (const { best, worst } of found.references) {
    expect(best!.similarity).toBeGreaterThan(worst!.similarity);
  }
  // Without a reference the score is that of a study in which it is banned.
  const [first] = found.references;
  const banned = await preview({ ...settings, banned: [first!.imageId] });
  expect(banned.support.map(({ imageId }) => imageId)).not.toContain(first!.imageId);
  expect(first!.without).toBeCloseTo(banned.scores.data[hottest]!, 6);

  await expect(services.explanations.patch(query.id, settings, { row: 8, column: 0 })).rejects.toThrow(
    'There is no patch 8, 0 on a grid of 8 x 8.',
  );
});

test('a pinned reference comes first, and the others follow by similarity', async () => {
  const { preview } = await phantoms();
  const all = await preview({ ...settings, support: { kind: 'matched', count: 4 } });
  const ranked = all.support.map(({ imageId }) => imageId);
  const last = ranked.at(-1)!;
  const pinned = await preview({ ...settings, pinned: [last] });
  expect(pinned.support.map(({ imageId }) => imageId)).toEqual([last, ranked[0]]);
  await expect(preview({ ...settings, banned: ranked.slice(0, 3) })).rejects.toThrow(Failure);
});

test('clusters and components are those of the patches that count', async () => {
  const { services, query, preview } = await phantoms();
  const shown = await preview(settings);
  const pictures = await services.explanations.pictures(query.id, settings);
  expect(pictures.supports.map(({ imageId }) => imageId)).toEqual(
    shown.support.map(({ imageId }) => imageId),
  );
  const isCounted = shown.foreground.data.map((value) => value === 1);
  expect(pictures.query.clusters!.map((cluster) => cluster >= 0)).toEqual(isCounted);
  expect(pictures.query.components.filter((_, i) => i % 3 === 0).map((value) => value >= 0)).toEqual(
    isCounted,
  );
  const counts = shown.clusterSizes.map(
    (_, cluster) =>
      pictures.supports.flatMap(({ clusters }) => clusters!).filter((one) => one === cluster).length,
  );
  expect(counts).toEqual(shown.clusterSizes);
});

test('the normals are scored against each other once, and the quantiles are kept', async () => {
  const { services, studyId, query, preview } = await phantoms();
  const table = await services.calibrations.get(studyId, settings);
  expect(table.images).toBe(4);
  expect(table.scores).toEqual(table.scores.toSorted((a, b) => a - b));
  // The lesion of a phantom is hotter than nearly everything normal, a middling patch is not.
  const { scores, foreground } = await preview(settings);
  const counted = scores.data.filter((_, i) => foreground.data[i] === 1).sort((a, b) => a - b);
  expect(hotterThan(table, counted.at(-1)!)).toBeGreaterThan(0.99);
  expect(hotterThan(table, counted[Math.floor(counted.length / 4)]!)).toBeLessThan(0.9);

  const call = vi.spyOn(services.workspace.calibrations, 'put');
  expect(await services.calibrations.get(studyId, settings)).toEqual(table);
  expect(call).not.toHaveBeenCalled();
  const others = await services.calibrations.get(studyId, { ...settings, k: 3 });
  expect(others.scores).not.toEqual(table.scores);

  const one = { ...settings, support: { kind: 'matched', count: 1 } } as const;
  const normals = services.workspace.images.ofRole(studyId, 'normal');
  services.studies.setRole(
    normals.slice(1).map(({ id }) => id),
    'excluded',
  );
  await expect(services.calibrations.get(studyId, one)).rejects.toThrow('it needs at least two of them');
  expect(query.role).toBe('query');
});
