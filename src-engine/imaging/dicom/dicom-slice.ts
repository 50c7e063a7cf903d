import type { Rescale } from '#shared/acquisition.ts';
import type { SlicePlan } from '#shared/engine-protocol.ts';
import { type KeptSlice, keptSamples } from '../kept-samples.ts';
import { refuse } from '../refusals.ts';
import type { SampleData } from '../sample-array.ts';
import type { ImageLayout } from './layout.ts';
import { expandPalette } from './palette.ts';
import type { DicomFile } from './parse.ts';
import { openFrames } from './pixels.ts';
import { modalityTransform, valuesOf } from './rescale.ts';

/**
 * One frame as a workspace keeps it: samples as stored, except that palettes are expanded, that grey where white is 0
 * is turned round (its slope with it, so that values stay), and that a modality table or the wish for values is obeyed.
 * So samples rise as greys do, and a slope below 0 says that white is 0: of a file with such a slope values are kept.
 */
export async function dicomSlice(file: DicomFile, frame: number, plan: SlicePlan): Promise<KeptSlice> {
  const reader = openFrames(file);
  const { layout } = reader;
  if (frame >= layout.frames) throw refuse(file.name, `it has no frame ${frame}`);
  const { data } = await reader.frame(frame);
  const size = { width: layout.columns, height: layout.rows };
  const { rescale } = plan.acquisition;
  if (layout.photometric === 'PALETTE COLOR') {
    return keptSamples({ ...size, channels: 3, data: expandPalette(file, data) }, rescale);
  }
  const transform = modalityTransform(file.dataSet, frame);
  const isTurned = layout.photometric === 'MONOCHROME1';
  if (layout.samples === 1 && (transform.table || plan.asValues || rescale.slope < 0)) {
    const slope = isTurned ? -1 : 1;
    const values = Float32Array.from(valuesOf(data, transform), (value) => slope * value);
    return keptSamples({ ...size, channels: 1, data: values }, { ...rescale, slope, intercept: 0 });
  }
  const bits = Math.min(layout.bitsStored, 32);
  if (!isTurned) {
    return keptSamples({ ...size, channels: layout.samples, data, bits }, rescale);
  }
  const turned = turnRound(data, layout, rescale);
  return keptSamples({ ...size, channels: 1, data: turned.data, bits }, turned.rescale);
}

/** top - sample, where top is the largest sample the bits stored allow (-1 for signed ones, so that the range maps to itself). */
function turnRound(
  data: SampleData,
  { signed, bitsStored, kind }: ImageLayout,
  { slope, intercept, unit }: Rescale,
): { data: SampleData; rescale: Rescale } {
  const top = kind === 'float' ? 0 : signed ? -1 : 2 ** bitsStored - 1;
  const turned = data.slice();
  for (let i = 0; i < turned.length; i++) turned[i] = top - data[i]!;
  return { data: turned, rescale: { slope: -slope, intercept: intercept + slope * top, unit } };
}
