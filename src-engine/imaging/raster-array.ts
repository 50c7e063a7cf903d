import type { ArraySelection } from '#shared/engine-protocol.ts';
import type { OpenedArray } from './array-file.ts';
import { decodeImageBytes, type DecodedImage } from './decode.ts';
import { readFileWhole } from './file.ts';
import { formatNames } from './formats.ts';
import { refuse } from './refusals.ts';
import type { SampleArray, SampleData } from './sample-array.ts';
import { pixelType } from './storage.ts';

const maxBytes = 2 ** 29;

/** All pages of a picture file, or one of them, as one array. Samples are their own values. @throws Failure 'unreadable' */
export async function openRasterArray(
  path: string,
  name: string,
  selection: ArraySelection,
): Promise<OpenedArray> {
  if (selection.kind === 'slice') throw refuse(name, 'it is a picture; planes are for volumes');
  const bytes = await readFileWhole(path, name);
  const first = await decodeImageBytes(bytes, {
    name,
    page: selection.kind === 'frame' ? selection.frame : 0,
  });
  const images = [first];
  if (selection.kind === 'all') {
    if (first.data.byteLength * first.pages > maxBytes) {
      throw refuse(name, `its ${first.pages} pages would take more than 512 MiB of memory; choose one`);
    }
    for (let page = 1; page < first.pages; page++) images.push(await decodeImageBytes(bytes, { name, page }));
  }
  const stored = stack(images, name);
  return {
    stored,
    values: () => Float64Array.from(stored.data),
    facts: {
      format: formatNames[first.format],
      disk_dtype: pixelType(first),
      slope: 1,
      intercept: 0,
      unit: null,
      spacing: null,
      spacing_source: null,
      lossy: first.format === 'jpeg' || first.format === 'webp',
      notes: first.notes,
    },
  };
}

function stack(images: readonly DecodedImage[], name: string): SampleArray {
  const [first] = images as [DecodedImage];
  const shapeOf = ({ height, width, channels }: DecodedImage) =>
    channels === 3 ? [height, width, 3] : [height, width];
  if (images.length === 1) return { shape: shapeOf(first), data: first.data };
  const odd = images.find(
    (image) => shapeOf(image).join() !== shapeOf(first).join() || pixelType(image) !== pixelType(first),
  );
  if (odd)
    throw refuse(name, `its pages are of different sizes or kinds; choose one of its ${images.length}`);
  const Type = first.data.constructor as new (length: number) => SampleData;
  const data = new Type(first.data.length * images.length);
  images.forEach((image, i) => data.set(image.data, i * first.data.length));
  return { shape: [images.length, ...shapeOf(first)], data };
}
