import { createKernel, lanes, leftTile, rightTile } from './simd-kernel.ts';
import type { Kernel } from './simd-kernel.ts';

const pageBytes = 65536;
const roundUp = (value: number, multiple: number): number => Math.ceil(value / multiple) * multiple;

/**
 * Rows of equal length kept where the SIMD kernel can reach them, to be multiplied by other rows
 * again and again: nearest neighbours, K-means, coresets.
 */
export class RowMatrix {
  readonly count: number;
  readonly dimension: number;
  private readonly memory: WebAssembly.Memory;
  private readonly kernel: Kernel;
  private readonly paddedCount: number;
  private readonly rowFloats: number;

  /** Copies `count` rows of `dimension` values from `data` (row-major). */
  constructor(data: Float32Array, count: number, dimension: number) {
    this.count = count;
    this.dimension = dimension;
    this.paddedCount = roundUp(Math.max(count, 1), leftTile);
    this.rowFloats = roundUp(Math.max(dimension, 1), lanes);
    const bytes = this.paddedCount * this.rowFloats * 4;
    this.memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / pageBytes) });
    this.kernel = createKernel(this.memory);
    this.copyRows(data, count, 0);
  }

  /**
   * Dot products of all rows with `otherCount` other rows: element [i * stride + j] of `products` is
   * row i . other row j, where `stride` is otherCount rounded up to even. Valid until the next call.
   */
  multiply(other: Float32Array, otherCount: number): { products: Float32Array; stride: number } {
    const stride = roundUp(Math.max(otherCount, 1), rightTile);
    const rowBytes = this.rowFloats * 4;
    const right = this.paddedCount * rowBytes;
    const out = right + stride * rowBytes;
    const needed = out + this.paddedCount * stride * 4;
    const missing = needed - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / pageBytes));
    this.copyRows(other, otherCount, right);
    if (stride > otherCount)
      new Float32Array(this.memory.buffer, right + otherCount * rowBytes, this.rowFloats).fill(0);
    this.kernel(0, this.paddedCount, right, stride, rowBytes, out);
    return { products: new Float32Array(this.memory.buffer, out, this.count * stride), stride };
  }

  private copyRows(data: Float32Array, count: number, byteOffset: number): void {
    const target = new Float32Array(this.memory.buffer, byteOffset, count * this.rowFloats);
    if (this.rowFloats === this.dimension) {
      target.set(data.subarray(0, count * this.dimension));
      return;
    }
    for (let row = 0; row < count; row++) {
      const start = row * this.rowFloats;
      target.set(data.subarray(row * this.dimension, (row + 1) * this.dimension), start);
      target.fill(0, start + this.dimension, start + this.rowFloats);
    }
  }
}
