import { writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createTokenizer } from '#engine/models/text/byte-pairs.ts';
import { importTextModel } from '#engine/models/text/import-text-model.ts';
import { cleanText } from '#engine/models/text/repairs.ts';
import { readVocabulary } from '#engine/models/text/vocabulary.ts';
import { promptLists, promptsOf } from '#shared/prompts.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { tinyClip, tinyVocabulary, writeModelFolder, writeTinyClip } from '../../support/tiny-models.ts';

describe('the repairs of a text', () => {
  test.each([
    ['a  B\u00a0c\n', 'a b c'],
    ['fish &amp;amp; chips', 'fish & chips'],
    ['&EACUTE;t&eacute;', 'été'],
    ['<b>&amp;amp;</b>', '<b>&</b>'],
    ['&notanentity;', '¬anentity;'],
    ['ﬁne ŉ ǅ', "fine 'n dž"],
    ['ＦＵＬＬ　ｗidth', 'full width'],
    ['“it’s”', '"it\'s"'],
    ['a\u0085b \u0099', 'a…b ™'],
    ['\u001b[31mred\u001b[0m\u0007 \ufeff', 'red'],
    ['e\u0301', 'é'],
    ['\u2028', ''],
  ])('%j becomes %j', (text, expected) => {
    expect(cleanText(text)).toBe(expected);
  });
});

describe('a vocabulary', () => {
  test('cuts words into its symbols, and a long text ends with the end marker', async () => {
    const folder = await temporaryFolder();
    writeTinyClip(folder, 1);
    const { vocabulary, files } = await readVocabulary(folder);
    expect(files).toEqual(['vocab.json', 'merges.txt']);
    const tokenizer = createTokenizer(vocabulary);
    const { ids } = tinyVocabulary();
    const [start, end] = [ids['<|startoftext|>']!, ids['<|endoftext|>']!];
    expect(tokenizer.encode('The CRACK', 77)).toEqual([start, ids['the</w>'], ids['crack</w>'], end]);
    expect(tokenizer.encode('a <|endoftext|> b', 77)).toEqual([start, ids['a</w>'], end, ids['b</w>'], end]);
    const long = tokenizer.encode('crack '.repeat(100), 20);
    expect([long.length, long.at(-1)]).toEqual([20, end]);
  });

  test('is the same from tokenizer.json, with merges as pairs or as text', async () => {
    const folder = await temporaryFolder();
    const { ids, merges } = tinyVocabulary();
    const lines = merges.split('\n').slice(1, -1);
    const read = async (as: unknown[]) => {
      const model = { type: 'BPE', end_of_word_suffix: '</w>', vocab: ids, merges: as };
      writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify({ model, added_tokens: [] }));
      return createTokenizer((await readVocabulary(folder)).vocabulary).encode('the crack', 77);
    };
    expect(await read(lines)).toEqual(await read(lines.map((line) => line.split(' '))));
  });

  test('that is missing or damaged is named', async () => {
    const folder = await temporaryFolder();
    await expect(readVocabulary(folder)).rejects.toThrow('holds no vocabulary');
    writeFileSync(join(folder, 'bpe_simple_vocab_16e6.txt.gz'), 'no gzip');
    await expect(readVocabulary(folder)).rejects.toThrow('damaged');
    writeFileSync(join(folder, 'tokenizer.json'), '{"model":{"vocab":{}}}');
    await expect(readVocabulary(folder)).rejects.toThrow('tokenizer.json is no byte-pair vocabulary');
  });
});

const calm = { signal: new AbortController().signal, progress: () => {} };

describe('the import of a text encoder', () => {
  const imported = async (prepare: (source: string) => void) => {
    const folder = await temporaryFolder();
    const [source, target] = [join(folder, 'source'), join(folder, 'target')];
    prepare(source);
    return {
      target,
      description: importTextModel({ source, target, name: 'tiny', precision: 'fp32' }, calm),
    };
  };

  test('keeps the vocabulary and measures both forms of attention', async () => {
    const { target, description } = await imported((source) => writeTinyClip(source, 1));
    expect(await description).toMatchObject({ kind: 'text', dimension: 12, contextLength: 77, layers: 2 });
    expect((await description).deviation).toBeLessThan(1e-5);
    expect((await readdir(target)).sort()).toEqual([
      'description.json',
      'merges.txt',
      'model.onnx',
      'vocab.json',
    ]);
  });

  test('refuses weights without a projection, and a vocabulary of other weights, and leaves nothing', async () => {
    const withoutProjection = await imported((source) => {
      writeTinyClip(source, 1);
      const { config, tensors } = tinyClip(1);
      const { 'text_projection.weight': _, ...others } = tensors;
      writeModelFolder(source, { config, tensors: others });
    });
    await expect(withoutProjection.description).rejects.toThrow('text_projection.weight');
    const otherWords = await imported((source) => {
      writeTinyClip(source, 1);
      const { ids, merges } = tinyVocabulary();
      writeFileSync(join(source, 'vocab.json'), JSON.stringify({ ...ids, extra: 4000 }));
      writeFileSync(join(source, 'merges.txt'), merges);
    });
    await expect(otherWords.description).rejects.toThrow('do not belong together');
    await expect(readdir(otherWords.target)).rejects.toThrow('ENOENT');
  });
});

test('prompts are every state in every template, templates fastest', () => {
  const { normal, abnormal } = promptsOf('metal nut', promptLists.industrial);
  expect([normal.length, abnormal.length]).toEqual([168, 144]);
  expect(normal.slice(0, 2)).toEqual(['a photo of a metal nut.', 'a photo of the metal nut.']);
  expect(abnormal.at(-1)).toBe('there is a metal nut with something missing or broken in the picture.');
});
