import type { PatchFeatures } from '#shared/arrays.ts';
import { ImageId, type PixelsInfo } from '#shared/domain.ts';
import type { EngineImage } from '#shared/engine-protocol.ts';
import { Failure } from '#shared/errors.ts';
import { memoryBank } from '../matching/bank.ts';
import type { Matcher } from '../matching/matcher.ts';
import type { FitReport, Scored, Tools } from './method-runner.ts';
import { everyPatch } from './patches.ts';
import { type FittedSettings, runnerOf } from './score-with.ts';
import type { StateFiles, StateWriter } from './state-store.ts';

const noPixels = new Failure(
  'invalid',
  'Features alone have no pixels: rotated references and masks by pixels other than 0 need images.',
);

/** Features that people bring, as stored images are seen by the methods. */
function bringTools(images: ReadonlyMap<string, PatchFeatures>, matcher: Matcher): Tools {
  const refuse = () => Promise.reject(noPixels);
  const patchesOf = (pixels: PixelsInfo) => images.get(pixels.sha256)!;
  const extracted = (pixels: PixelsInfo) => ({
    patches: patchesOf(pixels),
    embedding: new Float32Array(),
    milliseconds: { decode: 0, features: 0 },
  });
  return {
    matcher,
    extractors: { get: refuse },
    features: {
      get: (pixels) => Promise.resolve(extracted(pixels)),
      getLayers: (pixels) => Promise.resolve([extracted(pixels)]),
      embedding: refuse,
    },
    images: {
      pixels: refuse,
      truth: refuse,
      foreground: (_, grid, choice) => (choice.rule === 'all' ? Promise.resolve(everyPatch(grid)) : refuse()),
    },
  };
}

/** A state that lives as long as one call. */
function memoryState() {
  const arrays = new Map<string, (Float32Array | Float64Array)[]>();
  const joined = <A extends Float32Array | Float64Array>(name: string, make: (length: number) => A): A => {
    const parts = arrays.get(name) ?? [];
    const all = make(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  };
  const writer: StateWriter = {
    append: (name, values) => {
      arrays.set(name, [...(arrays.get(name) ?? []), values.slice()]);
      return Promise.resolve();
    },
  };
  const floats = (name: string) => joined(name, (length) => new Float32Array(length));
  const files = (meta: unknown): StateFiles => ({
    meta: JSON.parse(JSON.stringify(meta)) as unknown,
    floats: (name) => Promise.resolve(floats(name)),
    doubles: (name) => Promise.resolve(joined(name, (length) => new Float64Array(length))),
    bank: (name, dimension) => {
      const data = floats(name);
      return Promise.resolve(memoryBank({ data, count: data.length / dimension, dimension }));
    },
  });
  return { writer, files };
}

const silent: FitReport = { step: () => Promise.resolve() };

/** A method on features that people bring: fitted on the references (the queries for batched scoring), then every query. */
export async function scoreBrought(
  matcher: Matcher,
  references: readonly PatchFeatures[],
  queries: readonly PatchFeatures[],
  settings: FittedSettings,
): Promise<Scored[]> {
  const images = new Map<string, PatchFeatures>();
  const imageOf = (patches: PatchFeatures): EngineImage => {
    const id = ImageId.parse(images.size + 1);
    const sha256 = String(id);
    images.set(sha256, patches);
    // Every patch a pixel: without the images nobody knows how large they are.
    const { columns: width, rows: height } = patches;
    return { id, pixels: { sha256, type: 'float32', width, height, channels: 1, bits: 32 } };
  };
  const asked = queries.map(imageOf);
  const compared = settings.method === 'anomaly-dino-batched' ? asked : references.map(imageOf);
  const tools = bringTools(images, matcher);
  const runner = runnerOf(settings);
  const state = memoryState();
  const fitted = await runner.open(
    state.files(await runner.fit(tools, compared, settings, state.writer, silent)),
  );
  const scored: Scored[] = [];
  for (const query of asked) scored.push(await runner.score(tools, query, fitted, settings));
  return scored;
}
