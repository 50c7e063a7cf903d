/**
 * What a compressed frame says of itself before it is decoded. Decoders allocate what the stream declares, so a stream
 * that contradicts its DICOM header is refused first.
 */
export interface StreamHeader {
  readonly width: number;
  readonly height: number;
  readonly components: number;
  readonly precision: number;
  /** Why no decoder should be asked, although the sizes are plausible. */
  readonly flaw?: string;
}

/** JPEG (ITU-T T.81) and JPEG-LS (T.87), by their frame header. Undefined where there is none. */
export function readJpegHeader(bytes: Uint8Array): StreamHeader | undefined {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let frame: (StreamHeader & { readonly sequential: boolean }) | undefined;
  let at = 2;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at++;
      continue;
    }
    const length = view.getUint16(at + 2);
    if (length < 2 || at + 2 + length > bytes.length) return undefined;
    if (isFrameHeader(marker)) {
      if (length < 8) return undefined;
      frame = {
        precision: bytes[at + 4]!,
        height: view.getUint16(at + 5),
        width: view.getUint16(at + 7),
        components: bytes[at + 9]!,
        sequential: marker === 0xc0 || marker === 0xc1,
      };
    }
    if (marker === 0xda) {
      if (!frame) return undefined;
      const { sequential, ...header } = frame;
      // Start, end and successive approximation of the spectrum: 0, 63, 0 in every sequential scan (T.81 table B.3).
      const [start, end, approximation] = bytes.subarray(at + 2 + length - 3, at + 2 + length);
      const valid = !sequential || (start === 0 && end === 63 && approximation === 0);
      return valid ? header : { ...header, flaw: 'the JPEG scan header is invalid' };
    }
    at += 2 + length;
  }
  return undefined;
}

/** SOF0 to SOF15 without DHT, JPG and DAC, and SOF55 of JPEG-LS. */
const isFrameHeader = (marker: number): boolean =>
  (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) || marker === 0xf7;

/** JPEG 2000 and HTJ2K (ITU-T T.800 A.5.1), by the SIZ marker. Undefined where there is none. */
export function readJpeg2000Header(bytes: Uint8Array): StreamHeader | undefined {
  if (bytes.length < 50) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(4) === 0x6a502020) {
    return {
      width: 0,
      height: 0,
      components: 0,
      precision: 0,
      flaw: 'a JP2 header stands before its JPEG 2000 code stream, where DICOM allows none',
    };
  }
  if (view.getUint32(0) !== 0xff4fff51) return undefined;
  const [xSize, ySize] = [view.getUint32(8), view.getUint32(12)];
  const [xOffset, yOffset] = [view.getUint32(16), view.getUint32(20)];
  const [tileWidth, tileHeight] = [view.getUint32(24), view.getUint32(28)];
  const header = {
    width: xSize - xOffset,
    height: ySize - yOffset,
    components: view.getUint16(40),
    precision: (bytes[42]! & 0x7f) + 1,
  };
  const tiles = Math.ceil(xSize / tileWidth) * Math.ceil(ySize / tileHeight);
  if (!(tiles <= 65_535)) return { ...header, flaw: 'the JPEG 2000 header is damaged' };
  return header;
}
