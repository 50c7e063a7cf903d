const digits = 2048;

/** Indices of float32 values from the largest value to the smallest; equal values stay in order. No NaN. */
export function descendingOrder(values: Float32Array): Uint32Array {
  const { length } = values;
  const keys = new Uint32Array(values.buffer, values.byteOffset, length).slice();
  const starts = [new Uint32Array(digits), new Uint32Array(digits), new Uint32Array(digits)] as const;
  for (let i = 0; i < length; i++) {
    const bits = keys[i] === 0x80000000 ? 0 : keys[i]!;
    // Inverted keys: ascending order of keys is descending order of values.
    const key = (bits & 0x80000000 ? bits : ~bits & 0x7fffffff) >>> 0;
    keys[i] = key;
    starts[0][key & 2047]!++;
    starts[1][(key >>> 11) & 2047]!++;
    starts[2][key >>> 22]!++;
  }
  let source = new Uint32Array(length);
  let target = new Uint32Array(length);
  for (let i = 0; i < length; i++) source[i] = i;
  for (const [pass, own] of starts.entries()) {
    let start = 0;
    for (let digit = 0; digit < digits; digit++) {
      const count = own[digit]!;
      own[digit] = start;
      start += count;
    }
    const shift = 11 * pass;
    for (let i = 0; i < length; i++) {
      const index = source[i]!;
      target[own[(keys[index]! >>> shift) & 2047]!++] = index;
    }
    [source, target] = [target, source];
  }
  return source;
}
