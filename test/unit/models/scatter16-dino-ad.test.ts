import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import {
  decodeFeatures,
  encodeFeatures,
  type ImageFeatures,
} from '../../../src-engine/features/feature-file.ts';
import { decodeImage } from '../../../src-engine/imaging/decode.ts';
import { decodeMask } from '../../../src-engine/imaging/mask.ts';
import { foregroundPatches, rankEmbeddings, scoreDinoAd } from '../../../src-engine/methods/dino-ad/index.ts';
import { type MapWithTruth, pixelFigures } from '../../../src-engine/metrics/index.ts';
import type { Extractor } from '../../../src-engine/models/extractor.ts';
import { openExtractors } from '../../../src-engine/models/extractors.ts';
import { anomalyMap, resizeBilinear } from '../../../src-shared/anomaly-map.ts';
import type { PatchMask } from '../../../src-shared/arrays.ts';

const set = join(import.meta.dirname, '../../../../shared/data/brain/glioma_flair');
const models = join(import.meta.dirname, '../../../models');

interface Seen extends ImageFeatures {
  readonly foreground: PatchMask;
}

/** What a run sees of an image: features in the precision of the cache. */
async function see(extractor: Extractor, path: string): Promise<Seen> {
  const image = await decodeImage(path);
  const features = decodeFeatures(encodeFeatures(await extractor.extract(image, 448)))!;
  return { ...features, foreground: foregroundPatches(image, features.patches, 3) };
}

async function pixelAuroc(extractor: Extractor) {
  const normals: Seen[] = [];
  for (const name of readdirSync(join(set, 'train/good')).sort()) {
    normals.push(await see(extractor, join(set, 'train/good', name)));
  }
  const pool = Float32Array.from(normals.flatMap(({ embedding }) => [...embedding]));
  const maps: Record<'raw' | 'minmax', MapWithTruth[]> = { raw: [], minmax: [] };
  for (const name of readdirSync(join(set, 'test/Ungood/img')).sort()) {
    const query = await see(extractor, join(set, 'test/Ungood/img', name));
    const best = rankEmbeddings(pool, normals.length, query.embedding).order[0]!;
    const { patches: features, foreground } = normals[best]!;
    const { scores } = scoreDinoAd({
      support: [{ features, foreground }],
      query: query.patches,
      queryForeground: query.foreground,
      k: 2,
      seed: 0,
    });
    const truth = await decodeMask(join(set, 'test/Ungood/label', name), { width: 240, height: 240 });
    for (const scale of ['raw', 'minmax'] as const) {
      const map = resizeBilinear(anomalyMap(scores, query.foreground, scale), 240, 240);
      maps[scale].push({ map, truth });
    }
  }
  return { raw: pixelFigures(maps.raw).auroc!, minmax: pixelFigures(maps.minmax).auroc! };
}

let extractor: Extractor;
beforeAll(async () => {
  extractor = await openExtractors(models).get('scatter16');
});

test.skipIf(!existsSync(set))('DINO-AD finds gliomas of another patient (needs ../shared)', async () => {
  const { raw, minmax } = await pixelAuroc(extractor);
  expect(raw).toBeGreaterThan(0.97);
  expect(minmax).toBeGreaterThan(0.965);
});
