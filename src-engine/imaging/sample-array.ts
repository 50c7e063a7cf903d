/** Samples of every type that medical files hold; only some of them are kept in a workspace (see `PixelArray`). */
export type SampleData =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

/** Row-major (last index fastest). */
export interface SampleArray {
  readonly shape: readonly number[];
  readonly data: SampleData;
}
