import type { PatchFeatures } from '#shared/arrays.ts';

/** What a model says of one image: patch features and one embedding. */
export interface ImageFeatures {
  readonly patches: PatchFeatures;
  readonly embedding: Float32Array;
}

const headerNumbers = 4;

/**
 * One cache file: rows, columns, dimension, embedding length (uint32), embedding (float32), patches (float16).
 * Half precision halves the cache; every use of features goes through it, cached or not, so a result never depends on
 * whether its features were in the cache.
 */
export function encodeFeatures({ patches, embedding }: ImageFeatures): Uint8Array {
  const { rows, columns, dimension, data } = patches;
  const header = Uint32Array.of(rows, columns, dimension, embedding.length);
  const half = new Float16Array(data);
  const bytes = new Uint8Array(header.byteLength + embedding.byteLength + half.byteLength);
  bytes.set(new Uint8Array(header.buffer), 0);
  bytes.set(new Uint8Array(embedding.buffer, embedding.byteOffset, embedding.byteLength), header.byteLength);
  bytes.set(new Uint8Array(half.buffer), header.byteLength + embedding.byteLength);
  return bytes;
}

/** Undefined for a file that is not whole: it counts as not cached. */
export function decodeFeatures(bytes: Uint8Array): ImageFeatures | undefined {
  if (bytes.byteLength < headerNumbers * 4) return undefined;
  const buffer = new Uint8Array(bytes).buffer;
  const [rows, columns, dimension, embeddingLength] = new Uint32Array(buffer, 0, headerNumbers);
  if (rows === undefined || columns === undefined || dimension === undefined || embeddingLength === undefined)
    return undefined;
  const values = rows * columns * dimension;
  const patchesAt = headerNumbers * 4 + embeddingLength * 4;
  if (buffer.byteLength !== patchesAt + values * 2) return undefined;
  const embedding = new Float32Array(buffer, headerNumbers * 4, embeddingLength);
  const data = new Float32Array(new Float16Array(buffer, patchesAt, values));
  return { patches: { rows, columns, dimension, data }, embedding };
}
