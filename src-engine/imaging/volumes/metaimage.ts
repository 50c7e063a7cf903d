import { refuse } from '../refusals.ts';
import { besideHeader, numbersIn, volumeHeader } from './text-header.ts';
import type { VolumeFile, VoxelType } from './volume-header.ts';

/** Files of ITK: text up to `ElementDataFile`, then the voxels, or the name of the file that has them. */
export const isMetaImage = (head: Uint8Array): boolean =>
  /^\s*(ObjectType|NDims|Comment)\s*=/.test(String.fromCharCode(...head.subarray(0, 64)));

const types: Readonly<Record<string, readonly [string, VoxelType['bytes']]>> = {
  MET_CHAR: ['int8', 1],
  MET_UCHAR: ['uint8', 1],
  MET_SHORT: ['int16', 2],
  MET_USHORT: ['uint16', 2],
  MET_INT: ['int32', 4],
  MET_UINT: ['uint32', 4],
  MET_LONG: ['int32', 4],
  MET_ULONG: ['uint32', 4],
  MET_LONG_LONG: ['int64', 8],
  MET_ULONG_LONG: ['uint64', 8],
  MET_FLOAT: ['float32', 4],
  MET_DOUBLE: ['float64', 8],
};

/** @param head the first bytes of the file, all of its header among them */
export function readMetaImage(head: Uint8Array, path: string, name: string): VolumeFile {
  const text = new TextDecoder('latin1').decode(head);
  const end = /^ElementDataFile[ \t]*=[ \t]*([^\r\n]*)\r?\n?/m.exec(text);
  if (!end) throw refuse(name, 'its MetaImage header is cut off: it names no data');
  const fields = new Map<string, string>();
  for (const [, key, value] of text
    .slice(0, end.index)
    .matchAll(/^[ \t]*(\w+)[ \t]*=[ \t]*(.*?)[ \t]*\r?$/gm))
    fields.set(key!, value!);
  const field = (...keys: string[]) =>
    keys.map((key) => fields.get(key)).find((value) => value !== undefined) ?? '';
  const is = (...keys: string[]) => /^(true|1)$/i.test(field(...keys));

  const kind = field('ObjectType') || 'Image';
  if (kind !== 'Image') throw refuse(name, `it holds a MetaIO ${kind}, not an image`);
  if (/^false$/i.test(field('BinaryData')))
    throw refuse(name, 'MetaImage files with data as text are not supported');
  if (Number(field('HeaderSize') || 0) > 0)
    throw refuse(name, 'MetaImage files with a header in their data are not supported');
  const known = types[field('ElementType')];
  if (!known) throw refuse(name, `voxels of type "${field('ElementType')}" are not supported`);
  const channels = Number(field('ElementNumberOfChannels') || 1);
  if (channels !== 1 && !(known[0] === 'uint8' && (channels === 3 || channels === 4)))
    throw refuse(name, `${channels} values a voxel are not supported; only colours of 8 bits are`);

  const dimensions = Number(field('NDims'));
  const matrix = numbersIn(field('TransformMatrix', 'Rotation', 'Orientation'));
  const spacings = numbersIn(field('ElementSpacing', 'ElementSize'));
  // Each axis in turn, as direction cosines.
  const directions =
    dimensions >= 3 && matrix.length === dimensions ** 2
      ? [0, 1, 2].map((axis) =>
          [0, 1, 2].map((at) => matrix[axis * dimensions + at]! * (spacings[axis] ?? 1)),
        )
      : null;
  const isPacked = is('CompressedData');
  const isLocal = /^local$/i.test(end[1]!.trim());
  const offset = isLocal ? end.index + end[0].length : 0;
  const header = volumeHeader(
    {
      littleEndian: !is('BinaryDataByteOrderMSB', 'ElementByteOrderMSB'),
      sizes: numbersIn(field('DimSize')).slice(0, dimensions || undefined),
      type: { name: known[0], bytes: known[1], channels: channels as VoxelType['channels'] },
      dataOffset: isPacked ? 0 : offset,
      directions,
      spacings,
      origin: numbersIn(field('Offset', 'Position', 'Origin')),
      // ITK's x and y run to the left and the back.
      signs: [-1, -1, 1],
    },
    name,
  );
  return {
    format: 'MetaImage',
    name,
    header,
    dataPath: isLocal ? path : besideHeader(path, end[1]!.trim(), name),
    ...(isPacked && { packedFrom: offset }),
  };
}
