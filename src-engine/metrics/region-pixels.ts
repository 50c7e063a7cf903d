import { Failure } from '#shared/errors.ts';

/** 53 bits of a float64 integer hold 32 bits of score and 21 of region. */
const regionLimit = 2 ** 21;

const bits = new Uint32Array(1);
const float = new Float32Array(bits.buffer);

/**
 * Scores of anomalous pixels with their region, packed into one float64 each, so that the native sort
 * orders both at once. -0 counts as 0.
 */
export class RegionPixels {
  private packed = new Float64Array(1024);
  private used = 0;
  private firstRegion = 0;
  private readonly sizes: number[] = [];

  /** The regions of `push` calls that follow are those of a new image, with these pixel counts. */
  beginImage(regionSizes: readonly number[]): void {
    this.firstRegion = this.sizes.length;
    for (const size of regionSizes) this.sizes.push(size);
    if (this.sizes.length > regionLimit) {
      throw new Failure('invalid', `More than ${regionLimit} anomalous regions cannot be measured together.`);
    }
  }

  /** `region` counts from 0 within the image. */
  push(score: number, region: number): void {
    if (this.used === this.packed.length) {
      const larger = new Float64Array(2 * this.packed.length);
      larger.set(this.packed);
      this.packed = larger;
    }
    float[0] = score + 0;
    const raw = bits[0]!;
    const ordered = (raw & 0x80000000 ? ~raw : raw | 0x80000000) >>> 0;
    this.packed[this.used++] = ordered * regionLimit + this.firstRegion + region;
  }

  /** Scores ascending, with the region of each (counted over all images) and the size of every region. */
  sorted(): { scores: Float32Array; regions: Int32Array; regionSizes: readonly number[] } {
    const packed = this.packed.subarray(0, this.used).sort();
    const scores = new Float32Array(this.used);
    const regions = new Int32Array(this.used);
    for (let i = 0; i < this.used; i++) {
      const ordered = Math.floor(packed[i]! / regionLimit);
      regions[i] = packed[i]! - ordered * regionLimit;
      bits[0] = ordered & 0x80000000 ? ordered & 0x7fffffff : ~ordered;
      scores[i] = float[0]!;
    }
    return { scores, regions, regionSizes: this.sizes };
  }
}
