import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fuzzyFilter, fuzzyScore } from '../../../../src-renderer/frame/fuzzy.ts';

const commands = [
  'Import images',
  'Go to studies',
  'Show images',
  'Switch between dark and light',
  'Run on all query images',
];
const find = (query: string) => fuzzyFilter(query, commands, (command) => command);

test('letters in order are enough, a whole word is better, the beginning is best', () => {
  expect(find('gst')).toEqual(['Go to studies']);
  expect(find('images')[0]).toBe('Show images');
  expect(find('run')[0]).toBe('Run on all query images');
  expect(find('dark')).toEqual(['Switch between dark and light']);
});

test('nothing typed finds everything in its order, nonsense finds nothing', () => {
  expect(find('')).toEqual(commands);
  expect(find('zzz')).toEqual([]);
});

test('any letters taken from a text in order are found in it', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.infiniteStream(fc.boolean()), (text, picks) => {
      const plain = text.replaceAll(/\s+/g, '').toLowerCase();
      const query = [...plain].filter(() => picks.next().value === true).join('');
      expect(fuzzyScore(query, plain)).not.toBeUndefined();
    }),
  );
});
