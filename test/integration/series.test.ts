import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import type { ImportRequest, SeriesChoice } from '#shared/contract/imports.ts';
import type { Services } from '#main/services.ts';
import { bytesOf, type DicomElement, imageElements, writeDicom } from '../support/dicom.ts';
import { writeNifti } from '../support/nifti.ts';
import { openServices } from '../support/services.ts';
import { temporaryFolder } from '../support/temporary.ts';

const [rows, columns] = [20, 24];

/** A CT slice of a patient with a name, at a height; its file name tells both. */
function ctSlice(height: number, instance: number, extra: readonly DicomElement[] = []): Buffer {
  const pixels = Int16Array.from({ length: rows * columns }, (_, i) => (i % columns) * 40 + height);
  return writeDicom({
    elements: [
      ['00080016', 'UI', '1.2.840.10008.5.1.4.1.1.2'],
      ['00080018', 'UI', `1.2.3.4.${instance}`],
      ['00080060', 'CS', 'CT'],
      ['0008103E', 'LO', 'Abdomen of Doe'],
      ['00100010', 'PN', 'Doe^Jane'],
      ['00100020', 'LO', 'ID-4711'],
      ['0020000D', 'UI', '1.2.3.1'],
      ['0020000E', 'UI', '1.2.3.2'],
      ['00200011', 'IS', '2'],
      ['00200013', 'IS', String(instance)],
      ['00200032', 'DS', `-100\\-90\\${height}`],
      ['00200037', 'DS', '1\\0\\0\\0\\1\\0'],
      ...imageElements({ rows, columns, bitsStored: 12, signed: true }),
      ['00280030', 'DS', '0.5\\0.75'],
      ['00281050', 'DS', '40'],
      ['00281051', 'DS', '400'],
      ['00281052', 'DS', '-1024'],
      ['00281053', 'DS', '1'],
      ['7FE00010', 'OW', bytesOf(pixels)],
      ...extra,
    ],
  });
}

/** A segmentation of one frame over one instance. */
const segmentation = (instance: number): Buffer => {
  const bits = new Uint8Array((rows * columns) / 8);
  bits[10] = 0xff;
  return writeDicom({
    elements: [
      ['00080016', 'UI', '1.2.840.10008.5.1.4.1.1.66.4'],
      ['00080018', 'UI', '1.2.3.9'],
      ['00080060', 'CS', 'SEG'],
      ...imageElements({ rows, columns, bitsAllocated: 1 }),
      [
        '52009230',
        'SQ',
        [[['00089124', 'SQ', [[['00082112', 'SQ', [[['00081155', 'UI', `1.2.3.4.${instance}`]]]]]]]]],
      ],
      ['7FE00010', 'OB', bits],
    ],
  });
};

async function imported(
  services: Services,
  paths: string[],
  slices: Partial<SeriesChoice> = {},
  name = 'Study',
) {
  const request: ImportRequest = {
    paths,
    layout: 'auto',
    role: 'query',
    slices: { plane: 'axial', volume: 0, deidentify: true, keep: [], ...slices },
  };
  const { jobId, studyId, warnings } = await services.imports.start(request, { name });
  services.jobs.start();
  await services.jobs.ended(jobId);
  expect(services.imports.summary(jobId).failed).toEqual([]);
  return { images: services.workspace.images.ofStudy(studyId), warnings, jobId };
}

test('a DICOM series arrives in the order of the body, with its values, its place and its masks, and without a name', async () => {
  const [services, folder] = [openServices(await temporaryFolder()), await temporaryFolder()];
  const files = join(folder, 'Doe_Jane');
  await mkdir(files);
  // Neither names nor instance numbers follow the heights; 12 is missing, and one file is there twice.
  const heights = [9, 0, 3, 6, 15];
  for (const [i, height] of heights.entries()) await writeFile(join(files, `IM${i}`), ctSlice(height, i));
  await writeFile(join(files, 'copy'), ctSlice(9, 0));
  await writeFile(join(files, 'seg.dcm'), segmentation(2));

  const { images, warnings, jobId } = await imported(services, [files]);
  expect(images.map(({ acquisition }) => acquisition?.position)).toEqual([0, 3, 6, 9, 15]);
  expect(images.map(({ groundTruth, label }) => `${groundTruth} ${label}`)).toEqual([
    'empty normal',
    'drawn abnormal',
    'empty normal',
    'empty normal',
    'empty normal',
  ]);
  const [first] = images;
  expect(first).toMatchObject({
    spacing: { row: 0.5, column: 0.75 },
    pixels: { type: 'int16', bits: 12, window: { low: 864, high: 1263 } },
    acquisition: {
      modality: 'CT',
      seriesName: 'CT 2',
      plane: 'axial',
      edges: { left: 'R', right: 'L', top: 'A', bottom: 'P' },
      spacingSource: 'pixel-spacing',
      rescale: { slope: 1, intercept: -1024, unit: 'HU' },
      windows: [{ centre: 40, width: 400 }],
      kept: {},
    },
  });
  expect(warnings.join(' ')).toMatch(/Slices are missing: a gap of up to 6 mm where 3 mm are usual/);
  expect(warnings.join(' ')).toMatch(/1 file is a copy of another/);
  expect(first?.patient).toMatch(/^P-[0-9a-f]{10}$/);
  expect(first?.acquisition?.series).toMatch(/^2\.25\.\d+$/);

  const everything = JSON.stringify([
    images,
    services.workspace.audit.newest(50),
    services.imports.summary(jobId),
  ]);
  expect(everything).not.toMatch(/Doe|\b4711\b|1\.2\.3\.|IM\d/);
  expect(services.workspace.importItems.paths(jobId).join('')).toBe('');
});

test('what a person chooses to keep is kept, and the same patient gets the same key', async () => {
  const [services, folder] = [openServices(await temporaryFolder()), await temporaryFolder()];
  const file = join(folder, 'one.dcm');
  await writeFile(file, ctSlice(0, 1, [['00101010', 'AS', '064Y']]));
  const hidden = await imported(services, [file], { keep: ['descriptions', 'characteristics'] }, 'Hidden');
  const open = await imported(services, [file], { deidentify: false }, 'Open');
  expect(hidden.images[0]?.acquisition?.kept).toEqual({
    'Series description': 'Abdomen of Doe',
    'Patient age': '064Y',
  });
  expect(open.images[0]).toMatchObject({ patient: 'ID-4711', acquisition: { series: '1.2.3.2' } });
  const again = await imported(services, [file], {}, 'Again');
  expect(again.images[0]?.patient).toBe(hidden.images[0]?.patient);
});

test('grey where white is 0 is turned round, and its values stay what they were', async () => {
  const [services, folder] = [openServices(await temporaryFolder()), await temporaryFolder()];
  const elements: DicomElement[] = [
    ...imageElements({ rows: 1, columns: 4, bitsStored: 12, photometric: 'MONOCHROME1' }),
    ['00080018', 'UI', '1.2.3'],
    ['00281052', 'DS', '10'],
    ['00281053', 'DS', '2'],
    ['7FE00010', 'OW', bytesOf(Uint16Array.of(0, 1, 4094, 4095))],
  ];
  await writeFile(join(folder, 'x.dcm'), writeDicom({ elements }));
  const { images } = await imported(services, [join(folder, 'x.dcm')]);
  expect(images[0]).toMatchObject({
    statistics: { min: 0, max: 4095 },
    acquisition: { rescale: { slope: -2, intercept: 8200 } },
  });

  const table: DicomElement[] = [
    ['00283002', 'US', [2, 0, 16]],
    ['00283006', 'OW', bytesOf(Uint16Array.of(100, 300))],
  ];
  await writeFile(
    join(folder, 'table.dcm'),
    writeDicom({ elements: [...elements, ['00283000', 'SQ', [table]]] }),
  );
  const { images: tabled } = await imported(services, [join(folder, 'table.dcm')], {}, 'Table');
  expect(tabled[0]).toMatchObject({
    statistics: { min: -300, max: -100 },
    acquisition: { rescale: { slope: -1, intercept: 0 } },
  });
});

test('values are kept where the slope of a file or a volume is below 0, so that no sign of it is mistaken for white', async () => {
  const [services, folder] = [openServices(await temporaryFolder()), await temporaryFolder()];
  const elements: DicomElement[] = [
    ...imageElements({ rows: 1, columns: 4, bitsStored: 12 }),
    ['00080018', 'UI', '1.2.3'],
    ['00281052', 'DS', '10'],
    ['00281053', 'DS', '-2'],
    ['7FE00010', 'OW', bytesOf(Uint16Array.of(0, 1, 4094, 4095))],
  ];
  await writeFile(join(folder, 'x.dcm'), writeDicom({ elements }));
  const data = bytesOf(Int16Array.of(0, 1, 2, 3));
  await writeFile(
    join(folder, 'v.nii'),
    writeNifti({ shape: [2, 2, 1], type: 4, bits: 16, data, slope: -2, intercept: 10 }),
  );
  const dicom = await imported(services, [join(folder, 'x.dcm')], {}, 'DICOM');
  const nifti = await imported(services, [join(folder, 'v.nii')], {}, 'NIfTI');
  const statistics = ([{ images }, min]: readonly [typeof dicom, number]) =>
    expect(images[0]).toMatchObject({
      pixels: { type: 'float32' },
      statistics: { min, max: 10 },
      acquisition: { rescale: { slope: 1, intercept: 0 } },
    });
  statistics([dicom, -8180]);
  statistics([nifti, 4]);
});

test('a table of greys comes along, for the window and for the models', async () => {
  const [services, folder] = [openServices(await temporaryFolder()), await temporaryFolder()];
  const table: DicomElement[] = [
    ['00283002', 'US', [4, 100, 8]],
    ['00283003', 'LO', 'HARD'],
    ['00283006', 'OW', bytesOf(Uint16Array.of(0, 51, 204, 255))],
  ];
  const elements: DicomElement[] = [
    ['00080018', 'UI', '1.2.3'],
    ['00080060', 'CS', 'DX'],
    ...imageElements({ rows: 1, columns: 4, bitsStored: 12 }),
    ['00283010', 'SQ', [table]],
    ['7FE00010', 'OW', bytesOf(Uint16Array.of(0, 101, 102, 4095))],
  ];
  await writeFile(join(folder, 'x.dcm'), writeDicom({ elements }));
  const { images } = await imported(services, [join(folder, 'x.dcm')]);
  const curve = {
    entries: 4,
    knots: [
      [0, 0],
      [1, 0.2],
      [2, 0.8],
      [3, 1],
    ],
  };
  expect(images[0]).toMatchObject({
    pixels: { window: { low: 100, high: 103, curve } },
    acquisition: { windows: [{ centre: 101.5, width: 3, function: curve, name: 'HARD' }] },
  });
});

test('a NIfTI volume arrives in slices of the plane asked for, its label volume as masks', async () => {
  const [services, folder] = [openServices(await temporaryFolder()), await temporaryFolder()];
  const shape = [6, 5, 4];
  const affine = [
    [2, 0, 0, 0],
    [0, 3, 0, 0],
    [0, 0, 4, 10],
  ];
  const zooms = [2, 3, 4];
  const values = Int16Array.from({ length: 120 }, (_, i) => i * 7);
  const labels = new Uint8Array(120);
  labels[2 * 30 + 8] = 3;
  const volume = { shape, affine, zooms };
  await writeFile(
    join(folder, 'a_t1.nii'),
    writeNifti({ ...volume, type: 4, bits: 16, data: bytesOf(values) }),
  );
  await writeFile(join(folder, 'a_seg.nii'), writeNifti({ ...volume, type: 2, bits: 8, data: labels }));

  const paths = [join(folder, 'a_t1.nii'), join(folder, 'a_seg.nii')];
  const { images } = await imported(services, paths);
  expect(images.map(({ name, groundTruth }) => `${name} ${groundTruth}`)).toEqual([
    'a_t1/axial 0 empty',
    'a_t1/axial 1 empty',
    'a_t1/axial 2 drawn',
    'a_t1/axial 3 empty',
  ]);
  expect(images[0]).toMatchObject({
    spacing: { row: 3, column: 2 },
    pixels: { width: 6, height: 5 },
    acquisition: { position: 10, sliceSpacing: 4, spacingSource: 'affine' },
  });
  const coronal = await imported(services, paths, { plane: 'coronal' }, 'Coronal');
  expect(coronal.images).toHaveLength(5);
  expect(coronal.images[0]?.pixels).toMatchObject({ width: 6, height: 4 });
});

test('a folder of damaged DICOM files is refused with what is wrong', async () => {
  const services = openServices(await temporaryFolder());
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'a.dcm'), ctSlice(0, 1).subarray(0, 500));
  await expect(services.imports.inspect({ paths: [folder], layout: 'auto', role: 'query' })).rejects.toThrow(
    /^a\.dcm: the file is cut off/,
  );
});

test('a ZIP archive is a folder, and nothing of it is left when it is in', async () => {
  const [services, folder] = [openServices(await temporaryFolder()), await temporaryFolder()];
  const files = Object.fromEntries(
    [0, 3, 6].map((height, i) => [`DICOM/Doe/IM${i}`, new Uint8Array(ctSlice(height, i))]),
  );
  // Archives within archives, a directory file, and what is no image.
  const inner = zipSync({ IM9: new Uint8Array(ctSlice(9, 9)) });
  const archive = join(folder, 'export of Doe.zip');
  await writeFile(
    archive,
    zipSync({ ...files, 'inner.zip': inner, DICOMDIR: new Uint8Array(4), 'README.txt': strToU8('hello') }),
  );
  const { images } = await imported(services, [archive]);
  expect(images.map(({ acquisition }) => acquisition?.position)).toEqual([0, 3, 6, 9]);
  expect(JSON.stringify(images)).not.toMatch(/Doe/);
  expect(await readdir(services.workspace.folders.incoming)).toEqual([]);
});

test('an archive that is damaged, or would write beside its folder, is refused in words', async () => {
  const [services, folder] = [openServices(await temporaryFolder()), await temporaryFolder()];
  const look = (path: string) => services.imports.inspect({ paths: [path], layout: 'auto', role: 'query' });
  const whole = zipSync({ 'a.dcm': new Uint8Array(ctSlice(0, 0)) });
  await writeFile(join(folder, 'cut.zip'), whole.subarray(0, whole.length - 30));
  await expect(look(join(folder, 'cut.zip'))).rejects.toThrow(/^cut\.zip: .+/);
  await writeFile(join(folder, 'out.zip'), zipSync({ '../../out.dcm': new Uint8Array(ctSlice(0, 0)) }));
  await expect(look(join(folder, 'out.zip'))).rejects.toThrow(/^out\.zip: .+/);
  expect(await readdir(folder)).toEqual(['cut.zip', 'out.zip']);
});

test('overlays come along only where they may, and de-identified slices are not linked', async () => {
  const [services, folder] = [openServices(await temporaryFolder()), await temporaryFolder()];
  const overlay: DicomElement[] = [
    ['60000010', 'US', rows],
    ['60000011', 'US', columns],
    ['60000050', 'SS', [1, 1]],
    ['60003000', 'OW', new Uint8Array((rows * columns) / 8).fill(0xff)],
  ];
  const file = join(folder, 'one.dcm');
  await writeFile(file, ctSlice(0, 1, overlay));
  const hidden = await imported(services, [file], {}, 'Hidden');
  expect(hidden.warnings.join(' ')).toMatch(/Overlays are left out/);
  expect(hidden.images[0]?.hasOverlay).toBe(false);
  const { images } = await imported(services, [file], { keep: ['overlays'] }, 'Kept');
  const [kept] = images;
  expect(kept?.hasOverlay).toBe(true);
  expect(await services.pixels.ofMask(kept!.overlaySha256!)).toEqual(new Uint8Array(rows * columns).fill(1));
  expect((await services.storage.measure()).unused.files).toBe(0);

  const request = { paths: [file], layout: 'auto', role: 'query', link: true } as const;
  const linked = services.imports.start({ ...request, paths: [file] }, { name: 'Linked' });
  await expect(linked).rejects.toThrow(/^De-identified DICOM files are copied/);
});
