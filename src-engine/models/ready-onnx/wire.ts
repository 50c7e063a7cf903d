/** Reads the fields of a Protocol Buffers message without knowing its type; payloads are views, nothing is copied. */

export interface WireField {
  readonly number: number;
  /** Of a length-delimited field; empty otherwise. */
  readonly payload: Uint8Array;
  /** Of a varint field; 0 otherwise. */
  readonly value: number;
  /** The whole field, to be written as it was. */
  readonly raw: Uint8Array;
}

/** @throws RangeError when the bytes are no message */
export function* fieldsOf(bytes: Uint8Array): Generator<WireField> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++];
      if (byte === undefined) throw new RangeError('The message is cut off.');
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  const take = (length: number): Uint8Array => {
    if (at + length > bytes.byteLength) throw new RangeError('The message is cut off.');
    at += length;
    return bytes.subarray(at - length, at);
  };
  const none = new Uint8Array();
  while (at < bytes.byteLength) {
    const start = at;
    const tag = varint();
    const wire = tag % 8;
    let value = 0;
    let payload: Uint8Array = none;
    if (wire === 0) value = varint();
    else if (wire === 1) take(8);
    else if (wire === 2) payload = take(varint());
    else if (wire === 5) take(4);
    else throw new RangeError(`There is no wire type ${wire}.`);
    yield { number: Math.floor(tag / 8), payload, value, raw: bytes.subarray(start, at) };
  }
}

const decoder = new TextDecoder();

export const textOf = ({ payload }: WireField): string => decoder.decode(payload);

/** All fields of a number in a message. */
export const fieldsNumbered = (bytes: Uint8Array, number: number): WireField[] =>
  [...fieldsOf(bytes)].filter((field) => field.number === number);
