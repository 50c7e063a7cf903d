const digits = 2048;

/** Indices of float32 values from the largest value to the smallest; equal values stay in order. No NaN. */
export function descendingOrder(values: Float32Array): Uint32Array {
  const { length } = values;
  const bits = new Uint32Array(Float32Array.from(values, (value) => value + 0).buffer);
  // Inverted keys: ascending order of keys is descending order of values.
  for (let i = 0; i < length; i++) bits[i] = bits[i]! & 0x80000000 ? bits[i]! : ~bits[i]! & 0x7fffffff;
  let source = Uint32Array.from({ length }, (_, i) => i);
  let target = new Uint32Array(length);
  for (const shift of [0, 11, 22]) {
    const starts = new Uint32Array(digits + 1);
    for (let i = 0; i < length; i++) starts[((bits[i]! >>> shift) & (digits - 1)) + 1]!++;
    for (let digit = 1; digit <= digits; digit++) starts[digit]! += starts[digit - 1]!;
    for (let i = 0; i < length; i++) {
      const index = source[i]!;
      target[starts[(bits[index]! >>> shift) & (digits - 1)]!++] = index;
    }
    [source, target] = [target, source];
  }
  return source;
}
