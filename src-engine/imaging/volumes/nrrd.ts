import { refuse } from '../refusals.ts';
import { besideHeader, numbersIn, volumeHeader } from './text-header.ts';
import type { VolumeFile, VoxelType } from './volume-header.ts';

/** https://teem.sourceforge.net/nrrd/format.html */
export const isNrrd = (head: Uint8Array): boolean =>
  String.fromCharCode(...head.subarray(0, 7)) === 'NRRD000';

const types: Readonly<Record<string, readonly [string, VoxelType['bytes']]>> = {
  'signed char': ['int8', 1],
  int8: ['int8', 1],
  uchar: ['uint8', 1],
  'unsigned char': ['uint8', 1],
  uint8: ['uint8', 1],
  short: ['int16', 2],
  'short int': ['int16', 2],
  'signed short': ['int16', 2],
  int16: ['int16', 2],
  ushort: ['uint16', 2],
  'unsigned short': ['uint16', 2],
  uint16: ['uint16', 2],
  int: ['int32', 4],
  'signed int': ['int32', 4],
  int32: ['int32', 4],
  uint: ['uint32', 4],
  'unsigned int': ['uint32', 4],
  uint32: ['uint32', 4],
  longlong: ['int64', 8],
  'long long': ['int64', 8],
  int64: ['int64', 8],
  ulonglong: ['uint64', 8],
  'unsigned long long': ['uint64', 8],
  uint64: ['uint64', 8],
  float: ['float32', 4],
  double: ['float64', 8],
};

/** @param head the first bytes of the file, all of its header among them */
export function readNrrd(head: Uint8Array, path: string, name: string): VolumeFile {
  const text = new TextDecoder('latin1').decode(head);
  const end = /\r?\n\r?\n/.exec(text);
  const detached = fieldsOf(text).has('data file');
  if (!end && !detached) throw refuse(name, 'its NRRD header is cut off');
  const fields = fieldsOf(end ? text.slice(0, end.index) : text);
  const field = (key: string) => fields.get(key) ?? '';

  const encoding = field('encoding').toLowerCase();
  const isPacked = encoding === 'gzip' || encoding === 'gz';
  if (!isPacked && encoding !== 'raw')
    throw refuse(name, `its NRRD encoding "${encoding}" is not supported; raw and gzip are`);
  if (Number(field('line skip') || 0) !== 0 || Number(field('byte skip') || 0) !== 0)
    throw refuse(name, 'NRRD files that skip lines or bytes are not supported');
  const known = types[field('type').toLowerCase().replace(/_t$/, '')];
  if (!known) throw refuse(name, `voxels of type "${field('type')}" are not supported`);

  const sizes = numbersIn(field('sizes'));
  const vectors = vectorsIn(field('space directions'));
  const spatial = vectors?.map((vector) => vector !== null) ?? kindsIn(field('kinds'), sizes.length);
  const channels = spatial[0] === false ? sizes[0] : 1;
  if (channels !== 1 && !(known[0] === 'uint8' && (channels === 3 || channels === 4)))
    throw refuse(name, 'its first axis is not one of space; only colours of 8 bits are supported there');
  const from = channels === 1 ? 0 : 1;
  const [data, offset] = detached
    ? [besideHeader(path, field('data file'), name), 0]
    : [path, end!.index + end![0].length];
  const header = volumeHeader(
    {
      littleEndian: field('endian').toLowerCase() !== 'big',
      sizes: sizes.slice(from),
      type: { name: known[0], bytes: known[1], channels: channels as VoxelType['channels'] },
      dataOffset: isPacked ? 0 : offset,
      directions: vectors?.flatMap((vector) => vector ?? []).length ? spaceVectors(vectors, from) : null,
      spacings: numbersIn(field('spacings')).slice(from),
      origin: numbersIn(field('space origin')),
      signs: signsOf(field('space')),
    },
    name,
  );
  return { format: 'NRRD', name, header, dataPath: data, ...(isPacked && { packedFrom: offset }) };
}

function fieldsOf(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const match = /^([^#:][^:]*):\s(.*)$/.exec(line);
    // "key:=value" is a remark; "datafile" an older spelling.
    if (match) fields.set(match[1]!.toLowerCase().replace('datafile', 'data file'), match[2]!.trim());
  }
  return fields;
}

/** A vector an axis, null for `none`; undefined where there is none. */
function vectorsIn(text: string): (number[] | null)[] | undefined {
  const parts = text.match(/\([^)]*\)|none/gi);
  return parts?.map((part) => (part.toLowerCase() === 'none' ? null : numbersIn(part)));
}

const spaceVectors = (vectors: readonly (number[] | null)[], from: number): number[][] =>
  vectors.slice(from).flatMap((vector) => (vector ? [vector] : []));

/** Which axes lie in space, by `kinds`; all of them where it does not say. */
function kindsIn(text: string, count: number): boolean[] {
  const kinds = text.toLowerCase().split(/\s+/).filter(Boolean);
  return Array.from({ length: count }, (_, axis) => !/color|vector|list/.test(kinds[axis] ?? ''));
}

/** "left-posterior-superior", "LPS" and so on; without a space the axes are taken to run right, forward and up. */
function signsOf(space: string): readonly [1 | -1, 1 | -1, 1 | -1] {
  const words = /^[a-z]{3,4}$/i.test(space) ? [...space] : space.split('-');
  const [x = '', y = '', z = ''] = words.map((word) => word[0]?.toLowerCase() ?? '');
  return [x === 'l' ? -1 : 1, y === 'p' ? -1 : 1, z === 'i' ? -1 : 1];
}
