/** Every file of ../shared/data against what pydicom and nibabel read; skipped where the folder is missing. */
import { existsSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { describeArray, openArray } from '#engine/imaging/array-file.ts';

const root = resolve('../shared/data');
const there = existsSync(join(root, 'expected.json'));

interface Expected {
  readonly shape: readonly number[];
  readonly dtype?: string;
  readonly disk_dtype?: string;
  readonly min?: number;
  readonly max?: number;
  readonly mean?: number;
  readonly slope?: number;
  readonly intercept?: number;
  readonly lossy?: boolean;
  readonly sha256_le?: string | null;
  readonly zooms?: readonly number[];
  readonly axes?: string;
  readonly non_finite?: number;
}

const expectations: Readonly<Record<string, Expected>> = there
  ? (JSON.parse(readFileSync(join(root, 'expected.json'), 'utf8')) as Record<string, Expected>)
  : {};

/** The figures of `expected.json` are rounded to four decimals. */
const close = (figure: number | undefined): unknown =>
  figure === undefined ? undefined : expect.closeTo(figure, 3);

const describeFile = async (file: string, stored: boolean) =>
  describeArray(await openArray(join(root, file), file, { kind: 'all' }), stored).description;

const filesIn = async (folder: string): Promise<string[]> =>
  (await readdir(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));

describe.skipIf(!there)('files of ../shared/data', () => {
  test.each(Object.keys(expectations))('%s', { timeout: 60_000 }, async (file) => {
    const expected = expectations[file]!;
    // The figures of DICOM files are those of the stored samples, of NIfTI files those of the values.
    const found = await describeFile(file, file.startsWith('dicom/'));
    const { shape, dtype, disk_dtype, slope, intercept, lossy, axes, non_finite } = expected;
    const { min, max, mean, zooms, sha256_le } = expected;
    const wanted = {
      shape,
      dtype,
      disk_dtype,
      slope,
      intercept,
      lossy,
      axes,
      non_finite,
      min: close(min),
      max: close(max),
      mean: close(mean),
      zooms: zooms?.map(close),
      sha256_le: sha256_le ?? undefined,
    };
    expect(found).toMatchObject(
      Object.fromEntries(Object.entries(wanted).filter(([, one]) => one !== undefined)),
    );
  });

  test('every broken DICOM and NIfTI file is refused in one line that names it', async () => {
    for (const file of [...(await filesIn('dicom/broken')), ...(await filesIn('nifti/broken'))]) {
      const refusal = await describeFile(file, true).then(
        () => 'was read',
        (error: Error) => error.message,
      );
      expect(refusal.startsWith(`${file}: `) && !refusal.includes('\n'), refusal).toBe(true);
    }
  });

  test('axial slices of a volume are the slices of the DICOM series made from it', async () => {
    const volume = join(root, 'nifti/fg6692_flair.nii.gz');
    const names = await filesIn('dicom/mr_series_glioma');
    const series = await Promise.all(names.map(async (file) => (await describeFile(file, true)).mean ?? NaN));
    for (const slice of [40, 76, 116]) {
      const selection = { kind: 'slice', plane: 'axial', slice, volume: 0 } as const;
      const { mean } = describeArray(await openArray(volume, 'volume', selection), true).description;
      expect(series.some((one) => Math.abs(one - (mean ?? 0)) < 0.5)).toBe(true);
    }
  });
});
