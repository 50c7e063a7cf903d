import { expect, test } from 'vitest';
import type { StudyImage } from '#shared/domain.ts';
import { ImageId, StudyId } from '#shared/domain.ts';
import {
  filterImages,
  isFiltering,
  noFilter,
  toggled,
} from '../../../../src-renderer/features/images/filters.ts';

let lastId = 0;
const image = (name: string, more: Partial<StudyImage> = {}): StudyImage => ({
  id: ImageId.parse(++lastId),
  studyId: StudyId.parse(1),
  name,
  role: 'query',
  label: 'unknown',
  split: null,
  defect: null,
  pixels: { sha256: '0'.repeat(64), type: 'uint8', width: 8, height: 8, channels: 1, bits: 8 },
  statistics: { min: 0, max: 1, mean: 0 },
  spacing: null,
  patient: null,
  acquisition: null,
  hasOverlay: false,
  groundTruth: 'unknown',
  ...more,
});

const images = [
  image('scan_01.png', { role: 'normal', label: 'normal' }),
  image('scan_02.png', { label: 'abnormal', groundTruth: 'drawn' }),
  image('bolt.png', { label: 'abnormal', defect: 'scratch' }),
];
const names = (filter: Parameters<typeof filterImages>[1]) =>
  filterImages(images, filter).map(({ name }) => name);

test('nothing pressed lets everything through', () => {
  expect(names(noFilter)).toHaveLength(3);
  expect(isFiltering(noFilter)).toBe(false);
});

test('chips of a group widen, groups narrow', () => {
  expect(names({ ...noFilter, labels: new Set(['normal', 'abnormal']) })).toHaveLength(3);
  expect(names({ ...noFilter, labels: new Set(['abnormal']), groundTruths: new Set(['drawn']) })).toEqual([
    'scan_02.png',
  ]);
});

test('all words are looked for in name and defect', () => {
  expect(names({ ...noFilter, text: 'SCAN 02' })).toEqual(['scan_02.png']);
  expect(names({ ...noFilter, text: 'scratch' })).toEqual(['bolt.png']);
});

test('pressing a chip twice changes nothing', () => {
  expect([...toggled(toggled(new Set(['a']), 'b'), 'b')]).toEqual(['a']);
});
