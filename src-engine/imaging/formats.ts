/** The formats `decodeImage` reads. */
export const rasterFormats = ['png', 'jpeg', 'tiff', 'bmp', 'webp', 'gif'] as const;

export type RasterFormat = (typeof rasterFormats)[number];

/** Formats that are recognised only to say what a file is when it is refused or belongs to another decoder. */
export type OtherFormat = 'jpeg2000' | 'heif' | 'svg' | 'pdf' | 'dicom' | 'nifti' | 'gzip' | 'zip' | 'text';

/** What people call them. */
export const formatNames: Readonly<Record<RasterFormat | OtherFormat, string>> = {
  png: 'PNG',
  jpeg: 'JPEG',
  tiff: 'TIFF',
  bmp: 'BMP',
  webp: 'WebP',
  gif: 'GIF',
  jpeg2000: 'JPEG 2000',
  heif: 'HEIF/AVIF',
  svg: 'SVG',
  pdf: 'PDF',
  dicom: 'DICOM',
  nifti: 'NIfTI',
  gzip: 'gzip archive',
  zip: 'zip archive',
  text: 'text',
};

/** Their headers are like no other's, and the packed ones look like any gzip file. */
export const noMgh = 'FreeSurfer MGH volumes are not supported; convert it to NIfTI';

const extensions: Readonly<Record<string, RasterFormat | OtherFormat>> = {
  png: 'png',
  apng: 'png',
  jpg: 'jpeg',
  jpeg: 'jpeg',
  jpe: 'jpeg',
  tif: 'tiff',
  tiff: 'tiff',
  bmp: 'bmp',
  dib: 'bmp',
  webp: 'webp',
  gif: 'gif',
  jp2: 'jpeg2000',
  j2k: 'jpeg2000',
  dcm: 'dicom',
  nii: 'nifti',
};

const latin1 = (bytes: Uint8Array, from: number, to: number) =>
  String.fromCharCode(...bytes.subarray(from, to));

/** How many bytes from the start of a file `sniffFormat` looks at. */
export const sniffLength = 352;

/**
 * What a file is, told by its first bytes (`sniffLength` of them are enough) and never by its name.
 * Undefined: none of the formats known here.
 */
export function sniffFormat(head: Uint8Array): RasterFormat | OtherFormat | undefined {
  const starts = (...signature: number[]) => signature.every((byte, i) => head[i] === byte);
  if (starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'png';
  if (starts(0xff, 0xd8, 0xff)) return 'jpeg';
  if (starts(0x49, 0x49, 42, 0) || starts(0x4d, 0x4d, 0, 42)) return 'tiff';
  if (starts(0x49, 0x49, 43, 0) || starts(0x4d, 0x4d, 0, 43)) return 'tiff';
  if (latin1(head, 0, 4) === 'GIF8') return 'gif';
  if (latin1(head, 0, 4) === 'RIFF' && latin1(head, 8, 12) === 'WEBP') return 'webp';
  if (latin1(head, 128, 132) === 'DICM') return 'dicom';
  if (latin1(head, 344, 347) === 'n+1' || latin1(head, 344, 347) === 'ni1') return 'nifti';
  if (latin1(head, 0, 2) === 'BM' && looksLikeBmp(head)) return 'bmp';
  if (latin1(head, 4, 8) === 'jP  ' || starts(0xff, 0x4f, 0xff, 0x51)) return 'jpeg2000';
  if (latin1(head, 4, 8) === 'ftyp') return 'heif';
  if (latin1(head, 0, 4) === '%PDF') return 'pdf';
  if (starts(0x1f, 0x8b)) return 'gzip';
  if (starts(0x50, 0x4b, 3, 4)) return 'zip';
  if (/^\s*(<\?xml[^>]*>\s*)?<svg/.test(latin1(head, 0, 256))) return 'svg';
  if (head.length > 0 && head.subarray(0, 256).every(isTextByte)) return 'text';
  return undefined;
}

/** "BM" alone may start any text, so the size of the second header has to be one that exists. */
function looksLikeBmp(head: Uint8Array): boolean {
  return [12, 40, 52, 56, 64, 108, 124].includes(head[14] ?? 0) && head[15] === 0 && head[16] === 0;
}

function isTextByte(byte: number): boolean {
  return byte >= 32 || byte === 9 || byte === 10 || byte === 13;
}

/** What the extension of a file name promises, undefined where it promises nothing known. */
export function formatOfName(name: string): RasterFormat | OtherFormat | undefined {
  const dot = name.lastIndexOf('.');
  return dot < 0 ? undefined : extensions[name.slice(dot + 1).toLowerCase()];
}

export function isRasterFormat(format: string | undefined): format is RasterFormat {
  return (rasterFormats as readonly string[]).includes(format ?? '');
}
