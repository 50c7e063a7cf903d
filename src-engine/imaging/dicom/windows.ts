import type { DataSet } from 'dicom-parser';
import type { ValueWindow, WindowFunction } from '#shared/acquisition.ts';
import { code, codes, decimals, items, tags, text } from './attributes.ts';
import { frameGroup } from './functional-groups.ts';
import { readTable } from './rescale.ts';

const functions: Readonly<Record<string, WindowFunction>> = {
  LINEAR: 'linear',
  LINEAR_EXACT: 'linear-exact',
  SIGMOID: 'sigmoid',
};

/** The windows a frame offers (PS3.3 C.11.2), its default first; a VOI LUT counts as the range of values it maps. */
export function frameWindows(root: DataSet, frame: number): ValueWindow[] {
  const group = frameGroup(root, frame, tags.frameVoiLut);
  const centres = decimals(group, tags.windowCentre);
  const widths = decimals(group, tags.windowWidth);
  const names = codes(group, tags.windowExplanation);
  const shape = functions[code(group, tags.voiFunction)?.toUpperCase() ?? ''] ?? 'linear';
  const windows = centres.flatMap((centre, i): ValueWindow[] => {
    const width = widths[i];
    if (width === undefined || width <= 0) return [];
    return [{ centre, width, function: shape, name: names[i] ?? null }];
  });
  for (const lut of items(group, tags.voiLut)) {
    const table = readTable(root, lut);
    if (!table) continue;
    const width = table.values.length;
    const name = text(lut, root, 'x00283003') ?? null;
    windows.push({ centre: table.first + width / 2, width, function: 'linear', name });
  }
  return windows;
}
