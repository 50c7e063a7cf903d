/** The vocabulary of a text encoder, in the three forms in which it is published. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { z } from 'zod';
import { Failure } from '#shared/errors.ts';
import { byteCharacters, END_OF_TEXT, END_OF_WORD, START_OF_TEXT, type Vocabulary } from './byte-pairs.ts';

const TOKENIZER = 'tokenizer.json';
const IDS = 'vocab.json';
const MERGES = 'merges.txt';
const ORIGINAL = 'bpe_simple_vocab_16e6.txt.gz';

/** Of the original file: after a first line that is a comment, as many merges as CLIP uses; the rest is unused. */
const ORIGINAL_MERGES = 48_894;

export interface FoundVocabulary {
  readonly vocabulary: Vocabulary;
  /** The files it was read from. */
  readonly files: readonly string[];
}

/**
 * Reads `tokenizer.json`, or `vocab.json` and `merges.txt`, or `bpe_simple_vocab_16e6.txt.gz`, whichever is there first.
 * @throws Failure `not-found` when the folder has none, `unreadable` when one is damaged.
 */
export async function readVocabulary(folder: string): Promise<FoundVocabulary> {
  const whole = await readIfThere(folder, TOKENIZER);
  if (whole) return { vocabulary: fromTokenizer(parseJson(whole, TOKENIZER)), files: [TOKENIZER] };
  const [ids, merges] = [await readIfThere(folder, IDS), await readIfThere(folder, MERGES)];
  if (ids && merges) {
    return { vocabulary: fromPair(parseJson(ids, IDS), merges.toString('utf8')), files: [IDS, MERGES] };
  }
  const original = await readIfThere(folder, ORIGINAL);
  if (original) return { vocabulary: fromOriginal(await unzip(original)), files: [ORIGINAL] };
  throw new Failure(
    'not-found',
    `${folder} holds no vocabulary: put ${TOKENIZER}, or ${IDS} and ${MERGES}, or ${ORIGINAL} beside the weights.`,
  );
}

const pair = z.union([
  z.tuple([z.string(), z.string()]),
  z.string().transform((text, context): [string, string] => {
    const [left, right, ...rest] = text.split(' ');
    if (!left || !right || rest.length > 0) context.addIssue(`"${text}" is no pair`);
    return [left ?? '', right ?? ''];
  }),
]);

const tokenizerSchema = z.object({
  model: z.object({
    type: z.literal('BPE').optional(),
    end_of_word_suffix: z.literal(END_OF_WORD),
    vocab: z.record(z.string(), z.int().nonnegative()),
    merges: z.array(pair),
  }),
  added_tokens: z.array(z.object({ content: z.string(), id: z.int().nonnegative() })).default([]),
});

function fromTokenizer(json: unknown): Vocabulary {
  const { model, added_tokens: added } = parse(tokenizerSchema, json, TOKENIZER);
  const ids = new Map([
    ...Object.entries(model.vocab),
    ...added.map(({ content, id }) => [content, id] as const),
  ]);
  return withMarkers({ ids, merges: model.merges }, TOKENIZER);
}

function fromPair(json: unknown, text: string): Vocabulary {
  const ids = new Map(Object.entries(parse(z.record(z.string(), z.int().nonnegative()), json, IDS)));
  return withMarkers({ ids, merges: readMerges(text, MERGES) }, IDS);
}

function fromOriginal(text: string): Vocabulary {
  const merges = readMerges(text, ORIGINAL).slice(0, ORIGINAL_MERGES);
  if (merges.length < ORIGINAL_MERGES) {
    throw new Failure('unreadable', `${ORIGINAL} holds ${merges.length} merges, not ${ORIGINAL_MERGES}.`);
  }
  const symbols = [
    ...byteCharacters,
    ...byteCharacters.map((character) => `${character}${END_OF_WORD}`),
    ...merges.map(([left, right]) => `${left}${right}`),
    START_OF_TEXT,
    END_OF_TEXT,
  ];
  return { ids: new Map(symbols.map((symbol, id) => [symbol, id])), merges };
}

/** One pair a line; the first line is a comment. */
function readMerges(text: string, name: string): (readonly [string, string])[] {
  return text
    .split('\n')
    .slice(1)
    .filter((line) => line.trim() !== '')
    .map((line, index) => {
      const [left, right, ...rest] = line.trim().split(' ');
      if (!left || !right || rest.length > 0) {
        throw new Failure('unreadable', `${name} holds no pair of symbols in line ${index + 2}.`);
      }
      return [left, right];
    });
}

function withMarkers(vocabulary: Vocabulary, name: string): Vocabulary {
  for (const marker of [START_OF_TEXT, END_OF_TEXT]) {
    if (!vocabulary.ids.has(marker))
      throw new Failure('unreadable', `${name} has no ${marker}: it is not CLIP's.`);
  }
  return vocabulary;
}

function parse<T>(schema: z.ZodType<T>, json: unknown, name: string): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  throw new Failure(
    'unreadable',
    `${name} is no byte-pair vocabulary of CLIP: ${path.join('.')} ${message}.`,
  );
}

function parseJson(bytes: Buffer, name: string): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw new Failure('unreadable', `${name} is not JSON.`, { cause: error });
  }
}

async function unzip(bytes: Buffer): Promise<string> {
  try {
    return (await promisify(gunzip)(bytes)).toString('utf8');
  } catch (error) {
    throw new Failure('unreadable', `${ORIGINAL} is damaged: it cannot be unpacked.`, { cause: error });
  }
}

async function readIfThere(folder: string, name: string): Promise<Buffer | undefined> {
  try {
    return await readFile(join(folder, name));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
