/**
 * A partition of centred rows (their sum is 0) with running cluster sums, so that moving a row costs
 * at most two row additions. The sum of cluster 0, where all rows start, is minus all the others.
 */
export class Partition {
  readonly assignments: Int32Array;
  readonly counts: Int32Array;
  private readonly sums: Float64Array;
  private readonly rows: Float32Array;
  private readonly dimension: number;

  constructor(rows: Float32Array, count: number, dimension: number, k: number) {
    this.rows = rows;
    this.dimension = dimension;
    this.assignments = new Int32Array(count);
    this.counts = new Int32Array(k);
    this.counts[0] = count;
    this.sums = new Float64Array(k * dimension);
  }

  move(row: number, cluster: number): void {
    const previous = this.assignments[row]!;
    if (previous > 0) this.addRow(row, previous, -1);
    if (cluster > 0) this.addRow(row, cluster, 1);
    this.counts[previous] = this.counts[previous]! - 1;
    this.counts[cluster] = this.counts[cluster]! + 1;
    this.assignments[row] = cluster;
  }

  /** Writes the mean of every cluster that has rows; the others keep what `centroids` holds. */
  means(centroids: Float32Array | Float64Array): void {
    this.deriveFirstSum();
    const { counts, dimension, sums } = this;
    for (let j = 0; j < counts.length; j++) {
      const count = counts[j]!;
      if (count === 0) continue;
      for (let at = j * dimension; at < (j + 1) * dimension; at++) centroids[at] = sums[at]! / count;
    }
  }

  /** Sum over clusters of count x |mean|^2; the scatter of the rows minus this is the inertia. */
  explained(): number {
    this.deriveFirstSum();
    const { counts, dimension, sums } = this;
    let total = 0;
    for (let j = 0; j < counts.length; j++) {
      if (counts[j] === 0) continue;
      let squared = 0;
      for (let at = j * dimension; at < (j + 1) * dimension; at++) squared += sums[at]! * sums[at]!;
      total += squared / counts[j]!;
    }
    return total;
  }

  private addRow(row: number, cluster: number, sign: 1 | -1): void {
    const { rows, dimension, sums } = this;
    const source = row * dimension;
    const target = cluster * dimension;
    for (let d = 0; d < dimension; d++) sums[target + d] = sums[target + d]! + sign * rows[source + d]!;
  }

  private deriveFirstSum(): void {
    const { dimension, sums } = this;
    sums.fill(0, 0, dimension);
    for (let start = dimension; start < sums.length; start += dimension) {
      for (let d = 0; d < dimension; d++) sums[d] = sums[d]! - sums[start + d]!;
    }
  }
}
