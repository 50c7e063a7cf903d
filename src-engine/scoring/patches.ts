/** What the runners do with patches of stored images. */
import { imageScore } from '#shared/anomaly-map.ts';
import type { PatchFeatures, PatchMask, ScoreMap } from '#shared/arrays.ts';
import type { EngineImage } from '#shared/engine-protocol.ts';
import { fullMap, type MapRule } from '#shared/full-map.ts';
import type { Aggregation } from '#shared/methods/common.ts';
import { featuresOf } from '#shared/methods/index.ts';
import type { RunSettings } from '#shared/settings.ts';
import { maskScores } from '../methods/anomaly-dino/index.ts';
import { joinLayers } from '../methods/join-layers.ts';
import type { Tools } from './method-runner.ts';

/** Features of an image; several layers are joined on the grid of the first. */
export async function patchesOf(
  { features }: Tools,
  { pixels }: EngineImage,
  settings: RunSettings,
  resize: 'bilinear' | 'nearest' = 'bilinear',
): Promise<PatchFeatures> {
  const layers = await features.getLayers(pixels, featuresOf(settings));
  return joinLayers(
    layers.map(({ patches }) => patches),
    resize,
  );
}

export const everyPatch = ({ rows, columns }: { rows: number; columns: number }): PatchMask => ({
  rows,
  columns,
  data: new Uint8Array(rows * columns).fill(1),
});

/** The score of an image from its patch scores. */
export function aggregate(
  scores: ScoreMap,
  counted: PatchMask,
  aggregation: Aggregation,
  rule: MapRule,
  { pixels }: EngineImage,
): number {
  const map = maskScores(scores, counted);
  switch (aggregation) {
    case 'top-percent':
      return imageScore(map);
    case 'largest-patch':
      return largest(map.data);
    case 'largest-pixel':
      return largest(fullMap(map, rule, pixels.height, pixels.width).data);
  }
}

function largest(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, value), -Infinity);
}
