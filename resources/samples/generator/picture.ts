/** A finished 8-bit picture with its ground truth. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** 1 = grey, 3 = RGB interleaved. */
  readonly channels: 1 | 3;
  readonly pixels: Uint8Array;
  /** 255 inside a lesion or defect, one byte a pixel. */
  readonly mask: Uint8Array;
}

/** A picture with its place in a study. */
export interface StudyPicture extends Picture {
  readonly name: string;
  /** `train` and `good` are normal; anything else names what is wrong. */
  readonly part: string;
}
