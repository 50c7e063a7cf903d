const shortestRadix = 1 << 9;
const digits = 2048;

/** Bits of a float32, changed so that unsigned order is numeric order; undone by `unflip`. */
const flip = (bits: number): number => (bits & 0x80000000 ? ~bits : bits | 0x80000000) >>> 0;
const unflip = (key: number): number => (key & 0x80000000 ? key & 0x7fffffff : ~key) >>> 0;

/**
 * Sorts float32 values in place, ascending; the result of `Float32Array.prototype.sort`, several times
 * faster for arrays the size of an image (radix sort, three passes of 11 bits). No NaN.
 */
export function sortFloats(values: Float32Array): Float32Array {
  const { length } = values;
  if (length < shortestRadix) return values.sort();
  let source = new Uint32Array(values.buffer, values.byteOffset, length);
  let target: typeof source = new Uint32Array(length);
  const counts = [new Uint32Array(digits), new Uint32Array(digits), new Uint32Array(digits)] as const;
  for (let i = 0; i < length; i++) {
    const key = flip(source[i]!);
    source[i] = key;
    counts[0][key & 2047]!++;
    counts[1][(key >>> 11) & 2047]!++;
    counts[2][key >>> 22]!++;
  }
  for (const [pass, histogram] of counts.entries()) {
    let start = 0;
    for (let digit = 0; digit < digits; digit++) {
      const count = histogram[digit]!;
      histogram[digit] = start;
      start += count;
    }
    const shift = 11 * pass;
    const last = pass === 2;
    for (let i = 0; i < length; i++) {
      const key = source[i]!;
      const digit = (key >>> shift) & 2047;
      target[histogram[digit]!++] = last ? unflip(key) : key;
    }
    [source, target] = [target, source];
  }
  new Uint32Array(values.buffer, values.byteOffset, length).set(source);
  return values;
}
