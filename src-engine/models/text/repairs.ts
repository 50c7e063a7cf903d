/**
 * What the official CLIP tokenizer does to a text before it is cut: the repairs of ftfy's defaults but that of wrongly
 * decoded text (mojibake), HTML entities, white space, lower case.
 */
import { decodeHTML } from 'entities';
import { decodeEntitiesWithSemicolon } from './html-entities.ts';

/** Characters of one, drawn as one: Latin ligatures, Dutch and Croatian digraphs. */
const ligatures: Readonly<Record<string, string>> = {
  Ĳ: 'IJ',
  ĳ: 'ij',
  ŉ: 'ʼn',
  Ǳ: 'DZ',
  ǲ: 'Dz',
  ǳ: 'dz',
  Ǆ: 'DŽ',
  ǅ: 'Dž',
  ǆ: 'dž',
  Ǉ: 'LJ',
  ǈ: 'Lj',
  ǉ: 'lj',
  Ǌ: 'NJ',
  ǋ: 'Nj',
  ǌ: 'nj',
  ﬀ: 'ff',
  ﬁ: 'fi',
  ﬂ: 'fl',
  ﬃ: 'ffi',
  ﬄ: 'ffl',
  ﬅ: 'ſt',
  ﬆ: 'st',
};

const windows1252 = new TextDecoder('windows-1252');
const asWindows1252 = (control: string): string => windows1252.decode(Uint8Array.of(control.charCodeAt(0)));

/** Control characters of the range that Windows used for letters. */
const C1_CONTROLS = /[\u0080-\u009f]/g;
const LIGATURES = /[ĲĳŉǱ-ǳǄ-ǌﬀ-ﬆ]/g;
const WIDE_AND_NARROW = /[\uff01-\uffef\u3000]/g;
const SINGLE_QUOTES = /[\u02bc\u2018-\u201b]/g;
const DOUBLE_QUOTES = /[\u201c-\u201f]/g;
const LINE_BREAKS = /\r\n|[\r\u2028\u2029\u0085]/g;
// oxlint-disable-next-line no-control-regex -- control characters are what these two look for
const TERMINAL_COLOURS = /\u001b\[[\d;]*[a-zA-Z]/g;
// oxlint-disable-next-line no-control-regex -- as above
const CONTROLS = /[\u0000-\u0008\u000b\u000e-\u001f\u007f\u206a-\u206f\ufeff\ufff9-\ufffc]/g;

/** One pass of all repairs, in ftfy's order. */
function repairOnce(text: string, decodesEntities: boolean): string {
  return (decodesEntities ? decodeEntitiesWithSemicolon(text) : text)
    .replace(C1_CONTROLS, asWindows1252)
    .replace(LIGATURES, (character) => ligatures[character] ?? character)
    .replace(WIDE_AND_NARROW, (character) => character.normalize('NFKC'))
    .replace(SINGLE_QUOTES, "'")
    .replace(DOUBLE_QUOTES, '"')
    .replace(LINE_BREAKS, '\n')
    .replace(TERMINAL_COLOURS, '')
    .replace(CONTROLS, '')
    .normalize('NFC');
}

function repairToTheEnd(line: string, decodesEntities: boolean): string {
  for (let text = line; ;) {
    const repaired = repairOnce(text, decodesEntities);
    if (repaired === text) return text;
    text = repaired;
  }
}

/** Line by line; from the first `<` on a text counts as HTML source, whose entities stay. */
function repairLines(text: string): string {
  let decodesEntities = true;
  return text
    .split(/(?<=\n)/)
    .map((line) => {
      if (line.includes('<')) decodesEntities = false;
      return repairToTheEnd(line, decodesEntities);
    })
    .join('');
}

/** Unicode's White_Space, which JavaScript's `\s` is not quite. */
const WHITE_SPACE = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/g;

/** A text as the tokenizer cuts it: repaired, entities decoded twice, one blank between words, lower case. */
export function cleanText(text: string): string {
  return decodeHTML(decodeHTML(repairLines(text)))
    .replace(WHITE_SPACE, ' ')
    .replace(/^ | $/g, '')
    .toLowerCase();
}
