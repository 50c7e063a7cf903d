import type { ScoredImage, ScoreRequest } from '#shared/engine-protocol.ts';
import { Failure } from '#shared/errors.ts';
import type { AdDinov3Settings } from '#shared/methods/ad-dinov3.ts';
import { fusedScore, fuseLevels } from '../methods/ad-dinov3/index.ts';
import type { EngineState } from '../state.ts';

/** AD-DINOv3 on one image (eq. 2 to 5): the mean of the maps of the levels. */
export async function scoreWithAdDinov3(
  state: EngineState,
  { query }: ScoreRequest,
  settings: AdDinov3Settings,
): Promise<ScoredImage> {
  const { adapter, session, text } = await state.readyAdapters.get(settings);
  const extractor = await state.extractors.get(settings.model);
  const { image } = adapter.description;
  if (extractor.entry.sha256 !== image.sha256) {
    throw new Failure(
      'invalid',
      `The adapter was trained for ${image.name}, not for this ${settings.model}.`,
    );
  }
  const { levels, milliseconds } = await state.levels.get(
    extractor,
    query.pixels,
    settings.size,
    image.layers,
  );
  const extracted = performance.now();
  const { rows, columns, dimension } = levels;
  const patches = Float32Array.from(levels.patches);
  const maps: Float32Array[] = [];
  for (const [level, weights] of adapter.weights.levels.entries()) {
    if (settings.levels === 'last' && level < adapter.weights.levels.length - 1) continue;
    const size = rows * columns * dimension;
    const features = {
      images: 1,
      patches: patches.subarray(level * size, (level + 1) * size),
      cls: levels.cls.subarray(level * dimension, (level + 1) * dimension),
    };
    const outputs = await session.run(features, text, weights, ['probability']);
    maps.push(outputs.get('probability')!);
  }
  const scores = fuseLevels(maps, rows, columns);
  return {
    support: [],
    scores,
    foreground: { rows, columns, data: new Uint8Array(rows * columns).fill(1) },
    imageScore: fusedScore(scores, settings.size, settings.size),
    clusterSizes: [],
    milliseconds: {
      ...milliseconds,
      match: 0,
      cluster: 0,
      map: performance.now() - extracted,
    },
  };
}
