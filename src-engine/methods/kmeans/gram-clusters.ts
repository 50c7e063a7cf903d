/** A move must lower the inertia by more than this part of it, so that rounding cannot make it run for ever. */
const smallestGain = 1e-12;

/**
 * K-means on weighted points that are known by their dot products alone (kernel K-means), with the exchange rule of
 * Hartigan and Wong (1979): a point moves whenever the inertia falls, the shift of both means included.
 * Its optima are optima of Lloyd's algorithm too, but fewer and better.
 */
export class GramClusters {
  readonly assignments: Int32Array;
  private readonly gram: Float64Array;
  private readonly weights: Float64Array;
  private readonly count: number;
  private readonly k: number;
  /** Weight of each cluster. */
  private readonly totals: Float64Array;
  /** Weighted sum of the dot products of the members of each cluster with every point: k x count. */
  private readonly toCluster: Float64Array;
  /** Squared length of the weighted sum of each cluster. */
  private readonly lengths: Float64Array;

  /** `gram` is count x count. */
  constructor(gram: Float64Array, weights: Float64Array, k: number) {
    this.gram = gram;
    this.weights = weights;
    this.count = weights.length;
    this.k = k;
    this.assignments = new Int32Array(this.count);
    this.totals = new Float64Array(k);
    this.toCluster = new Float64Array(k * this.count);
    this.lengths = new Float64Array(k);
  }

  assign(assignments: Int32Array): void {
    this.assignments.set(assignments);
    this.totals.fill(0);
    this.toCluster.fill(0);
    this.lengths.fill(0);
    for (let i = 0; i < this.count; i++) this.add(i, assignments[i]!, this.weights[i]!);
  }

  /** Squared distance between two points. */
  between(a: number, b: number): number {
    const { gram, count } = this;
    return Math.max(0, gram[a * count + a]! + gram[b * count + b]! - 2 * gram[a * count + b]!);
  }

  /** Squared distance of a point to the mean of a cluster; infinite when it has no members. */
  toMean(point: number, cluster: number): number {
    const total = this.totals[cluster]!;
    if (!(total > 0)) return Infinity;
    const own = this.gram[point * this.count + point]!;
    const across = this.toCluster[cluster * this.count + point]!;
    return Math.max(0, own - (2 * across) / total + this.lengths[cluster]! / (total * total));
  }

  inertia(): number {
    let sum = 0;
    for (let i = 0; i < this.count; i++) sum += this.weights[i]! * this.toMean(i, this.assignments[i]!);
    return sum;
  }

  /** Moves points while that lowers the inertia; returns the inertia reached. */
  settle(): number {
    const enough = smallestGain * this.inertia();
    for (let moved = true; moved;) {
      moved = false;
      for (let i = 0; i < this.count; i++) {
        const target = this.betterCluster(i, enough);
        if (target === this.assignments[i]) continue;
        this.add(i, this.assignments[i]!, -this.weights[i]!);
        this.add(i, target, this.weights[i]!);
        this.assignments[i] = target;
        moved = true;
      }
    }
    return this.inertia();
  }

  private betterCluster(point: number, enough: number): number {
    const own = this.assignments[point]!;
    const weight = this.weights[point]!;
    const rest = this.totals[own]! - weight;
    if (!(rest > 0)) return own;
    const gain = (weight * this.totals[own]! * this.toMean(point, own)) / rest;
    let best = own;
    let least = gain - enough;
    for (let j = 0; j < this.k; j++) {
      if (j === own) continue;
      const total = this.totals[j]!;
      const cost = total > 0 ? (weight * total * this.toMean(point, j)) / (total + weight) : 0;
      if (cost < least) {
        least = cost;
        best = j;
      }
    }
    return best;
  }

  /** Adds a point to a cluster, or takes it out when the weight is negative. */
  private add(point: number, cluster: number, weight: number): void {
    const { gram, count, toCluster } = this;
    const start = cluster * count;
    this.lengths[cluster] =
      this.lengths[cluster]! +
      2 * weight * toCluster[start + point]! +
      weight * weight * gram[point * count + point]!;
    for (let i = 0; i < count; i++) {
      toCluster[start + i] = toCluster[start + i]! + weight * gram[point * count + i]!;
    }
    this.totals[cluster] = this.totals[cluster]! + weight;
  }
}
