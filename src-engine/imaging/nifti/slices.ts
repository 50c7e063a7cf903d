import type { SampleData } from '../sample-array.ts';
import type { SliceWalk } from '../voxel-axes.ts';

/** One slice out of voxels whose first index runs fastest: rows x columns, channels of a voxel side by side. */
export function takeSlice(
  voxels: SampleData,
  channels: number,
  { rows, columns, slices }: SliceWalk,
  slice: number,
): SampleData {
  const Type = voxels.constructor as new (length: number) => SampleData;
  const data = new Type(rows.length * columns.length * channels);
  let to = 0;
  const start = slices.start + slices.step * slice + rows.start + columns.start;
  for (let row = 0; row < rows.length; row++) {
    let from = (start + rows.step * row) * channels;
    for (let column = 0; column < columns.length; column++, from += columns.step * channels) {
      for (let channel = 0; channel < channels; channel++) data[to++] = voxels[from + channel]!;
    }
  }
  return data;
}

/** The same array with the last index running fastest, as NumPy writes it; the channels of a voxel stay together. */
export function toRowMajor(voxels: SampleData, channels: number, shape: readonly number[]): SampleData {
  const Type = voxels.constructor as new (length: number) => SampleData;
  const data = new Type(voxels.length);
  const strides: number[] = [];
  let stride = channels;
  for (const extent of shape) {
    strides.push(stride);
    stride *= extent;
  }
  const lastExtent = shape.at(-1) ?? 1;
  const lastStride = strides.at(-1) ?? channels;
  const index = shape.map(() => 0);
  let start = 0;
  for (let to = 0; to < data.length;) {
    for (let i = 0, from = start; i < lastExtent; i++, from += lastStride) {
      for (let channel = 0; channel < channels; channel++) data[to++] = voxels[from + channel]!;
    }
    for (let axis = shape.length - 2; axis >= 0; axis--) {
      start += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      start -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return data;
}
