/** A WebAssembly SIMD kernel that writes half-precision numbers as float32, exactly, infinities and NaN included. */

import {
  advance,
  type Code,
  constant,
  get,
  assemble,
  type KernelSource,
  lessThan,
  loadVector,
  loop,
  range,
  repeatIf,
  sequence,
  set,
} from './wasm-assembler.ts';

const extendLow: Code = [0xfd, 0xa9, 0x01];
const extendHigh: Code = [0xfd, 0xaa, 0x01];
const and: Code = [0xfd, 0x4e];
const or: Code = [0xfd, 0x50];
const shiftLanesLeft = (by: number): Code => sequence(constant(by), [0xfd, 0xab, 0x01]);
const greaterThan: Code = [0xfd, 0x3b];
const multiplyFloats: Code = [0xfd, 0xe6, 0x01];
const storeVector = (offset: number): Code => [0xfd, 0x0b, 0x04, offset];
/** The same 32 bits in every lane. */
const lanesOf = (bits: number): Code =>
  sequence(
    [0xfd, 0x0c],
    range(4).flatMap(() => [bits & 255, (bits >>> 8) & 255, (bits >>> 16) & 255, bits >>> 24]),
  );

/** Two to the power of 112: from the exponents of a half, moved into place, to those of a float32. */
const REBIAS = 0x7780_0000;
/** The largest finite half, moved into place. */
const LARGEST = 0x0f7f_ffff;
const INFINITY = 0x7f80_0000;

/** widen(from, end, into): byte addresses of 16 bytes of halves and 32 of floats at a time. */
function kernel(): KernelSource {
  const [from, end, into, halves, lane, magnitude] = [0, 1, 2, 3, 4, 5] as const;
  const four = (extend: Code, offset: number): Code =>
    sequence(
      sequence(get(halves), extend, set(lane)),
      sequence(get(lane), lanesOf(0x7fff), and, shiftLanesLeft(13), set(magnitude)),
      get(into),
      sequence(get(magnitude), lanesOf(REBIAS), multiplyFloats),
      sequence(get(magnitude), lanesOf(LARGEST), greaterThan, lanesOf(INFINITY), and, or),
      sequence(get(lane), lanesOf(0x8000), and, shiftLanesLeft(16), or),
      storeVector(offset),
    );
  const code = loop(
    sequence(get(from), loadVector(), set(halves)),
    four(extendLow, 0),
    four(extendHigh, 16),
    advance(from, constant(16)),
    advance(into, constant(32)),
    sequence(get(from), get(end), lessThan, repeatIf),
  );
  return { name: 'widen', parameters: 3, integers: 0, vectors: 3, code };
}

let compiled: WebAssembly.Module | undefined;

/** Room for half-precision numbers and for the same in float32. */
export interface HalfRoom {
  /** Bits of the halves, to be written. */
  readonly halves: Uint16Array<ArrayBuffer>;
  readonly floats: Float32Array<ArrayBuffer>;
  /** Writes the first `count` halves as floats. */
  widen(count: number): void;
}

const PAGE = 65_536;
/** Numbers the kernel takes at a time. */
const STEP = 8;

export function halfRoom(count: number): HalfRoom {
  const padded = Math.ceil(count / STEP) * STEP;
  const memory = new WebAssembly.Memory({ initial: Math.ceil((6 * padded) / PAGE) });
  compiled ??= assemble(kernel());
  const instance = new WebAssembly.Instance(compiled, { host: { memory } });
  const widen = instance.exports['widen'] as (from: number, end: number, into: number) => void;
  const { buffer } = memory as { readonly buffer: ArrayBuffer };
  return {
    halves: new Uint16Array(buffer, 0, count),
    floats: new Float32Array(buffer, 2 * padded, count),
    widen(some) {
      if (some > 0) widen(0, 2 * some, 2 * padded);
    },
  };
}
