/**
 * The k smallest of a stream of values, each with an index: a heap whose root is the largest kept.
 * Equal values: the lower index wins when values come in the order of their indices.
 */
export class Smallest {
  readonly values: Float64Array;
  readonly indices: Int32Array;
  private readonly k: number;

  constructor(k: number) {
    this.k = k;
    this.values = new Float64Array(k).fill(Infinity);
    this.indices = new Int32Array(k).fill(-1);
  }

  /** What a value must be below to be kept. */
  get limit(): number {
    return this.values[0]!;
  }

  /** Takes a value that is below `limit`. */
  add(value: number, index: number): void {
    const { values, indices, k } = this;
    let hole = 0;
    for (let child = 1; child < k; child = 2 * hole + 1) {
      if (child + 1 < k && values[child + 1]! > values[child]!) child++;
      if (values[child]! <= value) break;
      values[hole] = values[child]!;
      indices[hole] = indices[child]!;
      hole = child;
    }
    values[hole] = value;
    indices[hole] = index;
  }
}
