import { expect, test } from 'vitest';
import { detailText } from '../../../../src-renderer/features/settings/detailText.ts';

test('an entry reads as names and values, however deep', () => {
  expect(detailText('{"layout":"bmad","images":146}')).toBe('layout bmad, images 146');
  expect(detailText('{"study":1,"settings":{"k":2,"support":{"kind":"matched"}}}')).toBe(
    'study 1, settings: k 2, support: kind matched',
  );
  expect(detailText('{"ids":[1,2]}')).toBe('ids 1 2');
});

test('plain text stays as it is', () => {
  expect(detailText('renamed to "A"')).toBe('renamed to "A"');
  expect(detailText('')).toBe('');
});
