import { basename, dirname } from 'node:path';
import type { DataSet } from 'dicom-parser';
import type { Rescale, ValueWindow } from '#shared/acquisition.ts';
import type { Identity } from '../identity.ts';
import { code, decimal, tags, text, unsignedShort } from './attributes.ts';
import { type FrameGeometry, frameGeometry } from './geometry.ts';
import { readLayout } from './layout.ts';
import { hasOverlay } from './overlay.ts';
import type { DicomFile } from './parse.ts';
import { modalityTransform } from './rescale.ts';
import { frameWindows } from './windows.ts';

/** What is read of one frame before any pixel is decoded. Holds no name and no UID that was not passed through `Identity`. */
export interface SliceHead extends FrameGeometry {
  readonly path: string;
  /** From 0; null where the file holds one. */
  readonly frame: number | null;
  readonly patient: string;
  readonly study: string;
  readonly series: string;
  readonly instance: string;
  readonly modality: string | null;
  readonly seriesNumber: number | null;
  readonly instanceNumber: number | null;
  readonly rows: number;
  readonly columns: number;
  readonly isColour: boolean;
  readonly bits: number;
  readonly rescale: Rescale;
  readonly hasTable: boolean;
  readonly windows: readonly ValueWindow[];
  /** Samples that stand for nothing: the gantry's circle, a shutter. */
  readonly padding: { readonly low: number; readonly high: number } | null;
  readonly burnedIn: boolean;
  readonly hasOverlay: boolean;
  /** Whether what is drawn over the image may be kept: it may hold names. */
  readonly keepsOverlay: boolean;
  readonly kept: Readonly<Record<string, string>>;
}

/** The heads of all frames of a file. @throws Failure 'unreadable' where it holds no image. */
export function sliceHeads(file: DicomFile, path: string, identity: Identity): SliceHead[] {
  const { dataSet } = file;
  const layout = readLayout(file);
  const instance = code(dataSet, tags.sopInstance) ?? path;
  // Without a Patient ID the study is the best guess at who is who.
  const person = code(dataSet, tags.patientId) ?? text(dataSet, dataSet, tags.patientName);
  // Files that lost their UIDs (some anonymisers remove them) belong together by folder and series number.
  const study = code(dataSet, tags.studyInstance) ?? `folder ${basename(dirname(path))}`;
  const modality = code(dataSet, tags.modality) ?? null;
  const seriesNumber = decimal(dataSet, tags.seriesNumber) ?? null;
  const shared = {
    path,
    patient: identity.patient(person ?? `study ${study}`),
    study: identity.uid(study),
    series: identity.uid(code(dataSet, tags.seriesInstance) ?? `${study} ${modality} ${seriesNumber}`),
    instance: identity.uid(instance),
    modality,
    seriesNumber,
    instanceNumber: decimal(dataSet, tags.instanceNumber) ?? null,
    rows: layout.rows,
    columns: layout.columns,
    isColour: layout.samples === 3 || layout.photometric === 'PALETTE COLOR',
    bits: layout.bitsStored,
    padding: paddingOf(dataSet, layout.signed),
    burnedIn: code(dataSet, tags.burnedInAnnotation)?.toUpperCase() === 'YES',
    hasOverlay: hasOverlay(dataSet),
    keepsOverlay: !identity.isHidden || identity.kept.has('overlays'),
    kept: keptOf(dataSet, identity),
  };
  return Array.from({ length: layout.frames }, (_, frame) => {
    const modality = modalityTransform(dataSet, frame);
    return {
      ...shared,
      ...frameGeometry(dataSet, frame),
      frame: layout.frames > 1 ? frame : null,
      rescale: modality.rescale,
      hasTable: modality.table !== null,
      windows: frameWindows(dataSet, frame, modality),
    };
  });
}

function paddingOf(dataSet: DataSet, signed: boolean): SliceHead['padding'] {
  const read = (tag: string) => (signed ? dataSet.int16(tag) : dataSet.uint16(tag));
  if (unsignedShort(dataSet, tags.pixelPadding) === undefined) return null;
  const value = read(tags.pixelPadding)!;
  const limit =
    unsignedShort(dataSet, tags.pixelPaddingLimit) === undefined ? value : read(tags.pixelPaddingLimit)!;
  return { low: Math.min(value, limit), high: Math.max(value, limit) };
}

/** Options of PS3.15 annex E that a person may choose, and what they keep. */
function keptOf(dataSet: DataSet, { kept, isHidden }: Identity): Record<string, string> {
  const wants = (option: string) => !isHidden || kept.has(option);
  const found: Record<string, string | undefined> = {
    ...(wants('descriptions') && {
      'Study description': text(dataSet, dataSet, tags.studyDescription),
      'Series description': text(dataSet, dataSet, tags.seriesDescription),
    }),
    ...(wants('characteristics') && {
      'Patient sex': code(dataSet, tags.patientSex),
      'Patient age': code(dataSet, tags.patientAge),
    }),
    ...(wants('dates') && { 'Study date': code(dataSet, tags.studyDate) }),
  };
  return Object.fromEntries(Object.entries(found).filter((entry): entry is [string, string] => !!entry[1]));
}
