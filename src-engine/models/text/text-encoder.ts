import type { Prompts } from '#shared/prompts.ts';
import { TEXT_OUTPUTS } from '../families/clip-text/outputs.ts';
import type { Tokenizer } from './byte-pairs.ts';
import type { TextSession } from './session.ts';

/** Sentences a run: enough to fill the cores, few enough to be interrupted. */
const BATCH = 32;

/** One vector a sentence, not normalised. */
export type EncodeSentences = (sentences: readonly string[]) => Promise<readonly Float32Array[]>;

/** Sentences of similar length share a run, so that little of it is padding. */
export async function encodeSentences(
  session: TextSession,
  tokenizer: Tokenizer,
  contextLength: number,
  sentences: readonly string[],
): Promise<Float32Array[]> {
  const texts = sentences
    .map((sentence, index) => ({ index, ids: tokenizer.encode(sentence, contextLength) }))
    .toSorted((a, b) => a.ids.length - b.ids.length);
  const vectors: Float32Array[] = [];
  for (let from = 0; from < texts.length; from += BATCH) {
    const some = texts.slice(from, from + BATCH);
    const outputs = await session.run(
      some.map(({ ids }) => ids),
      [TEXT_OUTPUTS.embedding],
    );
    const all = outputs.get(TEXT_OUTPUTS.embedding)!;
    const width = all.length / some.length;
    for (const [row, { index }] of some.entries()) vectors[index] = all.slice(row * width, (row + 1) * width);
  }
  return vectors;
}

/** Two text vectors of a class [2 x dimension], normal then abnormal: the normalised mean of normalised sentences. */
export async function encodePrompts(encode: EncodeSentences, prompts: Prompts): Promise<Float32Array> {
  const normal = meanDirection(await encode(prompts.normal));
  const abnormal = meanDirection(await encode(prompts.abnormal));
  const both = new Float32Array(2 * normal.length);
  both.set(normal);
  both.set(abnormal, normal.length);
  return both;
}

function meanDirection(vectors: readonly Float32Array[]): Float64Array {
  const sum = new Float64Array(vectors[0]!.length);
  for (const vector of vectors) {
    const length = lengthOf(vector);
    for (let i = 0; i < sum.length; i++) sum[i] = sum[i]! + vector[i]! / length;
  }
  const length = lengthOf(sum);
  return sum.map((value) => value / length);
}

const lengthOf = (vector: Float32Array | Float64Array): number => {
  let squares = 0;
  for (const value of vector) squares += value * value;
  return Math.max(Math.sqrt(squares), 1e-12);
};
