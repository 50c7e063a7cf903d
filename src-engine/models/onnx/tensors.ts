/** Tensors that a graph carries: element types of the ONNX standard, shape, and where their bytes come from. */

/** Element types we write, with their numbers in `TensorProto.DataType`. */
export const elementTypes = {
  float32: { code: 1, bytes: 4 },
  uint8: { code: 2, bytes: 1 },
  int8: { code: 3, bytes: 1 },
  int32: { code: 6, bytes: 4 },
  int64: { code: 7, bytes: 8 },
  bool: { code: 9, bytes: 1 },
  float16: { code: 10, bytes: 2 },
  float64: { code: 11, bytes: 8 },
  bfloat16: { code: 16, bytes: 2 },
} as const;

export type ElementType = keyof typeof elementTypes;

/** Bytes that are read when the model is written, piece by piece, so that 25 GB of weights never sit in memory. */
export interface ByteSource {
  readonly byteLength: number;
  read(): AsyncIterable<Uint8Array>;
}

/** A constant tensor; little-endian, row-major. Bytes in memory stay in the model file, a source goes beside it. */
export interface Tensor {
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly data: Uint8Array | ByteSource;
}

/** Float32 tensor of the given shape (a scalar for `[]`). */
export function float32(shape: readonly number[], values: ArrayLike<number>): Tensor {
  return tensor('float32', shape, new Float32Array(values));
}

/** Int64 tensor: shapes, axes, indices. Without a shape it is one-dimensional. */
export function int64(values: readonly number[], shape: readonly number[] = [values.length]): Tensor {
  return tensor('int64', shape, BigInt64Array.from(values, BigInt));
}

/** Number of bytes a tensor of this type and shape takes. */
export function byteLengthOf(type: ElementType, shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, elementTypes[type].bytes);
}

function tensor(type: ElementType, shape: readonly number[], values: Float32Array | BigInt64Array): Tensor {
  return { type, shape, data: new Uint8Array(values.buffer, values.byteOffset, values.byteLength) };
}
