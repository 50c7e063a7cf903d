import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { describeArray, openArray } from '#engine/imaging/array-file.ts';
import { bytesOf } from '../../support/dicom.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const shape = [4, 3, 2];
const voxels = Int16Array.from({ length: 24 }, (_, i) => i * 5 - 40);
/** As NumPy shows it: the last index fastest. */
const rowMajor = Array.from({ length: 24 }, (_, at) => {
  const [i, j, k] = [Math.floor(at / 6), Math.floor(at / 2) % 3, at % 2];
  return voxels[i + 4 * (j + 3 * k)]!;
});

async function read(name: string, ...parts: readonly (string | Uint8Array)[]) {
  const path = join(await temporaryFolder(), name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, Buffer.concat(parts.map((part) => Buffer.from(part as Uint8Array))));
  return readAt(path, name);
}

async function readAt(path: string, name: string) {
  const array = await openArray(path, name, { kind: 'all' });
  return { data: Array.from<number>(array.stored.data), ...describeArray(array, true).description };
}

const refusal = (name: string, ...parts: readonly (string | Uint8Array)[]) =>
  read(name, ...parts).then(String, (error: Error) => error.message);

const nrrd = (fields: Readonly<Record<string, string>> = {}) => {
  const all: Record<string, string> = {
    type: 'short',
    dimension: '3',
    space: 'left-posterior-superior',
    sizes: '4 3 2',
    'space directions': '(-0.5,0,0) (0,-0.75,0) (0,0,3)',
    kinds: 'domain domain domain',
    endian: 'little',
    encoding: 'raw',
    'space origin': '(10,20,30)',
    ...fields,
  };
  const lines = Object.entries(all).map(([key, value]) => `${key}: ${value}`);
  return `NRRD0004\n# made\n${lines.join('\n')}\nremark:=none\n\n`;
};

describe('NRRD', () => {
  const expected = { format: 'NRRD', shape, data: rowMajor, dtype: 'int16', spacing: [0.5, 0.75, 3] };

  test('raw and gzip, little and big endian, inside and beside the header', async () => {
    expect(await read('a.nrrd', nrrd(), bytesOf(voxels))).toMatchObject({ ...expected, axes: 'RAS' });
    expect(await read('a.nrrd', nrrd({ encoding: 'gzip' }), gzipSync(bytesOf(voxels)))).toMatchObject(
      expected,
    );
    const swapped = Buffer.from(bytesOf(voxels)).swap16();
    expect(await read('a.nrrd', nrrd({ endian: 'big' }), swapped)).toMatchObject({
      ...expected,
      dtype: '>i2',
    });

    const folder = await temporaryFolder();
    await writeFile(join(folder, 'a.nhdr'), nrrd({ 'data file': 'a.raw' }));
    await writeFile(join(folder, 'a.raw'), bytesOf(voxels));
    expect(await readAt(join(folder, 'a.nhdr'), 'a.nhdr')).toMatchObject(expected);
  });

  test('the letters of its space are obeyed, and a file without one is a guess', async () => {
    const ras = await read('a.nrrd', nrrd({ space: 'RAS' }), bytesOf(voxels));
    expect(ras.axes).toBe('LPS');
    const bare = nrrd({ spacings: '2 2 4' }).replace(/space.*\n/g, '');
    expect(await read('a.nrrd', bare, bytesOf(voxels))).toMatchObject({
      spacing: [2, 2, 4],
      spacing_source: 'pixdim',
    });
  });

  test('colours stand before the axes of space, further volumes behind them', async () => {
    const colours = nrrd({
      type: 'uint8',
      dimension: '4',
      sizes: '3 4 3 2',
      kinds: 'RGB-color domain domain domain',
      'space directions': 'none (1,0,0) (0,1,0) (0,0,1)',
    });
    const rgb = await read(
      'a.nrrd',
      colours,
      Uint8Array.from({ length: 72 }, (_, i) => i),
    );
    expect(rgb).toMatchObject({ shape, data: expect.arrayContaining([0, 1, 2]) });
    const series = nrrd({
      dimension: '4',
      sizes: '4 3 1 2',
      kinds: 'domain domain domain list',
      'space directions': '(1,0,0) (0,1,0) (0,0,1) none',
    });
    expect((await read('a.nrrd', series, bytesOf(voxels))).shape).toEqual([4, 3, 1, 2]);
  });

  test('what is not read is named', async () => {
    expect(await refusal('a.nrrd', nrrd({ encoding: 'bzip2' }))).toBe(
      'a.nrrd: its NRRD encoding "bzip2" is not supported; raw and gzip are',
    );
    expect(await refusal('a.nrrd', nrrd({ type: 'block' }))).toMatch(
      /voxels of type "block" are not supported/,
    );
    expect(await refusal('a.nrrd', nrrd({ sizes: '4 0 2' }))).toMatch(/impossible size 4 x 0 x 2/);
    expect(await refusal('a.nrrd', nrrd(), bytesOf(voxels).subarray(4))).toMatch(
      /it declares 4 x 3 x 2 voxels/,
    );
    expect(await refusal('a.nrrd', nrrd({ 'data file': '../../secret' }))).toMatch(
      /only one file in the same folder is supported/,
    );
    expect(await refusal('a.nrrd', 'NRRD0004\ntype: short\n')).toMatch(/header is cut off/);
    expect(await refusal('a.nrrd', 'no such thing')).toMatch(/^a\.nrrd: /);
    const torn = gzipSync(bytesOf(voxels)).subarray(0, 20);
    expect(await refusal('a.nrrd', nrrd({ encoding: 'gzip' }), torn)).toMatch(/data is damaged or cut off/);
  });
});

const meta = (fields: Readonly<Record<string, string>> = {}) => {
  const all: Record<string, string> = {
    ObjectType: 'Image',
    NDims: '3',
    BinaryData: 'True',
    BinaryDataByteOrderMSB: 'False',
    CompressedData: 'False',
    TransformMatrix: '-1 0 0 0 -1 0 0 0 1',
    Offset: '10 20 30',
    ElementSpacing: '0.5 0.75 3',
    DimSize: '4 3 2',
    ElementType: 'MET_SHORT',
    ...fields,
  };
  const { ElementDataFile = 'LOCAL', ...others } = all;
  // What says where the data are is the last line.
  return Object.entries({ ...others, ElementDataFile })
    .map(([key, value]) => `${key} = ${value}\n`)
    .join('');
};

describe('MetaImage', () => {
  const expected = {
    format: 'MetaImage',
    shape,
    data: rowMajor,
    dtype: 'int16',
    spacing: [0.5, 0.75, 3],
    axes: 'RAS',
  };

  test('plain and compressed, inside and beside the header', async () => {
    expect(await read('a.mha', meta(), bytesOf(voxels))).toMatchObject(expected);
    const packed = deflateSync(bytesOf(voxels));
    expect(await read('a.mha', meta({ CompressedData: 'True' }), packed)).toMatchObject(expected);
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'a.mhd'), meta({ ElementDataFile: 'a.zraw', CompressedData: 'True' }));
    await writeFile(join(folder, 'a.zraw'), packed);
    expect(await readAt(join(folder, 'a.mhd'), 'a.mhd')).toMatchObject(expected);
  });

  test('what is not read is named', async () => {
    expect(await refusal('a.mha', meta({ ElementDataFile: 'LIST' }))).toMatch(
      /only one file in the same folder/,
    );
    expect(await refusal('a.mha', meta({ ElementDataFile: 'slice%03d.raw 1 9 1' }))).toMatch(/only one file/);
    expect(await refusal('a.mha', meta({ ElementType: 'MET_STRING' }))).toMatch(
      /"MET_STRING" are not supported/,
    );
    expect(await refusal('a.mha', meta({ ElementNumberOfChannels: '6' }))).toMatch(/6 values a voxel/);
    expect(await refusal('a.mha', meta({ BinaryData: 'False' }))).toMatch(/data as text are not supported/);
    expect(await refusal('a.mhd', meta({ ElementDataFile: 'gone.raw' }))).toBe(
      'a.mhd: the file gone.raw that belongs to this header is missing',
    );
    expect(await refusal('a.mha', 'ObjectType = Image\nNDims = 3\n')).toMatch(/header is cut off/);
  });
});
