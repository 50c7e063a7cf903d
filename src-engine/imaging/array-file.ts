import { createHash } from 'node:crypto';
import type { ArrayDescription, ArraySelection } from '#shared/engine-protocol.ts';
import { asRefusal, refuse } from './refusals.ts';
import { openDicomArray } from './dicom/dicom-array.ts';
import { isDicom } from './dicom/parse.ts';
import { readFileWhole, readFileStart } from './file.ts';
import { openNiftiArray } from './nifti/nifti-array.ts';
import { isNifti } from './nifti/header.ts';
import { isTextVolume } from './volumes/open.ts';
import { openRasterArray } from './raster-array.ts';
import type { SampleArray, SampleData } from './sample-array.ts';
import { statistics } from './statistics.ts';

/** The part of a file somebody asked for, before any windowing. */
export interface OpenedArray {
  /** Stored samples. */
  readonly stored: SampleArray;
  /** What they stand for, in double precision; asked for only where it is wanted. */
  readonly values: () => Float64Array;
  /** Everything of the description that does not depend on whether samples or values are wanted. */
  readonly facts: Omit<
    ArrayDescription,
    'shape' | 'dtype' | 'min' | 'max' | 'mean' | 'non_finite' | 'sha256_le'
  >;
}

/** Reads a DICOM file, a volume or a picture as one array, as NumPy would show it. The content decides, not the name. */
export async function openArray(path: string, name: string, selection: ArraySelection): Promise<OpenedArray> {
  try {
    return await open(path, name, selection);
  } catch (error) {
    throw asRefusal(name, error);
  }
}

async function open(path: string, name: string, selection: ArraySelection): Promise<OpenedArray> {
  const head = await readFileStart(path, name);
  if (head.length === 0) throw refuse(name, 'the file is empty');
  if (
    isNifti(head) ||
    isTextVolume(head) ||
    /\.(nii|nii\.gz|hdr|img|img\.gz|mgz|mgh|nrrd|nhdr|mha|mhd)$/i.test(path)
  ) {
    return openNiftiArray(path, name, selection);
  }
  if (isDicom(head) || /\.(dcm|dicom|ima)$/i.test(path)) {
    const isPicture = head[0] === 0xff && head[1] === 0xd8;
    if (!isPicture) return openDicomArray(await readFileWhole(path, name), name, selection);
  }
  return openRasterArray(path, name, selection);
}

/** Samples or values with what describes them; the statistics of values are those before they become float32. */
export function describeArray(
  { stored, values, facts }: OpenedArray,
  wantStored: boolean,
): { description: ArrayDescription; bytes: Uint8Array; descr: string } {
  const exact = wantStored ? stored.data : values();
  const data = wantStored ? asOnDisk(stored.data, facts.disk_dtype) : Float32Array.from(exact);
  const { min, max, mean, nanCount, infiniteCount } = statistics({ data: exact });
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const finite = (value: number) => (Number.isFinite(value) ? value : null);
  const isRecord = facts.disk_dtype.startsWith('[');
  const valueType = isRecord ? facts.disk_dtype.replaceAll("'u1'", "'<f4'") : 'float32';
  return {
    bytes,
    descr: isRecord ? (wantStored ? facts.disk_dtype : valueType) : `'${npyType(data)}'`,
    description: {
      ...facts,
      shape: stored.shape,
      dtype: wantStored ? facts.disk_dtype : valueType,
      min: finite(min),
      max: finite(max),
      mean: finite(mean),
      non_finite: nanCount + infiniteCount,
      sha256_le: createHash('sha256').update(bytes).digest('hex'),
    },
  };
}

/** 64-bit integers, which are calculated with as float64, as they were. */
function asOnDisk(data: SampleData, type: string): SampleData | BigInt64Array | BigUint64Array {
  if (/^int64$|^>i8$/.test(type)) return BigInt64Array.from(data, BigInt);
  return /^uint64$|^>u8$/.test(type) ? BigUint64Array.from(data, BigInt) : data;
}

/** NumPy's name of the elements, little endian. */
function npyType(data: SampleData | BigInt64Array | BigUint64Array): string {
  const kind = data.constructor.name.startsWith('Float')
    ? 'f'
    : /Uint/i.test(data.constructor.name)
      ? 'u'
      : 'i';
  return `${data.BYTES_PER_ELEMENT === 1 ? '|' : '<'}${kind}${data.BYTES_PER_ELEMENT}`;
}
