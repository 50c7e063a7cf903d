import { Failure } from '#shared/errors.ts';
import { formatNames } from './formats.ts';
import type { RasterFormat } from './formats.ts';

/** "NAME: reason" as a Failure. */
export function refuse(name: string, reason: string, cause?: unknown): Failure {
  return new Failure('unreadable', `${name}: ${reason}`, cause === undefined ? undefined : { cause });
}

/** One sentence for both: which of the two libvips notices first can differ from one try to the next. */
const damaged = (format: string): string => `the ${format} data is damaged or cut off`;

/** Phrases of libvips and its codecs, most telling first, and what they mean to a person. */
const meanings: readonly (readonly [RegExp, (format: string, match: RegExpMatchArray) => string])[] = [
  // What follows this phrase comes from a queue that all files being decoded share, so it may speak of another.
  [/^Warning treated as error/, damaged],
  [
    /(\w+) compression support is not configured/,
    (format, [, codec]) => `${codec} compression in ${format} is not supported`,
  ],
  [
    /samples out of range/,
    (format) => `64-bit and complex samples in ${format} are not supported; save it as 32-bit float`,
  ],
  [/exceeds channel limit/, () => 'it has more than 5 channels; 1 (grey) or 3 (RGB) are supported'],
  [/labq? format/, (format) => `CIE Lab colours in ${format} are not supported; save it as RGB`],
  [/data precision (\d+)/, (_format, [, bits]) => `${bits}-bit JPEG is not supported`],
  [
    /required field (\d+) missing/,
    (format, [, tag]) => `the ${format} header lacks the required field ${tag}`,
  ],
  [/time/, () => 'decoding took too long and was stopped'],
  [/memory|malloc/, () => 'there is not enough memory to decode it'],
  [/premature|truncat|unexpected end|read error|bad seek|end of file|not enough data|eof/i, damaged],
  [/corrupt header|unsupported image format/, (format) => `the ${format} header is damaged`],
  [/bogus|corrupt|crc error|invalid|incorrect|bad |unable to read|missing required/i, damaged],
];

/** An error of libvips in human words; its own text stays available as the cause. */
export function refuseDecoding(name: string, format: RasterFormat, error: unknown): Failure {
  if (error instanceof Failure) return error;
  const text = error instanceof Error ? error.message : String(error);
  for (const [phrase, sentence] of meanings) {
    const match = phrase.exec(text);
    if (match) return refuse(name, sentence(formatNames[format], match), error);
  }
  return refuse(name, `the ${formatNames[format]} data is damaged or of a kind that is not supported`, error);
}

/** What a decoder threw over a hostile file, as a refusal; failures of ours and of the disk stay what they are. */
export function asRefusal(name: string, error: unknown): unknown {
  const { code } = error as { code?: unknown };
  if (error instanceof Failure || typeof code === 'string') return error;
  return refuse(name, 'its data is damaged', error);
}
