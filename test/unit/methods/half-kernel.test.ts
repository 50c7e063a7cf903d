import { expect, test } from 'vitest';
import { halfRoom } from '#engine/methods/linear-algebra/half-kernel.ts';

test('every half is the float32 of the same value', () => {
  const bits = Uint16Array.from({ length: 65_536 }, (_, index) => index);
  const { halves, floats, widen } = halfRoom(bits.length);
  halves.set(bits);
  widen(bits.length);
  const expected = Float32Array.from(new Float16Array(bits.buffer));
  const differs = (value: number, index: number) => !Object.is(value, expected[index]);
  expect(floats.findIndex(differs)).toBe(-1);
});

test('numbers that do not fill a vector, and room that is used in part', () => {
  const { halves, floats, widen } = halfRoom(11);
  halves.set(new Uint16Array(Float16Array.from({ length: 11 }, (_, i) => i / 4).buffer));
  widen(11);
  expect([...floats]).toEqual(Array.from({ length: 11 }, (_, i) => i / 4));
  halves.fill(0);
  widen(3);
  expect([...floats.subarray(0, 3)]).toEqual([0, 0, 0]);
  expect(floats[10]).toBe(2.5);
  widen(0);
});
