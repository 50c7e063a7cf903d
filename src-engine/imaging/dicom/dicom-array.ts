import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ArraySelection } from '#shared/engine-protocol.ts';
import type { OpenedArray } from '../array-file.ts';
import { refuse } from '../refusals.ts';
import type { SampleArray, SampleData } from '../sample-array.ts';
import { frameGeometry } from './geometry.ts';
import { parseDicom } from './parse.ts';
import { type FrameReader, openFrames } from './pixels.ts';
import { modalityTransform, valuesOf } from './rescale.ts';

const maxBytes = 2 ** 30;

/** All frames of a DICOM file, or one of them, as one array. @throws Failure 'unreadable' */
export async function openDicomArray(
  bytes: Uint8Array,
  name: string,
  selection: ArraySelection,
): Promise<OpenedArray> {
  const file = parseDicom(bytes, name);
  const reader = openFrames(file);
  const { frames } = reader.layout;
  if (selection.kind === 'slice') {
    throw refuse(name, 'it is a DICOM file, which has frames; planes are for volumes');
  }
  if (selection.kind === 'frame' && selection.frame >= frames) {
    throw refuse(name, `frame ${selection.frame} was asked for, it has ${frames}, counted from 0`);
  }
  const chosen =
    selection.kind === 'frame' ? [selection.frame] : Array.from({ length: frames }, (_, frame) => frame);
  const stored = await stack(reader, chosen, name);
  const transforms = chosen.map((frame) => modalityTransform(file.dataSet, frame));
  const [first] = transforms;
  const { slope, intercept, unit } = first!.rescale;
  const uniform = transforms.every(
    ({ rescale, table }) => !table && rescale.slope === slope && rescale.intercept === intercept,
  );
  const { spacing, spacingSource } = frameGeometry(file.dataSet, chosen[0]!);
  return {
    stored,
    values() {
      const values = new Float64Array(stored.data.length);
      const length = values.length / chosen.length;
      transforms.forEach((transform, i) => {
        values.set(valuesOf(stored.data.subarray(i * length, (i + 1) * length), transform), i * length);
      });
      return values;
    },
    facts: {
      format: 'DICOM',
      disk_dtype: reader.diskType,
      slope: uniform ? slope : null,
      intercept: uniform ? intercept : null,
      unit,
      spacing: spacing && [spacing.row, spacing.column],
      spacing_source: spacingSource,
      lossy: reader.lossy,
      notes: [],
    },
  };
}

/** Frames one after another; a single one has no dimension of its own. */
async function stack(reader: FrameReader, chosen: readonly number[], name: string): Promise<SampleArray> {
  const first = await reader.frame(chosen[0]!);
  if (chosen.length === 1) return first;
  if (first.data.byteLength * chosen.length > maxBytes) {
    throw refuse(name, `its ${chosen.length} frames would take more than 1 GiB of memory; choose one`);
  }
  const Type = first.data.constructor as new (length: number) => SampleData;
  const data = new Type(first.data.length * chosen.length);
  data.set(first.data);
  for (let i = 1; i < chosen.length; i++) {
    // Lets the process show that it is alive.
    await nextTurn();
    data.set((await reader.frame(chosen[i]!)).data, i * first.data.length);
  }
  return { shape: [chosen.length, ...first.shape], data };
}
