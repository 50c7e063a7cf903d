/** Byte-pair encoding as CLIP has it (openai/CLIP simple_tokenizer.py): bytes as characters, `</w>` at a word's end. */

import { cleanText } from './repairs.ts';

export const END_OF_WORD = '</w>';
export const START_OF_TEXT = '<|startoftext|>';
export const END_OF_TEXT = '<|endoftext|>';

/** Ids of symbols, and pairs of symbols in the order in which they are merged. */
export interface Vocabulary {
  readonly ids: ReadonlyMap<string, number>;
  readonly merges: readonly (readonly [string, string])[];
}

/** Printable bytes first: the order of the first ids. */
const byteOrder: readonly number[] = (() => {
  const isPrintable = (byte: number) =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
  const bytes = Array.from({ length: 256 }, (_, byte) => byte);
  return [...bytes.filter(isPrintable), ...bytes.filter((byte) => !isPrintable(byte))];
})();

const PRINTABLE_BYTES = 188;

/** Characters that stand for bytes, in the order of the first ids: printable bytes for themselves, the others from U+0100 on. */
export const byteCharacters: readonly string[] = byteOrder.map((byte, index) =>
  String.fromCharCode(index < PRINTABLE_BYTES ? byte : 256 + index - PRINTABLE_BYTES),
);

const characterOfByte = new Map(byteOrder.map((byte, index) => [byte, byteCharacters[index]!]));

/** The first that matches wins: markers, endings of contractions, letters, single numbers, anything else but white space. */
const PIECES =
  /<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\p{L}\p{N}]+/gu;

export interface Tokenizer {
  /** Ids of a text between start and end, `contextLength` at most: a longer text is cut and still ends. */
  encode(text: string, contextLength: number): number[];
  readonly startOfText: number;
  readonly endOfText: number;
  /** Ids go up to before this. */
  readonly size: number;
}

/** @throws TypeError when the vocabulary lacks one of the markers */
export function createTokenizer({ ids, merges }: Vocabulary): Tokenizer {
  const ranks = new Map(merges.map(([left, right], rank) => [`${left} ${right}`, rank]));
  const startOfText = ids.get(START_OF_TEXT);
  const endOfText = ids.get(END_OF_TEXT);
  if (startOfText === undefined || endOfText === undefined)
    throw new TypeError('A vocabulary without markers');
  const utf8 = new TextEncoder();
  const known = new Map<string, readonly number[]>([
    [START_OF_TEXT, [startOfText]],
    [END_OF_TEXT, [endOfText]],
  ]);

  const tokensOf = (piece: string): readonly number[] => {
    const present = known.get(piece);
    if (present) return present;
    const characters = Array.from(utf8.encode(piece), (byte) => characterOfByte.get(byte)!);
    const symbols = [...characters.slice(0, -1), `${characters.at(-1)}${END_OF_WORD}`];
    // A symbol that a cut-down vocabulary lacks has no id to give; its end marker stands for the unknown, as in the library.
    const tokens = mergeAll(symbols, ranks).map((symbol) => ids.get(symbol) ?? endOfText);
    known.set(piece, tokens);
    return tokens;
  };

  return {
    startOfText,
    endOfText,
    size: ids.values().reduce((largest, id) => Math.max(largest, id), 0) + 1,
    encode(text, contextLength) {
      const tokens = [startOfText];
      for (const [piece] of cleanText(text).matchAll(PIECES)) {
        if (tokens.length >= contextLength) break;
        tokens.push(...tokensOf(piece));
      }
      return [...tokens.slice(0, contextLength - 1), endOfText];
    },
  };
}

/** Merges the pair of lowest rank, everywhere it occurs, until no pair has a rank. */
function mergeAll(symbols: readonly string[], ranks: ReadonlyMap<string, number>): readonly string[] {
  let word = symbols;
  while (word.length > 1) {
    let best: string | undefined;
    let lowest = Infinity;
    for (let i = 0; i + 1 < word.length; i++) {
      const pair = `${word[i]} ${word[i + 1]}`;
      const rank = ranks.get(pair);
      if (rank !== undefined && rank < lowest) [best, lowest] = [pair, rank];
    }
    if (best === undefined) return word;
    const merged: string[] = [];
    for (let i = 0; i < word.length; i++) {
      if (i + 1 < word.length && `${word[i]} ${word[i + 1]}` === best) merged.push(`${word[i]}${word[++i]}`);
      else merged.push(word[i]!);
    }
    word = merged;
  }
  return word;
}
