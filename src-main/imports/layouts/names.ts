import { basename, relative, sep } from 'node:path';

/** DICOM is among them although it is no picture format: what a file really is is judged when it is decoded. */
const imageExtensions = new Set(
  'png apng jpg jpeg jpe tif tiff bmp dib webp gif jp2 j2k dcm dicom ima'.split(' '),
);

/** Files without an extension may be images (DICOM exports), these never are. */
const otherNames = /^(readme|licen[cs]e|copying|notice|authors|changelog|citation|makefile|dicomdir)$/i;

/** Extension in lower case without the dot, '' where there is none. A number (as in a DICOM UID) is none. */
export function extensionOf(name: string): string {
  const extension = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  return /^\d+$/.test(extension) ? '' : extension;
}

/** Whether a file may be an image as far as its name tells. */
export function isImageName(name: string): boolean {
  const extension = extensionOf(name);
  return extension === '' ? !otherNames.test(name) : imageExtensions.has(extension);
}

export function isHidden(name: string): boolean {
  return name.startsWith('.') || name === '__MACOSX';
}

/** File name without extension, in the form in which names of different files are compared. */
export function stemOf(path: string): string {
  const name = basename(path).normalize('NFC').toLowerCase();
  const extension = extensionOf(name);
  return extension === '' ? name : name.slice(0, -extension.length - 1);
}

/** Path relative to a folder, forward slashes, NFC. */
export function nameBelow(root: string, path: string): string {
  return relative(root, path).split(sep).join('/').normalize('NFC');
}

const collator = new Intl.Collator('en', { numeric: true });

/** Natural order: slice 9 comes before slice 10. Total, so that two runs give the same plan. */
export function compareNames(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}

/** The name itself, or with " (2)", " (3)" ... before its extension where it is taken. */
export function uniqueName(name: string, taken: Set<string>): string {
  const extension = extensionOf(name);
  const stem = extension === '' ? name : name.slice(0, -extension.length - 1);
  let unique = name;
  for (let i = 2; taken.has(unique); i++) unique = `${stem} (${i})${name.slice(stem.length)}`;
  taken.add(unique);
  return unique;
}
