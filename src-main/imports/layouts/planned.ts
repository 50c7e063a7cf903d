import type { LayoutChoice } from '#shared/contract/imports.ts';
import type { FoundSeries, SlicePlan } from '#shared/engine-protocol.ts';
import type { Label, Role, Split } from '#shared/domain.ts';

export type Layout = Exclude<LayoutChoice, 'auto'>;
/** Told from the names of files and folders; the others from what is in the files. */
export type PictureLayout = Exclude<Layout, 'dicom' | 'nifti'>;

/** One file that would become an image of a study. */
export interface PlannedImage {
  /** Where to read it, exactly as the file system spells it. */
  readonly path: string;
  /** Relative to the root with forward slashes, NFC; the base name of a file chosen by itself. Unique in a plan. */
  readonly name: string;
  readonly role: Role;
  readonly label: Label;
  readonly split: Split | null;
  /** Defect type as the data set names it (folder of MVTec AD), null where it has no name. */
  readonly defect: string | null;
  /** Whom or what the image is of, where the layout itself says it; a rule may say it later. */
  readonly patient: string | null;
  /** Their union is the ground truth; one file a region in MVTec LOCO. */
  readonly maskPaths: readonly string[];
  /** file = at `maskPaths`; empty = known to hold nothing; unknown = nobody said. */
  readonly mask: 'file' | 'empty' | 'unknown';
  /** Which slice of the file; left out for a picture. */
  readonly slice?: SlicePlan;
}

export interface PlannedImport {
  readonly layout: Layout;
  /** The folder the names are relative to. */
  readonly root: string;
  /** In natural order of their names. */
  readonly items: PlannedImage[];
  /** All image files of one plain folder, those that a mapping makes masks or skips included; else empty. */
  readonly found: readonly string[];
  /** Files left out: hidden, or not images by their name. */
  readonly ignored: number;
  /** Sentences on what was left out and what looks wrong. */
  readonly warnings: string[];
  /** DICOM series and NIfTI volumes, those not chosen included. */
  readonly series?: readonly FoundSeries[];
}

/** What a layout says of the images in one of its folders. */
export type Verdict = Pick<PlannedImage, 'role' | 'label' | 'split' | 'defect'>;
