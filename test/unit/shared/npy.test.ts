import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readNpy, writeNpy } from '#shared/npy.ts';
import type { NpyArray, NpyType } from '#shared/npy.ts';

const data = (type: NpyType, count: number): fc.Arbitrary<NpyArray['data']> => {
  const list = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
    fc.array(value, { minLength: count, maxLength: count });
  const whole = (min: number, max: number): fc.Arbitrary<number[]> => list(fc.integer({ min, max }));
  switch (type) {
    case 'f2':
      return whole(-2048, 2048).map((values) => Float32Array.from(values, (value) => value / 8));
    case 'f4':
      return list(fc.float()).map((values) => Float32Array.from(values));
    case 'f8':
      return list(fc.double()).map((values) => Float64Array.from(values));
    case 'u1':
      return whole(0, 255).map((values) => Uint8Array.from(values));
    case 'b1':
      return whole(0, 1).map((values) => Uint8Array.from(values));
    case 'i1':
      return whole(-128, 127).map((values) => Int8Array.from(values));
    case 'u2':
      return whole(0, 65535).map((values) => Uint16Array.from(values));
    case 'i2':
      return whole(-32768, 32767).map((values) => Int16Array.from(values));
    case 'u4':
      return whole(0, 0x7fffffff).map((values) => Uint32Array.from(values));
    case 'i4':
      return whole(-0x80000000, 0x7fffffff).map((values) => Int32Array.from(values));
    case 'i8':
      return list(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })).map((values) =>
        BigInt64Array.from(values),
      );
  }
};

const types: NpyType[] = ['f2', 'f4', 'f8', 'u1', 'b1', 'i1', 'u2', 'i2', 'u4', 'i4', 'i8'];

const arrays: fc.Arbitrary<NpyArray> = fc
  .tuple(fc.constantFrom(...types), fc.array(fc.nat(4), { maxLength: 3 }))
  .chain(([type, shape]) =>
    data(
      type,
      shape.reduce((a, b) => a * b, 1),
    ).map((values) => ({ type, shape, data: values })),
  );

test('what is written reads back, also from the middle of a larger buffer', () => {
  fc.assert(
    fc.property(arrays, fc.nat(7), (array, offset) => {
      const bytes = writeNpy(array);
      const larger = new Uint8Array(bytes.length + offset);
      larger.set(bytes, offset);
      expect(readNpy(larger.subarray(offset))).toEqual(array);
    }),
  );
});

/** A .npy file as NumPy writes it, with a header of one's own. */
function npy(header: string, values: Uint8Array, version = 1): Uint8Array {
  const text = new TextEncoder().encode(header);
  const lengthBytes = version === 1 ? 2 : 4;
  const bytes = new Uint8Array(8 + lengthBytes + text.length + values.length);
  bytes.set([0x93, ...new TextEncoder().encode('NUMPY'), version]);
  const view = new DataView(bytes.buffer);
  if (version === 1) view.setUint16(8, text.length, true);
  else view.setUint32(8, text.length, true);
  bytes.set(text, 8 + lengthBytes);
  bytes.set(values, 8 + lengthBytes + text.length);
  return bytes;
}

test('Fortran order comes back in C order', () => {
  const header = "{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }\n";
  const array = readNpy(npy(header, Uint8Array.of(1, 4, 2, 5, 3, 6)));
  expect(array).toEqual({ type: 'u1', shape: [2, 3], data: Uint8Array.of(1, 2, 3, 4, 5, 6) });
});

test('version 2 and half precision are read', () => {
  const header = "{'descr': '<f2', 'fortran_order': False, 'shape': (4,), }\n";
  const halves = new Uint8Array(Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x7c00).buffer);
  expect(readNpy(npy(header, halves, 2)).data).toEqual(Float32Array.of(1, -2, 2 ** -24, Infinity));
});

test('half precision rounds to the nearest even value', () => {
  const values = Float32Array.of(2049, 2051, 65519, 65520, 1e-8, NaN);
  const back = readNpy(writeNpy({ type: 'f2', shape: [6], data: values })).data;
  expect(back).toEqual(Float32Array.of(2048, 2052, 65504, Infinity, 0, NaN));
});

test.each([
  ['something else', new Uint8Array(20), /slice\.npy: not a NumPy/],
  [
    'a file cut off',
    writeNpy({ type: 'f4', shape: [3], data: new Float32Array(3) }).slice(0, -1),
    /needs 12 bytes/,
  ],
  [
    'big-endian data',
    npy("{'descr': '>f4', 'fortran_order': False, 'shape': (), }", new Uint8Array(4)),
    /big-endian/,
  ],
  [
    'a record array',
    npy("{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (1,), }", new Uint8Array(4)),
    /plain/,
  ],
  ['text', npy("{'descr': '<U3', 'fortran_order': False, 'shape': (1,), }", new Uint8Array(12)), /'U3'/],
  ['version 9', npy('', new Uint8Array(0), 9), /version 9/],
])('refuses %s', (_name, bytes, message) => {
  expect(() => readNpy(bytes, 'slice.npy')).toThrow(message);
});

test('refuses values that do not fill the shape or are of another type', () => {
  expect(() => writeNpy({ type: 'f4', shape: [2], data: new Float32Array(3) })).toThrow(/needs 2 values/);
  expect(() => writeNpy({ type: 'f8', shape: [3], data: new Float32Array(3) })).toThrow(/type 'f8'/);
});
