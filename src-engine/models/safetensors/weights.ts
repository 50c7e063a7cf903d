/** The weights of a model folder: one safetensors file, or several with an index. */

import { type FileHandle, open, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { Failure } from '#shared/errors.ts';
import { firstNonFinite, floatType } from './floats.ts';
import { readHeader, type TensorEntry } from './header.ts';

/** Enough for the disk to be busy, little enough to stay in the processor's cache. */
const CHUNK_ELEMENTS = 131_072;

const SINGLE = 'model.safetensors';
const INDEX = 'model.safetensors.index.json';

const indexSchema = z.object({ weight_map: z.record(z.string(), z.string()) });

/** Opened weight files. Close it, or hold it with `await using`. */
export interface Weights extends AsyncDisposable {
  /** What errors call the whole: the one file or the index. */
  readonly label: string;
  /** Shape of every tensor by its name in the files. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  /** Paths of the files that hold the tensors, sorted. */
  readonly files: readonly string[];
  /**
   * The values of a tensor as float32, row-major, in chunks. A chunk is valid until the next one is asked for; until then it
   * may be written to.
   * @throws Failure `unreadable` when they are no floats, hold NaN or infinity, or the file ends early.
   */
  values(name: string): AsyncIterable<Float32Array>;
}

interface Place {
  readonly file: FileHandle;
  readonly fileName: string;
  readonly entry: TensorEntry;
}

/**
 * Opens `model.safetensors` or the shards of `model.safetensors.index.json` in a folder and checks their headers.
 * @throws Failure `not-found` when the folder has neither or lacks a shard, `unreadable` when one is damaged.
 */
export async function openWeights(folder: string): Promise<Weights> {
  const single = await openIfThere(join(folder, SINGLE));
  const handles: FileHandle[] = single ? [single] : [];
  const close = async (): Promise<void> => {
    await Promise.all(handles.map((handle) => handle.close()));
  };
  try {
    const { places, label, names } = single
      ? { places: await placesIn(single, SINGLE), label: SINGLE, names: [SINGLE] }
      : await openShards(folder, handles);
    return {
      label,
      shapes: new Map(Array.from(places, ([name, { entry }]) => [name, entry.shape])),
      files: names.map((name) => join(folder, name)),
      values(name) {
        const place = places.get(name);
        if (!place) throw new Failure('not-found', `${label} has no tensor ${name}.`);
        return readValues(name, place);
      },
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openShards(folder: string, handles: FileHandle[]) {
  const tensorsOf = Map.groupBy(Object.entries(await readIndex(folder)), ([, shard]) => shard);
  const names = [...tensorsOf.keys()].sort();
  const places = new Map<string, Place>();
  for (const shard of names) {
    if (basename(shard) !== shard) {
      throw new Failure('unreadable', `${INDEX} names ${shard}, which lies outside the folder.`);
    }
    const file = await openIfThere(join(folder, shard));
    if (!file) throw new Failure('not-found', `${INDEX} names ${shard}, which is not in the folder.`);
    handles.push(file);
    const inShard = await placesIn(file, shard);
    for (const [tensor] of tensorsOf.get(shard)!) {
      const place = inShard.get(tensor);
      if (!place)
        throw new Failure('unreadable', `${shard} has no tensor ${tensor}, though ${INDEX} says so.`);
      places.set(tensor, place);
    }
  }
  return { places, label: INDEX, names };
}

async function readIndex(folder: string): Promise<Record<string, string>> {
  let text: string;
  try {
    text = await readFile(join(folder, INDEX), 'utf8');
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new Failure('not-found', `${folder} holds neither ${SINGLE} nor ${INDEX}.`, { cause: error });
  }
  const parsed = indexSchema.safeParse(parseJson(text));
  if (!parsed.success) throw new Failure('unreadable', `${INDEX} is damaged: it has no usable weight_map.`);
  return parsed.data.weight_map;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function placesIn(file: FileHandle, fileName: string): Promise<Map<string, Place>> {
  const entries = await readHeader(file, fileName);
  return new Map(Array.from(entries, ([name, entry]) => [name, { file, fileName, entry }]));
}

async function* readValues(name: string, { file, fileName, entry }: Place): AsyncGenerator<Float32Array> {
  const what = `Tensor ${name} in ${fileName}`;
  const { bytes, decode } = floatType(entry.dtype, what);
  for (let done = 0; done < entry.byteLength;) {
    const chunk = new Uint8Array(Math.min(CHUNK_ELEMENTS * bytes, entry.byteLength - done));
    for (let filled = 0; filled < chunk.byteLength;) {
      const { bytesRead } = await file.read(
        chunk,
        filled,
        chunk.byteLength - filled,
        entry.offset + done + filled,
      );
      if (bytesRead === 0)
        throw new Failure('unreadable', `${what} is cut off: the file ended while it was read.`);
      filled += bytesRead;
    }
    const values = decode(chunk);
    const bad = firstNonFinite(values);
    if (bad >= 0) {
      throw new Failure('unreadable', `${what} holds ${values[bad]} at position ${done / bytes + bad}.`);
    }
    done += chunk.byteLength;
    yield values;
  }
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';
