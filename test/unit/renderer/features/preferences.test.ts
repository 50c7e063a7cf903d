import { expect, test } from 'vitest';
import { ImageId, StudyId } from '#shared/domain.ts';
import { defaultSettings } from '#shared/settings.ts';
import {
  defaultPreferences,
  firstSettings,
  loadPreferences,
  savePreferences,
  supportOf,
} from '../../../../src-renderer/features/inspect/model/preferences.ts';
import { sameSettings } from '../../../../src-renderer/features/inspect/model/runs.ts';
import { nearestSize, sizesFor } from '../../../../src-renderer/features/inspect/model/sizes.ts';
import { studyImage } from './fixtures.ts';

const study = StudyId.parse(3);

/** The part of `Storage` that is used, in memory. */
function storage(): Storage {
  const items = new Map<string, string>();
  return {
    get length() {
      return items.size;
    },
    clear: () => items.clear(),
    key: (index) => [...items.keys()][index] ?? null,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  };
}

test('what was set for one study is found again for that study alone', () => {
  const store = storage();
  const set = { ...defaultPreferences, opacity: 0.3, thresholds: { raw: 0.2, minmax: null } };
  savePreferences(store, study, set);
  expect(loadPreferences(store, study)).toEqual(set);
  expect(loadPreferences(store, StudyId.parse(4))).toEqual(defaultPreferences);
});

test('a missing entry gets its default, and what cannot be read is forgotten', () => {
  const store = storage();
  store.setItem('nidus.inspect.3', JSON.stringify({ opacity: 0.3 }));
  expect(loadPreferences(store, study)).toEqual({ ...defaultPreferences, opacity: 0.3 });
  for (const broken of ['{"opacity": 7}', 'not json', 'null']) {
    store.setItem('nidus.inspect.3', broken);
    expect(loadPreferences(store, study)).toEqual(defaultPreferences);
  }
});

test('a study without a black background starts without a foreground rule', () => {
  const colour = studyImage(1, { pixels: { ...studyImage(1).pixels, channels: 3 } });
  expect(firstSettings([studyImage(1)], null)).toEqual(defaultSettings);
  expect(firstSettings([colour], null)).toMatchObject({ foreground: { rule: 'all' } });
  expect(firstSettings([colour], { ...defaultSettings, k: 5 })).toEqual({ ...defaultSettings, k: 5 });
});

test('picking by hand starts from what is shown and is remembered', () => {
  const shown = [ImageId.parse(7)];
  const chosen = [ImageId.parse(8)];
  expect(supportOf('chosen', defaultPreferences, shown)).toEqual({ kind: 'chosen', images: shown });
  expect(supportOf('chosen', { ...defaultPreferences, chosen }, shown)).toEqual({
    kind: 'chosen',
    images: chosen,
  });
  expect(supportOf('chosen', defaultPreferences, [])).toEqual({ kind: 'matched', count: 1 });
  expect(supportOf('random', { ...defaultPreferences, supportCount: 4 }, shown)).toEqual({
    kind: 'random',
    count: 4,
  });
});

test('settings are the same whatever the order of their keys', () => {
  const reversed = Object.fromEntries(Object.entries(defaultSettings).toReversed()) as typeof defaultSettings;
  expect(sameSettings(defaultSettings, reversed)).toBe(true);
  expect(sameSettings(defaultSettings, { ...defaultSettings, k: 3 })).toBe(false);
});

test('only sizes the patch divides are offered, and the present one', () => {
  expect(sizesFor(14, 448)).toEqual([224, 336, 448, 518, 672, 896]);
  expect(sizesFor(16, 640)).toContain(640);
  expect(nearestSize(512, 14)).toBe(518);
});
