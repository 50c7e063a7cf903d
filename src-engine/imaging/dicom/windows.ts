import type { DataSet } from 'dicom-parser';
import type { ValueWindow, WindowFunction } from '#shared/acquisition.ts';
import { greyTable } from '#shared/grey-curve.ts';
import { code, codes, decimals, items, tags, text, unsignedShort } from './attributes.ts';
import { frameGroup } from './functional-groups.ts';
import { type ModalityTransform, readTable } from './rescale.ts';

const functions: Readonly<Record<string, WindowFunction>> = {
  LINEAR: 'linear',
  LINEAR_EXACT: 'linear-exact',
  SIGMOID: 'sigmoid',
};

/** The windows a frame offers (PS3.3 C.11.2), its default first, then its VOI LUTs. */
export function frameWindows(root: DataSet, frame: number, modality: ModalityTransform): ValueWindow[] {
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
    const window = tableWindow(root, lut, modality);
    if (window) windows.push(window);
  }
  return windows;
}

/** A VOI LUT (PS3.3 C.11.2.1.1) over the values it maps; null where it is damaged or knows but one grey. */
function tableWindow(root: DataSet, lut: DataSet, { rescale, table }: ModalityTransform): ValueWindow | null {
  const vr = lut.elements[tags.lutDescriptor]?.vr;
  // Its inputs are values: without a VR that tells, they go below 0 where samples do or the rescale leads there.
  const goesBelow =
    !table &&
    (rescale.intercept < 0 || rescale.slope < 0 || unsignedShort(root, tags.pixelRepresentation) === 1);
  const signed = vr === 'SS' || (vr !== 'US' && goesBelow);
  const found = readTable(root, lut, tags.lutDescriptor, tags.lutData, signed);
  if (!found || found.values.length < 2) return null;
  // Descriptors that name fewer bits than their data have are about as old as the table.
  let white = 2 ** found.bits - 1;
  for (const value of found.values)
    if (value > white) white = value > 4095 ? 65_535 : value > 255 ? 4095 : 255;
  const width = found.values.length - 1;
  return {
    centre: found.first + width / 2,
    width,
    function: greyTable(Float64Array.from(found.values, (value) => value / white)),
    name: text(lut, root, tags.lutExplanation) ?? null,
  };
}
