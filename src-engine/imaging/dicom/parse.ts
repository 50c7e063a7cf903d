import { inflateRawSync } from 'node:zlib';
import dicomParser from 'dicom-parser';
import type { DataSet, Element } from 'dicom-parser';
import { Failure } from '#shared/errors.ts';
import { refuse } from '../refusals.ts';
import { explicitLittleEndian, implicitLittleEndian } from './transfer-syntaxes.ts';

const preambleLength = 132;
/** Deflated data sets are headers and one image; more than this is a bomb. */
const maxInflatedBytes = 2 ** 29;

/** Value representations of PS3.5 section 6.2. */
const representations = new Set(
  'AE AS AT CS DA DS DT FL FD IS LO LT OB OD OF OL OV OW PN SH SL SQ SS ST SV TM UC UI UL UN UR US UT UV'.split(
    ' ',
  ),
);

/** A parsed data set; pixels and all other values are still where they were in the file. */
export interface DicomFile {
  /** Shown in errors. */
  readonly name: string;
  readonly dataSet: DataSet;
  readonly transferSyntax: string;
}

/** Whether a file is DICOM, by its start: with a preamble, or a data set that begins with group 0002 or 0008. */
export function isDicom(head: Uint8Array): boolean {
  return hasPreamble(head) || bareSyntax(head) !== undefined;
}

function hasPreamble(head: Uint8Array): boolean {
  return head.length >= preambleLength && String.fromCharCode(...head.subarray(128, 132)) === 'DICM';
}

/** The syntax of a data set without preamble and file meta information, as old programs write it. */
function bareSyntax(head: Uint8Array): string | undefined {
  if (head.length < 16 || head[0] !== 8 || head[1] !== 0 || head[3] !== 0) return undefined;
  const representation = String.fromCharCode(head[4]!, head[5]!);
  if (representations.has(representation)) return explicitLittleEndian;
  const length = new DataView(head.buffer, head.byteOffset).getUint32(4, true);
  return length <= 1024 ? implicitLittleEndian : undefined;
}

/**
 * Parse a DICOM file (PS3.10), or a bare data set, explicit or implicit, little or big endian, deflated or not.
 * @throws Failure 'unreadable' that names what is wrong.
 */
export function parseDicom(bytes: Uint8Array, name: string): DicomFile {
  if (bytes.length === 0) throw refuse(name, 'the file is empty');
  const bare = hasPreamble(bytes) ? undefined : bareSyntax(bytes);
  if (!hasPreamble(bytes) && bare === undefined) {
    throw refuse(name, 'it is not a DICOM file: the letters DICM are not at byte 128');
  }
  if (bytes.length <= preambleLength) throw refuse(name, 'the file ends after the DICOM preamble');
  const dataSet = parse(bytes, name, bare);
  checkRepresentations(dataSet, name);
  // Read apart: the values of the file meta information are not in what was deflated.
  const transferSyntax = bare ?? dicomParser.readPart10Header(bytes).string('x00020010') ?? '';
  return { name, dataSet, transferSyntax };
}

function parse(bytes: Uint8Array, name: string, bare: string | undefined): DataSet {
  try {
    return dicomParser.parseDicom(bytes, {
      ...(bare !== undefined && { TransferSyntaxUID: bare }),
      inflater: (file, position) => inflated(file, position, name),
    });
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw refuse(name, reasonOf(error), error);
  }
}

function inflated(file: Uint8Array, position: number, name: string): Uint8Array {
  try {
    return inflateRawSync(file.subarray(position), { maxOutputLength: maxInflatedBytes });
  } catch (error) {
    throw refuse(name, 'its deflated data set is damaged, cut off or larger than 512 MiB', error);
  }
}

/** What went wrong, from the parser's own words and from how far it came. */
function reasonOf(error: unknown): string {
  const { exception, dataSet } = error as { exception?: unknown; dataSet?: DataSet };
  const text = String(exception ?? (error as Error).message ?? error);
  if (/missing required meta header/.test(text)) return 'its file meta information names no transfer syntax';
  const pixels = dataSet?.elements['x7fe00010'];
  if (pixels !== undefined && /overrun|past end/.test(text)) {
    const there = dataSet!.byteArray.length - pixels.dataOffset;
    return `the file is cut off in its pixel data: ${pixels.length} bytes were announced, ${there} are there`;
  }
  if (/overrun|past end|seek|position/.test(text)) return 'the file is cut off in its DICOM header';
  return 'its DICOM header is damaged';
}

/** A wrong length makes the parser read values as elements; what gives that away is a representation that does not exist. */
function checkRepresentations(dataSet: DataSet, name: string): void {
  for (const element of Object.values(dataSet.elements)) {
    // Delimiters have no representation, zeros after the last element are padding, and group 2 was read on its own.
    if (/^x(fffe|0002|0000)/.test(element.tag)) continue;
    if (element.vr !== undefined && !representations.has(element.vr)) {
      throw refuse(name, `its element ${tagName(element)} has an invalid value representation`);
    }
    if (element.length !== 0xffffffff && element.dataOffset + element.length > dataSet.byteArray.length) {
      throw refuse(name, `the file is cut off in its element ${tagName(element)}`);
    }
    for (const item of element.items ?? []) if (item.dataSet) checkRepresentations(item.dataSet, name);
  }
}

const tagName = ({ tag }: Element): string => `(${tag.slice(1, 5)},${tag.slice(5)})`.toUpperCase();
