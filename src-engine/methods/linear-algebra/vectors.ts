/** Squared L2 norm of each of `count` rows of `dimension` values, summed in float64. */
export function squaredNorms(rows: Float32Array, count: number, dimension: number): Float64Array {
  const norms = new Float64Array(count);
  for (let i = 0, at = 0; i < count; i++) {
    let sum = 0;
    for (let d = 0; d < dimension; d++, at++) sum += rows[at]! * rows[at]!;
    norms[i] = sum;
  }
  return norms;
}

/** Dot product of row `i` of `a` and row `j` of `b`, summed in float64 in four parts. */
export function dotRows(a: Float32Array, i: number, b: Float32Array, j: number, dimension: number): number {
  const p = i * dimension;
  const q = j * dimension;
  const whole = dimension - (dimension % 4);
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  for (let d = 0; d < whole; d += 4) {
    s0 += a[p + d]! * b[q + d]!;
    s1 += a[p + d + 1]! * b[q + d + 1]!;
    s2 += a[p + d + 2]! * b[q + d + 2]!;
    s3 += a[p + d + 3]! * b[q + d + 3]!;
  }
  for (let d = whole; d < dimension; d++) s0 += a[p + d]! * b[q + d]!;
  return s0 + s1 + s2 + s3;
}

/** Squared L2 distance of row `i` of `a` and row `j` of `b`, from the differences, in float64. */
export function squaredDistanceRows(
  a: Float32Array,
  i: number,
  b: Float32Array,
  j: number,
  dimension: number,
): number {
  const p = i * dimension;
  const q = j * dimension;
  let sum = 0;
  for (let d = 0; d < dimension; d++) {
    const difference = a[p + d]! - b[q + d]!;
    sum += difference * difference;
  }
  return sum;
}

/** Cosine similarity from a dot product and the two squared norms; 0 for a zero vector. */
export function cosine(dot: number, squaredNormA: number, squaredNormB: number): number {
  const product = squaredNormA * squaredNormB;
  return product > 0 ? dot / Math.sqrt(product) : 0;
}

/** The rows scaled to length 1; a zero row stays zero. */
export function normaliseRows(rows: Float32Array, count: number, dimension: number): Float32Array {
  const result = new Float32Array(count * dimension);
  const norms = squaredNorms(rows, count, dimension);
  for (let i = 0, at = 0; i < count; i++) {
    const scale = norms[i]! > 0 ? 1 / Math.sqrt(norms[i]!) : 0;
    for (let d = 0; d < dimension; d++, at++) result[at] = rows[at]! * scale;
  }
  return result;
}
