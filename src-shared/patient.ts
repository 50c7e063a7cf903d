/**
 * Which images belong together. Slices of one patient are not independent: intervals are drawn over patients, and
 * where a name does not tell one, every image stands for itself.
 */

/** A slice or frame number at the end of a stem: `_z077`, `-12`, `_slice_8`, `_155`. */
const sliceNumber = /[_\- .]+(?:z|s|sl|slice|frame|axial|i|im|img)?[_-]?\d+$/i;

/** Patient of an image by its name: the file's stem without its slice number; the whole name where nothing is left. */
export function patientOf(name: string): string {
  const file = name.split('/').at(-1) ?? name;
  const stem = file.replace(/\.(?:png|jpe?g|bmp|tiff?|webp|npy|dcm|nii(?:\.gz)?)$/i, '');
  const patient = stem.replace(sliceNumber, '');
  return patient === '' || patient === stem ? name : patient;
}
