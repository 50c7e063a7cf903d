import type { DataSet } from 'dicom-parser';
import type { Rescale } from '#shared/acquisition.ts';
import type { SampleData } from '../sample-array.ts';
import { code, decimal, items, tags, unsignedShort } from './attributes.ts';
import { frameGroup } from './functional-groups.ts';

/** Output of input `first`, `first + 1` ...; beyond its ends the end values hold (PS3.3 C.11.1.1.1, C.11.2.1.1). */
export interface LookupTable {
  readonly first: number;
  readonly values: Uint8Array | Uint16Array;
  /** Of the output, as the descriptor says. */
  readonly bits: number;
}

/** From stored samples to what the scanner measured (PS3.3 C.11.1): a line, or a table where the header has one. */
export interface ModalityTransform {
  readonly rescale: Rescale;
  readonly table: LookupTable | null;
}

/** What Rescale Type says is one of these where it means a unit; "US" is DICOM's word for unspecified. */
const units: Readonly<Record<string, string>> = {
  HU: 'HU',
  HU_MOD: 'HU',
  OD: 'OD',
  MGML: 'mg/ml',
  Z_EFF: 'Z eff',
  ED: 'e/cm3',
  PCT: '%',
};

export function modalityTransform(root: DataSet, frame: number): ModalityTransform {
  const group = frameGroup(root, frame, tags.pixelValueTransformation);
  const slope = decimal(group, tags.rescaleSlope);
  const intercept = decimal(group, tags.rescaleIntercept);
  const type = code(group, tags.rescaleType)?.toUpperCase();
  const isCt = code(root, tags.modality) === 'CT';
  const unit = (type === undefined ? undefined : units[type]) ?? (isCt && slope !== undefined ? 'HU' : null);
  // A slope of 0 would make every pixel the same; files that say so mean that nobody set it.
  const rescale = { slope: slope || 1, intercept: intercept ?? 0, unit };
  const [lut] = items(root, tags.modalityLut);
  return { rescale, table: lut ? readTable(root, lut) : null };
}

const hasSignedSamples = (root: DataSet): boolean => unsignedShort(root, tags.pixelRepresentation) === 1;

/** Null where the table is damaged. `signed` is its first input. */
export function readTable(
  root: DataSet,
  lut: DataSet,
  descriptorTag: string = tags.lutDescriptor,
  dataTag: string = tags.lutData,
  signed = hasSignedSamples(root),
): LookupTable | null {
  const entries = unsignedShort(lut, descriptorTag);
  const data = lut.elements[dataTag];
  if (entries === undefined || !data || lut.elements[descriptorTag]!.length < 6) return null;
  const count = entries === 0 ? 65_536 : entries;
  const bits = lut.uint16(descriptorTag, 2) ?? 16;
  const first = (signed ? lut.int16(descriptorTag, 1) : lut.uint16(descriptorTag, 1)) ?? 0;
  const bytewise = bits <= 8 && data.length < count * 2;
  if (data.length < count * (bytewise ? 1 : 2)) return null;
  const values = bytewise ? new Uint8Array(count) : new Uint16Array(count);
  for (let i = 0; i < count; i++) {
    values[i] = bytewise ? lut.byteArray[data.dataOffset + i]! : lut.uint16(dataTag, i)!;
  }
  return { first, values, bits };
}

/** What the samples stand for, in double precision. */
export function valuesOf(samples: SampleData, { rescale, table }: ModalityTransform): Float64Array {
  const values = new Float64Array(samples.length);
  if (table) {
    const last = table.values.length - 1;
    for (let i = 0; i < values.length; i++) {
      values[i] = table.values[Math.min(last, Math.max(0, samples[i]! - table.first))]!;
    }
    return values;
  }
  const { slope, intercept } = rescale;
  for (let i = 0; i < values.length; i++) values[i] = samples[i]! * slope + intercept;
  return values;
}
