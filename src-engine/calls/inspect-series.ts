import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EngineCalls, InspectedSeries, InspectSeriesRequest } from '#shared/engine-protocol.ts';
import { toFailure } from '#shared/errors.ts';
import { code, tags } from '../imaging/dicom/attributes.ts';
import { findSeries } from '../imaging/dicom/find-series.ts';
import { isDicom, parseDicom } from '../imaging/dicom/parse.ts';
import { openFrames } from '../imaging/dicom/pixels.ts';
import { isSegmentation, type SegmentFrame, segmentFrames } from '../imaging/dicom/segmentation.ts';
import { type SliceHead, sliceHeads } from '../imaging/dicom/slice-head.ts';
import { readFileStart, readFileWhole } from '../imaging/file.ts';
import { identityOf } from '../imaging/identity.ts';
import { isNifti } from '../imaging/nifti/header.ts';
import { findVolumes, type NamedFile } from '../imaging/nifti/nifti-series.ts';
import { asRefusal } from '../imaging/refusals.ts';
import { isTextVolume } from '../imaging/volumes/open.ts';
import { unpackZip } from '../imaging/zip.ts';
import type { EngineState } from '../state.ts';

const mediaDirectory = '1.2.840.10008.1.3.10';

/** DICOM series and volumes among files, told from their content; other files are counted and left alone. */
export async function inspectSeries(
  { sources }: EngineState,
  { files, identity: rule, plane, volume }: InspectSeriesRequest,
): Promise<InspectedSeries> {
  const identity = identityOf(rule);
  const heads: SliceHead[] = [];
  const segments: SegmentFrame[] = [];
  const volumes: NamedFile[] = [];
  const refused: { name: string; reason: string }[] = [];
  const refuseFile = (name: string, error: unknown) =>
    void refused.push({ name, reason: toFailure(asRefusal(name, error)).message });
  let others = 0;
  for (const { path, name } of files) {
    // Lets the process answer and show that it is alive.
    await nextTurn();
    try {
      const head = await readFileStart(path, name);
      if (isNifti(head) || isTextVolume(head) || /\.(nii(\.gz)?|nrrd|nhdr|mha|mhd)$/i.test(path))
        volumes.push({ path, name });
      else if (isDicom(head) || /\.(dcm|dicom|ima)$/i.test(path)) {
        const file = parseDicom(await readFileWhole(path, name), name);
        if (code(file.dataSet, tags.sopClass) === mediaDirectory || 'x00041220' in file.dataSet.elements)
          continue;
        if (isSegmentation(file)) segments.push(...segmentFrames(file, path, identity));
        else {
          const slices = sliceHeads(file, path, identity);
          // What cannot be read at all is refused here, under the name of its file.
          openFrames(file);
          for (const one of slices) heads.push(one);
        }
      } else if (!/\.img(\.gz)?$/i.test(path)) others++;
    } catch (error) {
      refuseFile(name, error);
    }
  }
  const series = await findSeries(heads, segments, identity);
  const found = await findVolumes(volumes, { plane, volume }, sources, refuseFile);
  return { series: [...series, ...found], refused, others };
}

export const unpack = (_: EngineState, { archive, name, target }: EngineCalls['unpack']['request']) =>
  unpackZip(archive, name, target);
