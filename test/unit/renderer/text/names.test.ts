import { expect, test } from 'vitest';
import { shortName } from '../../../../src-renderer/text/names.ts';

test('a name is the file, with its folder where the file is only numbered', () => {
  expect(shortName('test/Ungood/img/fg6692_z077.png')).toBe('fg6692_z077.png');
  expect(shortName('test/hole/003.png')).toBe('hole/003.png');
  expect(shortName('003.png')).toBe('003.png');
});
