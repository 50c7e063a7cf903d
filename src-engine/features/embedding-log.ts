import { createHash } from 'node:crypto';
import { appendFile, mkdir, readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';

const keyBytes = 32;

/**
 * Embeddings by key in append-only files, one a kind of extraction: a record is the key (SHA-256) and its float32 values.
 * They are a few kilobytes an image where its patch features take hundreds, so they stay when those have to go. A cache: a
 * torn last record and whatever else goes wrong count as not there.
 */
export function openEmbeddingLog(folder: string) {
  const logs = new Map<string, Promise<Map<string, Float32Array>>>();
  let writing: Promise<unknown> = Promise.resolve();

  const fileOf = (kind: string, dimension: number) =>
    join(folder, `${createHash('sha256').update(kind).digest('hex').slice(0, 24)}-${dimension}.embeddings`);

  const read = async (path: string, dimension: number): Promise<Map<string, Float32Array>> => {
    const found = new Map<string, Float32Array>();
    const bytes = await readFile(path).catch(() => Buffer.alloc(0));
    const recordBytes = keyBytes + dimension * 4;
    const torn = bytes.length % recordBytes;
    if (torn > 0) await truncate(path, bytes.length - torn).catch(() => {});
    for (let at = 0; at + recordBytes <= bytes.length; at += recordBytes) {
      const values = Uint8Array.from(bytes.subarray(at + keyBytes, at + recordBytes));
      found.set(bytes.toString('hex', at, at + keyBytes), new Float32Array(values.buffer));
    }
    return found;
  };

  const log = (kind: string, dimension: number): Promise<Map<string, Float32Array>> => {
    const path = fileOf(kind, dimension);
    const present = logs.get(path);
    if (present) return present;
    const reading = read(path, dimension);
    logs.set(path, reading);
    return reading;
  };

  return {
    async get(kind: string, dimension: number, key: string): Promise<Float32Array | undefined> {
      return (await log(kind, dimension)).get(key);
    },
    async put(kind: string, key: string, embedding: Float32Array): Promise<void> {
      const known = await log(kind, embedding.length);
      if (known.has(key)) return;
      known.set(key, embedding);
      const record = Buffer.concat([
        Buffer.from(key, 'hex'),
        Buffer.from(embedding.buffer, embedding.byteOffset, embedding.byteLength),
      ]);
      const path = fileOf(kind, embedding.length);
      // One after the other: records must not mix. A full disk costs the cache, not the result.
      writing = writing
        .then(() => mkdir(folder, { recursive: true }))
        .then(() => appendFile(path, record))
        .catch(() => {});
      await writing;
    },
  };
}

export type EmbeddingLog = ReturnType<typeof openEmbeddingLog>;
