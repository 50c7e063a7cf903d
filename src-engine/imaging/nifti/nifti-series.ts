import type { Acquisition, Plane } from '#shared/acquisition.ts';
import type { FoundSeries } from '#shared/engine-protocol.ts';
import { valueRange } from '#shared/grey-curve.ts';
import { refuse } from '../refusals.ts';
import { hounsfieldWindows, looksLikeHounsfield, pooledWindow } from '../series-window.ts';
import type { SliceSources } from '../slice-sources.ts';
import { statistics } from '../statistics.ts';
import { openVolume } from '../volumes/open.ts';
import type { VolumeFile, VolumeHeader } from '../volumes/volume-header.ts';
import { dividedBy, type Vector } from '../vector.ts';
import { edgesOf, planeOf, sliceWalk, voxelAxes } from '../voxel-axes.ts';
import { volumeCount } from './volume.ts';

export interface NamedFile {
  readonly path: string;
  readonly name: string;
}

interface OpenedVolume extends NamedFile {
  readonly file: VolumeFile;
}

/** What people call label volumes, as a word of the name. */
const labelWords =
  /(^|[^a-z])(seg|segmentation|mask|masks|label|labels|lesion|lesions|tumou?r|gt|ground_?truth|annotation)([^a-z]|$)/i;

export const stemOfVolume = (name: string): string =>
  name.replace(/\.((nii|hdr|img)(\.gz)?|nrrd|nhdr|mha|mhd)$/i, '');

/**
 * Volumes in slices of one plane. A file that is called a mask and has the grid of another becomes
 * its ground truth: the one whose name has most in common with it.
 */
export async function findVolumes(
  files: readonly NamedFile[],
  choice: { readonly plane: Plane; readonly volume: number },
  sources: SliceSources,
  refused: (name: string, error: unknown) => void,
): Promise<FoundSeries[]> {
  const opened: OpenedVolume[] = [];
  for (const named of files) {
    try {
      opened.push({ ...named, file: await openVolume(named.path, named.name) });
    } catch (error) {
      refused(named.name, error);
    }
  }
  const isLabels = ({ name }: OpenedVolume) => labelWords.test(lastPart(stemOfVolume(name)));
  const labels = opened.filter((one) => isLabels(one));
  const images = opened.filter((one) => !isLabels(one));
  const pairs = new Map<OpenedVolume, OpenedVolume>();
  for (const label of labels) {
    const image = nearestName(
      label,
      images.filter((one) => !pairs.has(one) && sameGrid(one.file.header, label.file.header)),
    );
    if (image) pairs.set(image, label);
    else images.push(label);
  }
  const found: FoundSeries[] = [];
  for (const image of images) {
    try {
      found.push(await describeVolume(image, pairs.get(image) ?? null, choice, sources));
    } catch (error) {
      refused(image.name, error);
    }
  }
  return found;
}

const lastPart = (name: string): string => name.slice(name.lastIndexOf('/') + 1);

function sameGrid(a: VolumeHeader, b: VolumeHeader): boolean {
  const [first, second] = [a.shape.slice(0, 3), b.shape.slice(0, 3)];
  return (
    first.join() === second.join() &&
    a.affine.flat().every((value, i) => Math.abs(value - b.affine.flat()[i]!) < 0.01)
  );
}

function nearestName(label: OpenedVolume, images: readonly OpenedVolume[]): OpenedVolume | undefined {
  const shared = ({ name }: OpenedVolume) => {
    let length = 0;
    while (length < name.length && name[length] === label.name[length]) length++;
    return length;
  };
  return images.reduce<OpenedVolume | undefined>(
    (best, one) => (best === undefined || shared(one) > shared(best) ? one : best),
    undefined,
  );
}

async function describeVolume(
  { path, name, file }: OpenedVolume,
  labels: OpenedVolume | null,
  { plane, volume }: { readonly plane: Plane; readonly volume: number },
  sources: SliceSources,
): Promise<FoundSeries> {
  const { header } = file;
  const volumes = volumeCount(header);
  if (volume >= volumes)
    throw refuse(name, `volume ${volume} was asked for, it has ${volumes}, counted from 0`);
  const { voxels } = await sources.volume(path, name, volume);
  const rescale = { slope: header.slope, intercept: header.intercept, unit: null };
  const isColour = header.type.channels > 1;
  const { min, max } = statistics({ data: voxels });
  const isHounsfield =
    !isColour &&
    looksLikeHounsfield(min * header.slope + header.intercept, max * header.slope + header.intercept);
  const isByte = header.type.name === 'uint8' && header.slope === 1;
  const window =
    isColour || isByte
      ? null
      : isHounsfield
        ? valueRange(hounsfieldWindows[0])
        : pooledWindow(voxels, rescale);
  const walk = sliceWalk(voxelAxes(header.affine), header.shape, plane);
  const unit = (axis: number): Vector => {
    const [x, y, z] = header.affine;
    const column: Vector = [x[axis] ?? 0, y[axis] ?? 0, z[axis] ?? 0];
    return dividedBy(column, Math.hypot(...column) || 1);
  };
  const along = (step: number, axis: number) => dividedBy(unit(axis), step < 0 ? -1 : 1);
  const normal = along(walk.slices.step, walk.slices.axis);
  const zoom = (axis: number) => header.zooms[axis] ?? 1;
  const stem = stemOfVolume(name);
  const patient = /(^|\/)(sub-[^_/]+)/.exec(stem)?.[2] ?? stem;
  const shown = volumes > 1 ? `${stem} volume ${volume}` : stem;
  const { length: slices } = walk.slices;
  const windows: Acquisition['windows'] = isHounsfield
    ? [...hounsfieldWindows]
    : window
      ? [
          {
            centre: (window.low + window.high) / 2,
            width: window.high - window.low,
            function: 'linear-exact',
            name: null,
          },
        ]
      : [];
  const warnings = header.isOriented
    ? []
    : ['The file does not say how it lies: left and right are a guess.'];
  return {
    key: name,
    kind: 'nifti',
    title: shown,
    modality: null,
    patient,
    rows: walk.rows.length,
    columns: walk.columns.length,
    plane,
    volumes,
    burnedIn: false,
    warnings,
    slices: Array.from({ length: slices }, (_, slice) => ({
      path,
      name: `${shown}/${plane} ${String(slice).padStart(String(slices - 1).length, '0')}`,
      plan: {
        source: { kind: 'nifti', plane, slice, volume },
        mask: labels && { kind: 'labels', path: labels.path },
        patient,
        spacing: { row: zoom(walk.rows.axis), column: zoom(walk.columns.axis) },
        window,
        asValues: false,
        overlay: false,
        acquisition: {
          modality: null,
          series: shown,
          seriesName: shown,
          instance: null,
          frame: null,
          slice,
          slices,
          position: positionOf(header, normal, walk.slices, slice),
          plane,
          tilt: planeOf(normal).tilt,
          edges: header.isOriented
            ? edgesOf(along(walk.columns.step, walk.columns.axis), along(walk.rows.step, walk.rows.axis))
            : null,
          spacingSource: 'affine',
          sliceSpacing: zoom(walk.slices.axis),
          rescale,
          windows,
          kept: {},
        },
      },
    })),
  };
}

/** Millimetres of a slice along its normal. */
function positionOf(
  { affine }: VolumeHeader,
  normal: readonly [number, number, number],
  walk: { readonly axis: number; readonly length: number; readonly step: number },
  slice: number,
): number {
  const index = walk.step < 0 ? walk.length - 1 - slice : slice;
  const place = affine.map((row) => (row[walk.axis] ?? 0) * index + (row[3] ?? 0));
  const position = place.reduce((sum, value, axis) => sum + value * normal[axis]!, 0);
  return Math.round(position * 1000) / 1000;
}
