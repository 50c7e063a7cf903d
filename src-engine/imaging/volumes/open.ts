import { readFileStart, withFile } from '../file.ts';
import { openNifti } from '../nifti/volume.ts';
import { isMetaImage, readMetaImage } from './metaimage.ts';
import { isNrrd, readNrrd } from './nrrd.ts';
import { textHeaderLength } from './text-header.ts';
import type { VolumeFile } from './volume-header.ts';

/** Volumes that are told by their text; NIfTI is told by `isNifti`. */
export const isTextVolume = (head: Uint8Array): boolean => isNrrd(head) || isMetaImage(head);

/** Opens a volume of any format that is read: the header only. @throws Failure 'unreadable' that names what is wrong */
export async function openVolume(path: string, name: string): Promise<VolumeFile> {
  const start = /\.(nrrd|nhdr|mha|mhd)$/i.test(path) ? await readFileStart(path, name) : null;
  if (!start || !isTextVolume(start)) return openNifti(path, name);
  const head = await withFile(path, name, async (file, size) => {
    const bytes = Buffer.alloc(Math.min(size, textHeaderLength));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
    return bytes.subarray(0, bytesRead);
  });
  return isNrrd(head) ? readNrrd(head, path, name) : readMetaImage(head, path, name);
}
