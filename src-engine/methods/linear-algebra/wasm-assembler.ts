/** The few instructions and sections of WebAssembly that the kernels of this folder are assembled from. */

export type Code = readonly number[];

export const sequence = (...parts: readonly Code[]): Code => parts.flat();
export const range = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);

/** LEB128, as the format writes counts and indices. */
const unsigned = (value: number): Code =>
  value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];

export const get = (local: number): Code => sequence([0x20], unsigned(local));
export const set = (local: number): Code => sequence([0x21], unsigned(local));
/** Constants below 64, where signed and unsigned encoding agree. */
export const constant = (value: number): Code => [0x41, value];
export const add: Code = [0x6a];
export const multiply: Code = [0x6c];
export const shiftLeft: Code = [0x74];
export const lessThan: Code = [0x49];
export const loop = (...body: readonly Code[]): Code => sequence([0x03, 0x40], ...body, [0x0b]);
export const repeatIf: Code = [0x0d, 0x00];
export const loadVector = (offset = 0): Code => [0xfd, 0x00, 0x04, offset];
export const zeroVector: Code = sequence(
  [0xfd, 0x0c],
  range(16).map(() => 0),
);
export const advance = (pointer: number, ...by: readonly Code[]): Code =>
  sequence(get(pointer), ...by, add, set(pointer));

const text = (value: string): Code => [value.length, ...new TextEncoder().encode(value)];
const section = (id: number, content: Code): Code => sequence([id], unsigned(content.length), content);

export interface KernelSource {
  /** What the function is exported as. */
  readonly name: string;
  /** Its parameters, all 32-bit integers; locals are numbered after them, integers before vectors. */
  readonly parameters: number;
  readonly integers: number;
  readonly vectors: number;
  readonly code: Code;
}

/** A module with one function without a result, over a memory that the host gives. */
export function assemble({ name, parameters, integers, vectors, code }: KernelSource): WebAssembly.Module {
  const locals = sequence([2], unsigned(integers), [0x7f], unsigned(vectors), [0x7b]);
  const body = sequence(locals, code, [0x0b]);
  const bytes = sequence(
    [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    section(1, [1, 0x60, parameters, ...range(parameters).map(() => 0x7f), 0]),
    section(2, sequence([1], text('host'), text('memory'), [0x02, 0x00, 0x01])),
    section(3, [1, 0]),
    section(7, sequence([1], text(name), [0x00, 0x00])),
    section(10, sequence([1], unsigned(body.length), body)),
  );
  return new WebAssembly.Module(Uint8Array.from(bytes));
}
