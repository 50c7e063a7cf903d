/**
 * The four wire types of Protocol Buffers that ONNX files use, enough to write a message.
 * A message is the concatenation of its encoded fields; nesting wraps one message as a field of another.
 */

const WIRE_VARINT = 0;
const WIRE_LENGTH_DELIMITED = 2;
const WIRE_FIXED32 = 5;

/** One encoded field, tag included. */
export type Field = Uint8Array;

/** A signed 64-bit integer field (negative numbers take ten bytes, as the format demands). */
export function integerField(number: number, value: number | bigint): Field {
  return concatenate([tag(number, WIRE_VARINT), varint(BigInt(value))]);
}

/** A 32-bit float field. */
export function floatField(number: number, value: number): Field {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return concatenate([tag(number, WIRE_FIXED32), bytes]);
}

/** A UTF-8 string field. */
export function textField(number: number, value: string): Field {
  return bytesField(number, new TextEncoder().encode(value));
}

/** A field of raw bytes. */
export function bytesField(number: number, value: Uint8Array): Field {
  return concatenate([tag(number, WIRE_LENGTH_DELIMITED), varint(BigInt(value.byteLength)), value]);
}

/** A nested message. */
export function messageField(number: number, fields: readonly Field[]): Field {
  return bytesField(number, concatenate(fields));
}

/** Bytes of a whole message. */
export function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.byteLength;
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.byteLength;
  }
  return bytes;
}

function tag(number: number, wireType: number): Uint8Array {
  return varint(BigInt(number * 8 + wireType));
}

function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
