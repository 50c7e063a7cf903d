import { createRandom } from '#shared/random.ts';

const maximalSteps = 200;
const checkEvery = 8;
/** Residual of the eigenvector, as part of the eigenvalue, at which the iteration ends. */
const tolerance = 1e-10;

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function addScaled(target: Float64Array, factor: number, source: Float64Array): void {
  for (let i = 0; i < target.length; i++) target[i] = target[i]! + factor * source[i]!;
}

/** Scatter matrix of the rows times a vector, without forming the matrix. */
function timesScatter(rows: Float64Array, vector: Float64Array): Float64Array {
  const dimension = vector.length;
  const result = new Float64Array(dimension);
  for (let start = 0; start < rows.length; start += dimension) {
    let projection = 0;
    for (let d = 0; d < dimension; d++) projection += rows[start + d]! * vector[d]!;
    for (let d = 0; d < dimension; d++) result[d] = result[d]! + projection * rows[start + d]!;
  }
  return result;
}

/** Largest eigenvalue of a symmetric tridiagonal matrix (`beside` >= 0): bisection with Sturm's pivots. */
function largestEigenvalue(diagonal: readonly number[], beside: readonly number[]): number {
  let low = Math.max(...diagonal);
  let high = Math.max(...diagonal.map((value, i) => value + (beside[i - 1] ?? 0) + (beside[i] ?? 0)));
  const allBelow = (shift: number): boolean => {
    let pivot = 1;
    for (const [i, value] of diagonal.entries()) {
      pivot = shift - value - (i === 0 ? 0 : beside[i - 1]! ** 2 / pivot);
      if (pivot <= 0) return false;
    }
    return true;
  };
  for (let i = 0; i < 100 && high - low > 1e-15 * high; i++) {
    const middle = (low + high) / 2;
    if (allBelow(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** Unit eigenvector of a symmetric tridiagonal matrix by inverse iteration just above its largest eigenvalue. */
function tridiagonalEigenvector(
  diagonal: readonly number[],
  beside: readonly number[],
  eigenvalue: number,
): Float64Array {
  const size = diagonal.length;
  const shift = eigenvalue * (1 + 1e-13);
  let vector: Float64Array = new Float64Array(size).fill(1);
  for (let round = 0; round < 4; round++) {
    const pivots = new Float64Array(size);
    const solved = new Float64Array(size);
    for (let i = 0; i < size; i++) {
      const ratio = i === 0 ? 0 : beside[i - 1]! / pivots[i - 1]!;
      const pivot = shift - diagonal[i]! - (i === 0 ? 0 : ratio * beside[i - 1]!);
      pivots[i] = Math.max(pivot, 1e-16 * eigenvalue);
      solved[i] = vector[i]! + (i === 0 ? 0 : ratio * solved[i - 1]!);
    }
    for (let i = size - 1; i >= 0; i--) {
      const next = i === size - 1 ? 0 : beside[i]! * solved[i + 1]!;
      solved[i] = (solved[i]! + next) / pivots[i]!;
    }
    const largest = solved.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
    const scaled = solved.map((value) => value / largest);
    const norm = Math.sqrt(dot(scaled, scaled));
    vector = scaled.map((value) => value / norm);
  }
  return vector;
}

/**
 * Direction of the largest variance of centred rows (row-major, `dimension` values each): Lanczos iteration
 * on the scatter matrix with full reorthogonalisation. Unit length, sign free; the zero vector
 * when the rows do not vary.
 */
export function principalDirection(rows: Float64Array, dimension: number): Float64Array {
  const random = createRandom(1);
  const basis: Float64Array[] = [];
  const diagonal: number[] = [];
  const beside: number[] = [];
  let next: Float64Array = Float64Array.from({ length: dimension }, () => random.next() - 0.5);
  let length = Math.sqrt(dot(next, next));
  for (let step = 1; ; step++) {
    const current = next.map((value) => value / length);
    basis.push(current);
    next = timesScatter(rows, current);
    diagonal.push(dot(next, current));
    // Twice: once leaves rounding errors that grow with every step.
    for (const earlier of [...basis, ...basis]) addScaled(next, -dot(next, earlier), earlier);
    length = Math.sqrt(dot(next, next));
    const exhausted = step === Math.min(dimension, maximalSteps);
    if (!exhausted && step % checkEvery !== 0 && length > 0) {
      beside.push(length);
      continue;
    }
    const eigenvalue = largestEigenvalue(diagonal, beside);
    if (!(eigenvalue > 0)) return new Float64Array(dimension);
    const weights = tridiagonalEigenvector(diagonal, beside, eigenvalue);
    if (exhausted || length * Math.abs(weights.at(-1)!) <= tolerance * eigenvalue) {
      const direction = new Float64Array(dimension);
      for (const [i, vector] of basis.entries()) addScaled(direction, weights[i]!, vector);
      const norm = Math.sqrt(dot(direction, direction));
      return direction.map((value) => value / norm);
    }
    beside.push(length);
  }
}
