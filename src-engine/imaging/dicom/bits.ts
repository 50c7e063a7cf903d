export function unpackBits(bytes: Uint8Array, from: number, count: number): Uint8Array {
  const bits = new Uint8Array(count);
  for (let i = 0, at = from; i < count; i++, at++) bits[i] = (bytes[at >> 3]! >> (at & 7)) & 1;
  return bits;
}
