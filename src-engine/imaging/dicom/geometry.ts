import type { DataSet } from 'dicom-parser';
import type { SpacingSource } from '#shared/acquisition.ts';
import type { Spacing } from '#shared/domain.ts';
import { code, decimals, items, tags } from './attributes.ts';
import { frameGroup } from './functional-groups.ts';
import { along, cross, dividedBy, dot, vectorOf, type Vector } from '../vector.ts';

/** Where a frame lies in the patient: millimetres, x to the left, y to the back, z to the head (PS3.3 C.7.6.2.1.1). */
export interface FrameGeometry {
  readonly position: Vector | null;
  /** Unit vectors along the rows and down the columns. */
  readonly orientation: { readonly across: Vector; readonly down: Vector } | null;
  readonly spacing: Spacing | null;
  readonly spacingSource: SpacingSource | null;
}

export function frameGeometry(root: DataSet, frame: number): FrameGeometry {
  const position = vectorOf(decimals(frameGroup(root, frame, tags.planePosition), tags.imagePosition));
  const directions = decimals(frameGroup(root, frame, tags.planeOrientation), tags.imageOrientation);
  const orientation = orientationOf(directions);
  return {
    position: position && shifted(position, orientation, root, frame),
    orientation,
    ...spacingOf(root, frame),
  };
}

/** Dose grids give one position and how far each plane is from it (PS3.3 C.8.8.3.2); other images stay where they are. */
function shifted(
  position: Vector,
  orientation: FrameGeometry['orientation'],
  root: DataSet,
  frame: number,
): Vector {
  if (!orientation || !root.elements[tags.gridFrameOffsets]) return position;
  const offsets = decimals(root, tags.gridFrameOffsets);
  // Where the first is not 0 they are heights in the patient.
  const distance = (offsets[frame] ?? 0) - (offsets[0] ?? 0);
  return along(position, cross(orientation.across, orientation.down), distance);
}

/** Null where the six cosines are missing or are not two directions at a right angle. */
function orientationOf(cosines: readonly number[]): FrameGeometry['orientation'] {
  if (cosines.length !== 6) return null;
  const across = unit(cosines.slice(0, 3));
  const down = unit(cosines.slice(3));
  if (!across || !down || Math.abs(dot(across, down)) > 0.01) return null;
  return { across, down };
}

function unit(cosines: readonly number[]): Vector | null {
  const vector = vectorOf(cosines);
  const length = Math.hypot(...cosines);
  return vector && length > 0.5 && length < 2 ? dividedBy(vector, length) : null;
}

const pair = ([row, column]: readonly number[]): Spacing | null =>
  row !== undefined && column !== undefined && row > 0 && column > 0 ? { row, column } : null;

/** Pixel Spacing first; without it what detectors and scanners say, which is not a distance in the patient. */
function spacingOf(root: DataSet, frame: number): Pick<FrameGeometry, 'spacing' | 'spacingSource'> {
  const imager = pair(decimals(root, tags.imagerPixelSpacing));
  const stated = pair(decimals(frameGroup(root, frame, tags.pixelMeasures), tags.pixelSpacing));
  if (stated) {
    const same = imager !== null && imager.row === stated.row && imager.column === stated.column;
    // PS3.3 10.7.1.3: equal values mean that nobody calibrated, different ones that somebody did.
    const calibrated = code(root, tags.pixelSpacingCalibration) !== undefined || (imager !== null && !same);
    return {
      spacing: stated,
      spacingSource: calibrated ? 'calibrated' : same ? 'imager-pixel-spacing' : 'pixel-spacing',
    };
  }
  if (imager) return { spacing: imager, spacingSource: 'imager-pixel-spacing' };
  const nominal = pair(decimals(root, tags.nominalScannedPixelSpacing));
  if (nominal) return { spacing: nominal, spacingSource: 'nominal-scanned-pixel-spacing' };
  const region = ultrasoundSpacing(root);
  return region
    ? { spacing: region, spacingSource: 'ultrasound-region' }
    : { spacing: null, spacingSource: null };
}

/** Of the only calibrated region in centimetres (PS3.3 C.8.5.5); several regions have no common spacing. */
function ultrasoundSpacing(root: DataSet): Spacing | null {
  const centimetres = 3;
  const regions = items(root, tags.ultrasoundRegions).filter(
    (region) => region.uint16('x00186024') === centimetres && region.uint16('x00186026') === centimetres,
  );
  const [region] = regions;
  if (regions.length !== 1 || !region) return null;
  const [column, row] = [region.double('x0018602c'), region.double('x0018602e')];
  return pair([Math.abs(row ?? 0) * 10, Math.abs(column ?? 0) * 10]);
}
