import { beforeEach, expect, test } from 'vitest';
import type { ImageId, StudyImage } from '#shared/domain.ts';
import { Preview } from '#shared/results.ts';
import { defaultSettings } from '#shared/settings.ts';
import {
  createFrameLoader,
  type Frame,
  type Wanted,
} from '../../../../src-renderer/features/inspect/model/frames.ts';
import { Superseded } from '../../../../src-renderer/features/inspect/model/lane.ts';
import type { Sources } from '../../../../src-renderer/features/inspect/model/sources.ts';
import { studyImage } from './fixtures.ts';

const normal = studyImage(900, { role: 'normal' });
const pixelsOf = ({ pixels: { width, height } }: StudyImage) => ({
  width,
  height,
  channels: 1 as const,
  bits: 8,
  data: new Uint8Array(width * height),
});
const previewOf = (image: StudyImage, k: number) =>
  Preview.parse({
    imageId: image.id,
    support: [{ imageId: normal.id, similarity: 0.9 }],
    scores: { rows: 1, columns: 1, data: [0.5] },
    foreground: { rows: 1, columns: 1, data: [1] },
    imageScore: k,
    clusterSizes: [1],
    milliseconds: { decode: 0, features: 0, match: 0, cluster: 0, map: 0 },
  });
const want = (id: number, k = 2): Wanted => ({
  image: studyImage(id),
  settings: { ...defaultSettings, k },
  supports: [0],
});

let shown: Frame[];
let problems: unknown[];
beforeEach(() => {
  shown = [];
  problems = [];
});

/** A loader over sources in memory whose previews come after the given milliseconds. */
function loaderWith(preview: (image: StudyImage, k: number) => Promise<Preview>) {
  const sources: Sources = {
    pixels: async (image) => pixelsOf(image),
    groundTruth: async () => null,
    overlay: async () => null,
    preview: (image, settings) => preview(image, 'k' in settings ? settings.k : 0),
    prefetchPreview: (image, settings) => preview(image, 'k' in settings ? settings.k : 0),
    forgetPreviews: () => undefined,
  };
  const imageOf = ({ imageId }: { imageId: ImageId }) => (imageId === normal.id ? normal : undefined);
  return createFrameLoader(sources, imageOf, {
    show: (frame) => shown.push(frame),
    fail: (error) => problems.push(error),
  });
}
const after = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

test('a frame comes whole: image, map and support together', async () => {
  const loader = loaderWith(async (image, k) => previewOf(image, k));
  expect(await loader.load(want(1))).toBe(true);
  expect(shown).toHaveLength(1);
  expect(shown[0]).toMatchObject({
    image: { id: 1 },
    preview: { imageScore: 2 },
    supports: [{ index: 0, count: 1, similarity: 0.9 }],
  });
});

test('an answer that came too late is dropped', async () => {
  const loader = loaderWith(async (image, k) => {
    await after(k === 1 ? 40 : 5);
    return previewOf(image, k);
  });
  const [slow, fast] = await Promise.all([loader.load(want(1, 1)), loader.load(want(1, 3))]);
  await after(50);
  expect([slow, fast]).toEqual([false, true]);
  expect(shown.flatMap((frame) => frame.preview?.imageScore ?? [])).toEqual([3]);
});

test('the first image of all does not wait for its map', async () => {
  const loader = loaderWith(async (image, k) => {
    await after(30);
    return previewOf(image, k);
  });
  await loader.load(want(1));
  await loader.load(want(2));
  expect(shown.map(({ image, preview }) => [image.id, preview !== null])).toEqual([
    [1, false],
    [1, true],
    [2, true],
  ]);
});

test('a new image whose map takes long is shown without it; another map of the same image waits', async () => {
  const loader = loaderWith(async (image, k) => {
    await after(220);
    return previewOf(image, k);
  });
  await loader.load(want(1));
  await loader.load(want(1, 5));
  expect(shown.map((frame) => frame.preview?.imageScore ?? null)).toEqual([null, 2, 5]);
});

test('an image whose map fails is shown with the reason', async () => {
  const loader = loaderWith(async () => {
    throw new Error('The engine is gone.');
  });
  await loader.load(want(1));
  expect(shown).toMatchObject([{ image: { id: 1 }, preview: null }]);
  expect(problems).toEqual([new Error('The engine is gone.')]);
});

test('being replaced while waiting is not an error', async () => {
  const loader = loaderWith(async () => {
    throw new Superseded();
  });
  expect(await loader.load(want(1))).toBe(false);
  expect([shown, problems]).toEqual([[], []]);
});

test('fetching ahead ends as soon as something is wanted', async () => {
  const asked: number[] = [];
  const loader = loaderWith(async (image, k) => {
    asked.push(image.id);
    await after(10);
    return previewOf(image, k);
  });
  const ahead = loader.prefetch([want(2), want(3)]);
  await after(0);
  await loader.load(want(9));
  await ahead;
  expect(asked).toEqual([2, 9]);
});
