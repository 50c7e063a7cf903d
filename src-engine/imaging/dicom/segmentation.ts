import type { DataSet } from 'dicom-parser';
import { refuse } from '../refusals.ts';
import type { Identity } from '../identity.ts';
import { code, decimal, items, tags } from './attributes.ts';
import type { Vector } from '../vector.ts';
import { frameGeometry } from './geometry.ts';
import type { DicomFile } from './parse.ts';
import { openFrames } from './pixels.ts';

export const isSegmentation = ({ dataSet }: DicomFile): boolean =>
  /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.66\.(4|7)$/.test(code(dataSet, tags.sopClass) ?? '') ||
  code(dataSet, tags.modality) === 'SEG';

/** One frame of a segmentation and the image it lies over (PS3.3 C.8.20). */
export interface SegmentFrame {
  readonly path: string;
  readonly frame: number;
  /** The image by its instance and frame (null: its only one), through `Identity`; null where the file does not name it. */
  readonly over: { readonly instance: string; readonly frame: number | null } | null;
  readonly position: Vector | null;
}

export function segmentFrames(file: DicomFile, path: string, identity: Identity): SegmentFrame[] {
  const { dataSet } = file;
  const groups = items(dataSet, tags.perFrameGroups);
  const frames = Math.max(1, decimal(dataSet, tags.frames) ?? 1);
  return Array.from({ length: frames }, (_, frame) => {
    const source = sourceOf(groups[frame]) ?? sourceOf(items(dataSet, tags.sharedGroups)[0]);
    const instance = source && code(source, tags.referencedInstance);
    const number = source && decimal(source, tags.referencedFrame);
    return {
      path,
      frame,
      over: instance ? { instance: identity.uid(instance), frame: number ? number - 1 : null } : null,
      position: frameGeometry(dataSet, frame).position,
    };
  });
}

function sourceOf(group: DataSet | undefined): DataSet | undefined {
  const derivation = group && items(group, tags.derivationImage)[0];
  return derivation && items(derivation, tags.sourceImage)[0];
}

/** Pixels inside any of these frames: 1-bit and label maps above 0, fractional ones from half of their maximum. */
export async function segmentMask(
  file: DicomFile,
  frames: readonly number[],
  size: { readonly rows: number; readonly columns: number },
): Promise<Uint8Array> {
  const reader = openFrames(file);
  const { rows, columns } = reader.layout;
  if (rows !== size.rows || columns !== size.columns) {
    throw refuse(
      file.name,
      `the segmentation is ${columns} x ${rows} pixels, its image ${size.columns} x ${size.rows}`,
    );
  }
  const isFractional = code(file.dataSet, tags.segmentationType) === 'FRACTIONAL';
  const threshold = isFractional ? (file.dataSet.uint16(tags.maximumFractionalValue) ?? 255) / 2 : 1;
  const mask = new Uint8Array(rows * columns);
  for (const frame of frames) {
    const { data } = await reader.frame(frame);
    for (let i = 0; i < mask.length; i++) if (data[i]! >= threshold) mask[i] = 1;
  }
  return mask;
}
