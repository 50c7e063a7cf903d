/** What is asked of files on their way in: pictures, series and volumes. */
import type { Acquisition, KeepOption, Plane, SampleWindow } from '../acquisition.ts';
import type { PixelStatistics, PixelsInfo, Spacing } from '../domain.ts';

export interface IngestRequest {
  readonly path: string;
  /** Shown in errors instead of the path. */
  readonly name: string;
  /** Their union is the mask; none = no mask file. */
  readonly maskPaths: readonly string[];
  /** Which slice of the file; null where the file is a picture. */
  readonly slice: SlicePlan | null;
  /** Pixels stay where they are, and the workspace only notes where that is. */
  readonly link: boolean;
}

export interface IngestedImage {
  readonly pixels: PixelsInfo;
  readonly statistics: PixelStatistics;
  /** Null when there is no mask. The mask blob is uint8, 0 or 1, size of the image. */
  readonly maskSha256: string | null;
  /** There is a mask, and nothing in it. */
  readonly maskIsEmpty: boolean;
  /** What the file draws over the image, as a mask; null where there is nothing or it is not wanted. */
  readonly overlaySha256: string | null;
  /** Of a slice: as planned, with the rescale of the samples as they were stored. */
  readonly acquisition: Acquisition | null;
}

/** Who may be known: with a secret, patients and UIDs become keyed hashes and only what `keep` names stays. */
export interface IdentityRule {
  readonly secret: Uint8Array | null;
  readonly keep: readonly KeepOption[];
}

export type SliceSource =
  | { readonly kind: 'dicom'; readonly frame: number }
  | { readonly kind: 'nifti'; readonly plane: Plane; readonly slice: number; readonly volume: number };

export type SliceMask =
  /** Frames of DICOM segmentations that lie over the slice; none where they are known to hold nothing there. */
  | {
      readonly kind: 'segmentation';
      readonly frames: readonly { readonly path: string; readonly frame: number }[];
    }
  /** The same slice of a label volume: inside is above 0. */
  | { readonly kind: 'labels'; readonly path: string };

/** One slice of a series or volume, before it is decoded. */
export interface SlicePlan {
  readonly source: SliceSource;
  readonly mask: SliceMask | null;
  readonly patient: string | null;
  readonly spacing: Spacing | null;
  /** What models see, in values. */
  readonly window: SampleWindow | null;
  /** Samples are replaced by their values: the slices of the series have different slopes. */
  readonly asValues: boolean;
  /** What the file draws over the image is taken in. */
  readonly overlay: boolean;
  readonly acquisition: Acquisition;
}

/** A DICOM series or NIfTI volume that was found; names and UIDs are hidden already where they are to be. */
export interface FoundSeries {
  readonly key: string;
  readonly kind: 'dicom' | 'nifti';
  readonly title: string;
  readonly modality: string | null;
  readonly patient: string | null;
  readonly rows: number;
  readonly columns: number;
  readonly plane: Plane | null;
  /** How many volumes a NIfTI file holds; 1 otherwise. */
  readonly volumes: number;
  readonly burnedIn: boolean;
  readonly warnings: readonly string[];
  readonly slices: readonly { readonly path: string; readonly name: string; readonly plan: SlicePlan }[];
}

export interface InspectSeriesRequest {
  readonly files: readonly { readonly path: string; readonly name: string }[];
  readonly identity: IdentityRule;
  /** Of volumes; DICOM slices are taken as they were acquired. */
  readonly plane: Plane;
  readonly volume: number;
}

export interface InspectedSeries {
  readonly series: readonly FoundSeries[];
  /** Files that are DICOM or NIfTI and cannot be used. */
  readonly refused: readonly { readonly name: string; readonly reason: string }[];
  /** Files of other kinds. */
  readonly others: number;
}

export interface IntakeCalls {
  ingest: { request: IngestRequest; reply: IngestedImage };
  /** Little-endian bytes of the pixels of an image, stored or linked. */
  'read-pixels': { request: PixelsInfo; reply: Uint8Array };
  /** DICOM series and NIfTI volumes among files; nothing is stored. */
  'inspect-series': { request: InspectSeriesRequest; reply: InspectedSeries };
  /** The files of a ZIP archive into a new folder. */
  unpack: { request: { archive: string; name: string; target: string }; reply: void };
}
