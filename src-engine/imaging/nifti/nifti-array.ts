import type { ArraySelection } from '#shared/engine-protocol.ts';
import type { OpenedArray } from '../array-file.ts';
import { refuse } from '../refusals.ts';
import { openVolume } from '../volumes/open.ts';
import type { VolumeFile } from '../volumes/volume-header.ts';
import { axisCodes, sliceWalk, voxelAxes } from '../voxel-axes.ts';
import { takeSlice, toRowMajor } from './slices.ts';
import { readVoxels, volumeCount } from './volume.ts';

/** All voxels of a volume, or one slice of it as people look at it, as one array. @throws Failure 'unreadable' */
export async function openNiftiArray(
  path: string,
  name: string,
  selection: ArraySelection,
): Promise<OpenedArray> {
  if (selection.kind === 'frame') {
    throw refuse(name, 'it is a volume, which has slices; choose a plane and a slice');
  }
  const file = await openVolume(path, name);
  const { header } = file;
  const { type, slope, intercept } = header;
  const axes = voxelAxes(header.affine);
  const part = selection.kind === 'all' ? await whole(file) : await slice(file, selection);
  return {
    stored: part,
    values: () => Float64Array.from(part.data, (sample) => sample * slope + intercept),
    facts: {
      format: file.format,
      disk_dtype: diskType(type.name, type.channels, header.littleEndian),
      slope,
      intercept,
      unit: null,
      spacing: part.spacing,
      spacing_source: header.isOriented ? 'affine' : 'pixdim',
      zooms: header.zooms,
      axes: axisCodes(axes.slice(0, 3)),
      lossy: false,
      notes: [],
    },
  };
}

async function whole(file: VolumeFile) {
  const { shape, type, zooms } = file.header;
  const voxels = await readVoxels(file, 'all');
  return { shape, data: toRowMajor(voxels, type.channels, shape), spacing: zooms.slice(0, 3) };
}

async function slice(file: VolumeFile, { plane, slice: index, volume }: ArraySelection & { kind: 'slice' }) {
  const { header, name } = file;
  const walk = sliceWalk(voxelAxes(header.affine), header.shape, plane);
  const volumes = volumeCount(header);
  if (volume >= volumes) {
    throw refuse(name, `volume ${volume} was asked for, it has ${volumes}, counted from 0`);
  }
  if (index >= walk.slices.length) {
    throw refuse(name, `${plane} slice ${index} was asked for, it has ${walk.slices.length}, counted from 0`);
  }
  const { channels } = header.type;
  const data = takeSlice(await readVoxels(file, volume), channels, walk, index);
  const zoom = (axis: number) => header.zooms[axis] ?? 1;
  return {
    shape: [walk.rows.length, walk.columns.length],
    data,
    spacing: [zoom(walk.rows.axis), zoom(walk.columns.axis)],
  };
}

/** As NumPy writes it; colours are fields of a record, as nibabel reads them. */
function diskType(name: string, channels: number, littleEndian: boolean): string {
  if (channels > 1)
    return `[${['R', 'G', 'B', 'A']
      .slice(0, channels)
      .map((c) => `('${c}', 'u1')`)
      .join(', ')}]`;
  const bits = Number(/\d+$/.exec(name)![0]);
  return littleEndian || bits === 8 ? name : `>${name[0]}${bits / 8}`;
}
