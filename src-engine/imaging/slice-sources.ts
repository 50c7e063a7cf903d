import { stat } from 'node:fs/promises';
import type { Acquisition, Rescale } from '#shared/acquisition.ts';
import type { PixelArray } from '#shared/arrays.ts';
import type { SlicePlan } from '#shared/engine-protocol.ts';
import { LeastRecentlyUsed } from '../features/lru.ts';
import { dicomSlice } from './dicom/dicom-slice.ts';
import { overlayOf } from './dicom/overlay.ts';
import { type DicomFile, parseDicom } from './dicom/parse.ts';
import { segmentMask } from './dicom/segmentation.ts';
import { readFileWhole } from './file.ts';
import { takeSlice } from './nifti/slices.ts';
import { readVoxels } from './nifti/volume.ts';
import { openVolume } from './volumes/open.ts';
import type { VolumeFile } from './volumes/volume-header.ts';
import { asRefusal, refuse } from './refusals.ts';
import type { SampleData } from './sample-array.ts';
import { inSamples } from './series-window.ts';
import { type KeptSlice, keptSamples, type SampledSlice } from './kept-samples.ts';
import { sliceWalk, voxelAxes } from './voxel-axes.ts';

const megabyte = 1024 ** 2;

export interface ReadSlice {
  readonly pixels: PixelArray;
  readonly acquisition: Acquisition;
  /** Undefined where the plan names none. */
  readonly mask: Uint8Array | undefined;
  /** Undefined where nothing is drawn over it, or nobody wants it. */
  readonly overlay: Uint8Array | undefined;
}

interface Volume {
  readonly file: VolumeFile;
  readonly voxels: SampleData;
}

/** Slices of series and volumes; the latest files are kept, because an import asks for one slice after another. */
export function openSliceSources() {
  const volumes = new LeastRecentlyUsed<string, Volume>(512 * megabyte, ({ voxels }) => voxels.byteLength);
  const files = new LeastRecentlyUsed<string, DicomFile>(
    128 * megabyte,
    ({ dataSet }) => dataSet.byteArray.byteLength,
  );

  const version = async (path: string) => `${path} ${(await stat(path).catch(() => null))?.mtimeMs ?? ''}`;

  const volumeOf = async (path: string, name: string, volume: number): Promise<Volume> => {
    const key = `${await version(path)} ${volume}`;
    const present = volumes.get(key);
    if (present) return present;
    const file = await openVolume(path, name);
    const opened = { file, voxels: await readVoxels(file, volume) };
    volumes.set(key, opened);
    return opened;
  };

  const dicomOf = async (path: string, name: string): Promise<DicomFile> => {
    const key = await version(path);
    const present = files.get(key);
    if (present) return present;
    const opened = parseDicom(await readFileWhole(path, name), name);
    files.set(key, opened);
    return opened;
  };

  const niftiSlice = async (path: string, name: string, source: SlicePlan['source'] & { kind: 'nifti' }) => {
    const { file, voxels } = await volumeOf(path, name, source.volume);
    const { header } = file;
    const walk = sliceWalk(voxelAxes(header.affine), header.shape, source.plane);
    const { channels } = header.type;
    return {
      width: walk.columns.length,
      height: walk.rows.length,
      channels,
      data: takeSlice(voxels, channels, walk, source.slice),
    };
  };

  const maskOf = async (
    plan: SlicePlan,
    name: string,
    pixels: PixelArray,
  ): Promise<Uint8Array | undefined> => {
    const { mask, source } = plan;
    if (mask === null) return undefined;
    const size = { rows: pixels.height, columns: pixels.width };
    if (mask.kind === 'segmentation') {
      const whole = new Uint8Array(size.rows * size.columns);
      for (const { path, frame } of mask.frames) {
        const part = await segmentMask(await dicomOf(path, name), [frame], size);
        part.forEach((inside, i) => (whole[i] = inside | whole[i]!));
      }
      return whole;
    }
    if (source.kind !== 'nifti') throw refuse(name, 'a label volume belongs to a volume');
    const labels = await niftiSlice(mask.path, name, { ...source, volume: 0 });
    if (labels.width !== size.columns || labels.height !== size.rows) {
      throw refuse(name, 'its label volume has another size');
    }
    return Uint8Array.from(labels.data, (label) => (label > 0 ? 1 : 0));
  };

  return {
    async read(path: string, name: string, plan: SlicePlan): Promise<ReadSlice> {
      try {
        return await readSlice(path, name, plan);
      } catch (error) {
        throw asRefusal(name, error);
      }
    },
    volume: volumeOf,
  };

  async function readSlice(path: string, name: string, plan: SlicePlan): Promise<ReadSlice> {
    const { source, acquisition } = plan;
    const slice =
      source.kind === 'dicom'
        ? await dicomSlice(await dicomOf(path, name), source.frame, plan)
        : rising(await niftiSlice(path, name, source), acquisition.rescale);
    const { rescale, ...pixels } = slice;
    const window = plan.window && inSamples(rescale, plan.window);
    return {
      pixels: window && pixels.channels === 1 ? { ...pixels, window } : pixels,
      acquisition: { ...acquisition, rescale },
      mask: await maskOf(plan, name, pixels),
      overlay:
        source.kind === 'dicom' && plan.overlay
          ? overlayOf((await dicomOf(path, name)).dataSet, source.frame, {
              rows: pixels.height,
              columns: pixels.width,
            })
          : undefined,
    };
  }
}

/** Samples that rise as values do: a slope below 0 is kept for pictures whose white is 0, which no volume has. */
function rising(slice: SampledSlice, rescale: Rescale): KeptSlice {
  const { slope, intercept } = rescale;
  if (slope > 0 || slice.channels > 1) return keptSamples(slice, rescale);
  const data = Float32Array.from(slice.data, (sample) => slope * sample + intercept);
  return keptSamples({ ...slice, data }, { ...rescale, slope: 1, intercept: 0 });
}

export type SliceSources = ReturnType<typeof openSliceSources>;
