/** How the pixels of a DICOM file are encoded, by its Transfer Syntax UID (PS3.5 section 10 and annex A). */
export type PixelEncoding =
  | 'native'
  | 'rle'
  | 'jpeg'
  | 'jpeg-ls'
  | 'jpeg-2000'
  | 'htj2k'
  | 'jpeg-xl'
  | 'deflated-frames';

interface TransferSyntax {
  readonly name: string;
  /** Null where Nidus does not read it; the name is then what the refusal says. */
  readonly encoding: PixelEncoding | null;
  /** The pixels of the syntax may differ from those the scanner had. */
  readonly lossy?: true;
}

const base = '1.2.840.10008.1.2';

export const implicitLittleEndian = base;
export const explicitLittleEndian = `${base}.1`;

const syntaxes: Readonly<Record<string, TransferSyntax>> = {
  [implicitLittleEndian]: { name: 'Implicit VR Little Endian', encoding: 'native' },
  [explicitLittleEndian]: { name: 'Explicit VR Little Endian', encoding: 'native' },
  [`${base}.1.98`]: { name: 'Encapsulated Uncompressed Explicit VR Little Endian', encoding: null },
  [`${base}.1.99`]: { name: 'Deflated Explicit VR Little Endian', encoding: 'native' },
  [`${base}.2`]: { name: 'Explicit VR Big Endian', encoding: 'native' },
  [`${base}.4.50`]: { name: 'JPEG Baseline', encoding: 'jpeg', lossy: true },
  [`${base}.4.51`]: { name: 'JPEG Extended', encoding: 'jpeg', lossy: true },
  [`${base}.4.57`]: { name: 'JPEG Lossless', encoding: 'jpeg' },
  [`${base}.4.70`]: { name: 'JPEG Lossless, First-Order Prediction', encoding: 'jpeg' },
  [`${base}.4.80`]: { name: 'JPEG-LS Lossless', encoding: 'jpeg-ls' },
  [`${base}.4.81`]: { name: 'JPEG-LS Near-Lossless', encoding: 'jpeg-ls', lossy: true },
  [`${base}.4.90`]: { name: 'JPEG 2000 Lossless', encoding: 'jpeg-2000' },
  [`${base}.4.91`]: { name: 'JPEG 2000', encoding: 'jpeg-2000', lossy: true },
  [`${base}.4.92`]: { name: 'JPEG 2000 Part 2 Multi-component Lossless', encoding: null },
  [`${base}.4.93`]: { name: 'JPEG 2000 Part 2 Multi-component', encoding: null },
  [`${base}.4.94`]: { name: 'JPIP Referenced', encoding: null },
  [`${base}.4.95`]: { name: 'JPIP Referenced Deflate', encoding: null },
  [`${base}.4.100`]: { name: 'MPEG-2 video', encoding: null },
  [`${base}.4.100.1`]: { name: 'fragmentable MPEG-2 video', encoding: null },
  [`${base}.4.101`]: { name: 'MPEG-2 high-level video', encoding: null },
  [`${base}.4.101.1`]: { name: 'fragmentable MPEG-2 high-level video', encoding: null },
  [`${base}.4.102`]: { name: 'MPEG-4 (H.264) video', encoding: null },
  [`${base}.4.102.1`]: { name: 'fragmentable MPEG-4 (H.264) video', encoding: null },
  [`${base}.4.103`]: { name: 'MPEG-4 (H.264) Blu-ray video', encoding: null },
  [`${base}.4.103.1`]: { name: 'fragmentable MPEG-4 (H.264) Blu-ray video', encoding: null },
  [`${base}.4.104`]: { name: 'MPEG-4 (H.264) 2-D video', encoding: null },
  [`${base}.4.104.1`]: { name: 'fragmentable MPEG-4 (H.264) 2-D video', encoding: null },
  [`${base}.4.105`]: { name: 'MPEG-4 (H.264) 3-D video', encoding: null },
  [`${base}.4.105.1`]: { name: 'fragmentable MPEG-4 (H.264) 3-D video', encoding: null },
  [`${base}.4.106`]: { name: 'MPEG-4 (H.264) stereo video', encoding: null },
  [`${base}.4.106.1`]: { name: 'fragmentable MPEG-4 (H.264) stereo video', encoding: null },
  [`${base}.4.107`]: { name: 'HEVC (H.265) video', encoding: null },
  [`${base}.4.108`]: { name: 'HEVC (H.265) 10-bit video', encoding: null },
  [`${base}.4.110`]: { name: 'JPEG XL Lossless', encoding: 'jpeg-xl' },
  [`${base}.4.111`]: { name: 'JPEG XL JPEG Recompression', encoding: 'jpeg-xl', lossy: true },
  [`${base}.4.112`]: { name: 'JPEG XL', encoding: 'jpeg-xl', lossy: true },
  [`${base}.4.201`]: { name: 'High-Throughput JPEG 2000 Lossless', encoding: 'htj2k' },
  [`${base}.4.202`]: { name: 'High-Throughput JPEG 2000 RPCL Lossless', encoding: 'htj2k' },
  [`${base}.4.203`]: { name: 'High-Throughput JPEG 2000', encoding: 'htj2k', lossy: true },
  [`${base}.4.204`]: { name: 'JPIP HTJ2K Referenced', encoding: null },
  [`${base}.4.205`]: { name: 'JPIP HTJ2K Referenced Deflate', encoding: null },
  [`${base}.5`]: { name: 'RLE Lossless', encoding: 'rle' },
  [`${base}.7.1`]: { name: 'SMPTE ST 2110-20 video', encoding: null },
  [`${base}.7.2`]: { name: 'SMPTE ST 2110-20 interlaced video', encoding: null },
  [`${base}.7.3`]: { name: 'SMPTE ST 2110-30 audio', encoding: null },
  [`${base}.8.1`]: { name: 'Deflated Image Frame Compression', encoding: 'deflated-frames' },
};

/** JPEG processes 3 to 29, which left the standard in 2001 and which no decoder in use reads. */
const retiredJpeg = new RegExp(`^${base.replaceAll('.', '\\.')}\\.4\\.(5[2-689]|6[0-6])$`);

/** Undefined for a UID that is no transfer syntax of the standard. */
export function transferSyntax(uid: string): TransferSyntax | undefined {
  const known = syntaxes[uid];
  if (known) return known;
  return retiredJpeg.test(uid) ? { name: 'a retired JPEG process', encoding: null } : undefined;
}
