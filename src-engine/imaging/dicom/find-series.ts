import { createHash } from 'node:crypto';
import type { Acquisition, SampleWindow } from '#shared/acquisition.ts';
import type { FoundSeries, SliceMask } from '#shared/engine-protocol.ts';
import { valueRange } from '#shared/grey-curve.ts';
import { readFileWhole } from '../file.ts';
import type { Identity } from '../identity.ts';
import type { SampleData } from '../sample-array.ts';
import { hounsfieldWindows, pooledWindow } from '../series-window.ts';
import { edgesOf, planeOf } from '../voxel-axes.ts';
import { dot } from '../vector.ts';
import { parseDicom } from './parse.ts';
import { openFrames } from './pixels.ts';
import { modalityTransform, valuesOf } from './rescale.ts';
import { type SegmentFrame } from './segmentation.ts';
import { groupSeries, type PlacedSlice, type Series } from './series.ts';
import type { SliceHead } from './slice-head.ts';

/** Slices whose samples decide on the window of a series. */
const sampledSlices = 9;

/** Series of the frames found, with the segmentations that lie over them. */
export async function findSeries(
  heads: readonly SliceHead[],
  segments: readonly SegmentFrame[],
  identity: Identity,
): Promise<FoundSeries[]> {
  const found: FoundSeries[] = [];
  for (const series of groupSeries(heads)) found.push(await describeSeries(series, segments, identity));
  return found;
}

async function describeSeries(
  series: Series,
  segments: readonly SegmentFrame[],
  identity: Identity,
): Promise<FoundSeries> {
  const { slices, normal, sliceSpacing } = series;
  const { head } = slices[0]!;
  const asValues =
    head.hasTable ||
    slices.some(
      ({ head: { rescale } }) =>
        rescale.slope !== head.rescale.slope || rescale.intercept !== head.rescale.intercept,
    );
  const window = await seriesWindow(slices, asValues);
  const orientation = head.orientation && anatomical(head.orientation);
  const { plane, tilt } = normal ? planeOf(normal) : { plane: null, tilt: 0 };
  const seriesName = `${head.modality ?? 'Series'} ${head.seriesNumber ?? 0}`;
  const tag = createHash('sha256').update(series.key).digest('hex').slice(0, 4);
  const masks = masksOf(series, segments);
  const warnings = [...series.warnings];
  const burnedIn = slices.some(({ head: { burnedIn: says } }) => says);
  if (burnedIn) {
    warnings.push(
      'The file says that text is burned into the pixels. It may name the patient, and it cannot be removed.',
    );
  }
  if (slices.some(({ head: own }) => own.hasOverlay && !own.keepsOverlay))
    warnings.push('Overlays are left out, because they may hold names. They can be kept all the same.');
  return {
    key: `${head.series} ${tag}`,
    kind: 'dicom',
    title: seriesName,
    modality: head.modality,
    patient: head.patient,
    rows: head.rows,
    columns: head.columns,
    plane,
    volumes: 1,
    burnedIn,
    warnings,
    slices: slices.map(({ head: own, position }, slice) => {
      const acquisition: Acquisition = {
        modality: own.modality,
        series: own.series,
        seriesName,
        instance: own.instance,
        frame: own.frame,
        slice,
        slices: slices.length,
        position,
        plane,
        tilt,
        edges: orientation && edgesOf(orientation.across, orientation.down),
        spacingSource: own.spacingSource,
        sliceSpacing,
        rescale: own.rescale,
        windows: windowsOf(own, window),
        kept: own.kept,
      };
      const number = String(slice + 1).padStart(Math.max(3, String(slices.length).length), '0');
      return {
        path: own.path,
        name: `${identity.isHidden ? own.patient : own.patient.replaceAll('/', '_')}/${seriesName} ${tag}/${number}`,
        plan: {
          source: { kind: 'dicom', frame: own.frame ?? 0 },
          mask: masks ? (masks[slice] ?? null) : null,
          patient: own.patient,
          spacing: own.spacing,
          window,
          asValues,
          overlay: own.hasOverlay && own.keepsOverlay,
          acquisition,
        },
      };
    }),
  };
}

/** DICOM's x and y run to the left and the back, the letters' to the right and the front. */
function anatomical({ across, down }: NonNullable<SliceHead['orientation']>) {
  const turned = ([x, y, z]: readonly [number, number, number]) => [-x, -y, z] as const;
  return { across: turned(across), down: turned(down) };
}

const isHounsfield = ({ rescale, modality }: SliceHead): boolean =>
  modality === 'CT' && rescale.unit === 'HU';

function windowsOf(head: SliceHead, window: SampleWindow | null): Acquisition['windows'] {
  if (head.windows.length > 0) return [...head.windows];
  if (isHounsfield(head)) return [...hounsfieldWindows];
  if (!window) return [];
  const { low, high } = window;
  return [{ centre: (low + high) / 2, width: high - low, function: 'linear-exact', name: null }];
}

/**
 * What models see of a series: of CT the window its files offer, else that for soft tissue; of a single image what it
 * offers; of all other series a range taken from its own samples, since scanners write a different window into every
 * slice. Null for colours and 8-bit pictures, which have a scale of their own.
 */
async function seriesWindow(slices: readonly PlacedSlice[], asValues: boolean): Promise<SampleWindow | null> {
  const { head } = slices[0]!;
  if (head.isColour || (head.bits <= 8 && !isHounsfield(head))) return null;
  const [offered] = mostFrequent(slices.flatMap(({ head: { windows } }) => windows.slice(0, 1)));
  if (isHounsfield(head)) return valueRange(offered ?? hounsfieldWindows[0]);
  if (slices.length === 1 && offered) return valueRange(offered);
  const step = Math.max(1, slices.length / sampledSlices);
  const parts: SampleData[] = [];
  for (let at = 0; at < slices.length; at += step) {
    const part = await samplesOf(slices[Math.floor(at)]!.head, asValues).catch(() => undefined);
    if (part) parts.push(part);
  }
  if (parts.length === 0) return null;
  const pooled = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    pooled.set(part, at);
    at += part.length;
  }
  return pooledWindow(pooled, asValues ? { slope: 1, intercept: 0, unit: null } : head.rescale);
}

const mostFrequent = <T>(values: readonly T[]): T[] => {
  const counts = new Map<string, { value: T; count: number }>();
  for (const value of values) {
    const key = JSON.stringify(value);
    counts.set(key, { value, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()].sort((a, b) => b.count - a.count).map(({ value }) => value);
};

/** Samples of one slice without its padding (PS3.3 C.7.5.1.1.2). */
async function samplesOf(head: SliceHead, asValues: boolean): Promise<SampleData> {
  const file = parseDicom(await readFileWhole(head.path, ''), '');
  const frame = head.frame ?? 0;
  const { data } = await openFrames(file).frame(frame);
  const padding = head.padding;
  const kept =
    padding === null ? data : data.filter((sample) => sample < padding.low || sample > padding.high);
  return asValues ? valuesOf(kept, modalityTransform(file.dataSet, frame)) : kept;
}

/** For each slice what lies over it: by the instance a segmentation names, else by place. Null where nothing lies over the series. */
function masksOf(
  { slices, normal, sliceSpacing }: Series,
  segments: readonly SegmentFrame[],
): SliceMask[] | null {
  const near = (sliceSpacing ?? 1) / 2;
  const masks = slices.map(({ head, position }): SliceMask => {
    const frames = segments.filter(({ over, position: place }) => {
      if (over)
        return over.instance === head.instance && (over.frame === null || over.frame === (head.frame ?? 0));
      return place && normal && position !== null && Math.abs(dot(place, normal) - position) < near;
    });
    return { kind: 'segmentation', frames: frames.map(({ path, frame }) => ({ path, frame })) };
  });
  return masks.some((mask) => mask.kind === 'segmentation' && mask.frames.length > 0) ? masks : null;
}
