import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openWeights, type Weights } from '#engine/models/safetensors/weights.ts';
import {
  bf16,
  f16,
  f32,
  type Header,
  safetensors,
  type Tensors,
  writeSafetensors,
} from '../../../support/safetensors.ts';
import { temporaryFolder } from '../../../support/temporary.ts';

async function folderWith(bytes: Uint8Array): Promise<string> {
  const folder = await temporaryFolder();
  writeFileSync(join(folder, 'model.safetensors'), bytes);
  return folder;
}

async function valuesOf(weights: Weights, name: string): Promise<number[]> {
  const all: number[] = [];
  for await (const chunk of weights.values(name)) for (const value of chunk) all.push(value);
  return all;
}

async function readTensor(folder: string, name: string): Promise<number[]> {
  await using weights = await openWeights(folder);
  // Awaited here: the weights are closed when this function returns.
  return await valuesOf(weights, name);
}

const pair = { first: f32([2, 2], [1, 2, 3, 4]), second: f32([3], [5, 6, 7]) };

test('gives shapes and values', async () => {
  await using weights = await openWeights(await folderWith(safetensors({ ...pair, scalar: f32([], [9]) })));
  expect(Object.fromEntries(weights.shapes)).toEqual({ first: [2, 2], second: [3], scalar: [] });
  expect(await valuesOf(weights, 'first')).toEqual([1, 2, 3, 4]);
  expect(await valuesOf(weights, 'scalar')).toEqual([9]);
});

describe('half precision', () => {
  const finite16 = fc.integer({ min: 0, max: 0xffff });

  test('every finite F16 is read exactly', async () => {
    const bits = Uint16Array.from({ length: 0x10000 }, (_, i) => i).filter((i) => (i & 0x7c00) !== 0x7c00);
    const expected = [...new Float16Array(bits.buffer)];
    expect(
      await readTensor(await folderWith(safetensors({ all: f16([bits.length], expected) })), 'all'),
    ).toEqual(expected);
  });

  test('a BF16 is the float32 with the same upper bits', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(finite16.filter((bits) => (bits & 0x7f80) !== 0x7f80)), async (bits) => {
        const values = new Float32Array(Uint32Array.from(bits, (upper) => upper << 16).buffer);
        const folder = await folderWith(safetensors({ x: bf16([bits.length], values) }));
        expect(await readTensor(folder, 'x')).toEqual([...values]);
      }),
      { numRuns: 30 },
    );
  });
});

test('a tensor of many chunks arrives whole and in order', async () => {
  const count = 300_001;
  const folder = await folderWith(
    safetensors({
      long: f32(
        [count],
        Float32Array.from({ length: count }, (_, i) => i),
      ),
    }),
  );
  await using weights = await openWeights(folder);
  let [position, chunks] = [0, 0];
  for await (const chunk of weights.values('long')) {
    chunks++;
    for (const value of chunk) if (value !== position++) throw new Error(`${value} at ${position - 1}`);
  }
  expect(position).toBe(count);
  expect(chunks).toBeGreaterThan(1);
});

describe('a damaged header is refused', () => {
  const change = (spoil: (header: Header) => unknown): Buffer => safetensors(pair, spoil);
  const withLength = (length: bigint): Buffer => {
    const bytes = safetensors(pair);
    bytes.writeBigUInt64LE(length);
    return bytes;
  };
  test.each([
    ['an empty file', Buffer.alloc(0), /is cut off: it does not even hold/],
    ['a length beyond the file', withLength(100_000n), /is cut off within its header/],
    ['an absurd length', withLength(2n ** 60n), /is not a safetensors file/],
    [
      'no JSON',
      Buffer.concat([Buffer.from([2, 0, 0, 0, 0, 0, 0, 0]), Buffer.from('{]')]),
      /header is not JSON/,
    ],
    ['a list', Buffer.concat([Buffer.from([2, 0, 0, 0, 0, 0, 0, 0]), Buffer.from('[]')]), /not an object/],
    [
      'a missing shape',
      change((h) => Reflect.deleteProperty(h['first']!, 'shape')),
      /describes tensor first without/,
    ],
    ['a negative extent', change((h) => (h['first']!.shape = [-2, -2])), /describes tensor first without/],
    ['an unknown type', change((h) => (h['second']!.dtype = 'F4')), /tensor second in the unknown type F4/],
    [
      'an end before the beginning',
      change((h) => (h['second']!.data_offsets = [28, 16])),
      /second an end before/,
    ],
    [
      'an end behind the file',
      change((h) => (h['second']!.data_offsets = [16, 44])),
      /cut off: tensor second ends 16/,
    ],
    [
      'a shape of another size',
      change((h) => (h['first']!.shape = [2, 3])),
      /first 16 bytes, but shape \[2, 3\]/,
    ],
    [
      'an overlap',
      change((h) => (h['second']!.data_offsets = [12, 24])),
      /tensor second overlaps tensor first/,
    ],
    [
      'a gap',
      change((h) => Reflect.deleteProperty(h, 'first')),
      /nothing describes the bytes before tensor second/,
    ],
    [
      'surplus bytes',
      Buffer.concat([safetensors(pair), Buffer.alloc(5)]),
      /nothing describes its last 5 bytes/,
    ],
  ])('%s', async (_name, bytes, message) => {
    const folder = await folderWith(bytes);
    await expect(openWeights(folder)).rejects.toMatchObject({ kind: 'unreadable' });
    await expect(openWeights(folder)).rejects.toThrow(message);
  });

  test('any cut through the file is noticed', async () => {
    const bytes = safetensors(pair);
    for (let length = 0; length < bytes.length; length++) {
      await expect(
        openWeights(await folderWith(bytes.subarray(0, length))),
        `${length} bytes`,
      ).rejects.toMatchObject({
        kind: 'unreadable',
      });
    }
  });
});

describe('unusable values are refused by name and position', () => {
  test.each([NaN, Infinity, -Infinity])('%d', async (bad) => {
    const values = new Float32Array(200_000);
    values[150_001] = bad;
    const folder = await folderWith(safetensors({ fine: f32([1], [1]), bad: f32([200_000], values) }));
    await expect(readTensor(folder, 'bad')).rejects.toThrow(
      `Tensor bad in model.safetensors holds ${bad} at position 150001.`,
    );
    expect(await readTensor(folder, 'fine')).toEqual([1]);
  });

  test('integers', async () => {
    const folder = await folderWith(
      safetensors({ ids: { dtype: 'I64', shape: [1], data: new Uint8Array(8) } }),
    );
    await expect(readTensor(folder, 'ids')).rejects.toThrow(
      'Tensor ids in model.safetensors is of type I64; weights can be F32, F16 or BF16.',
    );
  });

  test('a file that shrinks after it was opened', async () => {
    const folder = await folderWith(safetensors(pair));
    await using weights = await openWeights(folder);
    truncateSync(join(folder, 'model.safetensors'), 150);
    await expect(valuesOf(weights, 'second')).rejects.toThrow(
      /Tensor second in model.safetensors is cut off/,
    );
  });
});

describe('shards', () => {
  const indexFile = 'model.safetensors.index.json';
  async function sharded(
    shards: Readonly<Record<string, Tensors>>,
    map: Readonly<Record<string, string>>,
  ): Promise<string> {
    const folder = await temporaryFolder();
    for (const [name, tensors] of Object.entries(shards)) writeSafetensors(join(folder, name), tensors);
    writeFileSync(join(folder, indexFile), JSON.stringify({ metadata: {}, weight_map: map }));
    return folder;
  }
  const one = 'model-00001-of-00002.safetensors';
  const two = 'model-00002-of-00002.safetensors';

  test('are one set of weights', async () => {
    const folder = await sharded(
      { [one]: { first: pair.first }, [two]: { second: pair.second } },
      { second: two, first: one },
    );
    await using weights = await openWeights(folder);
    expect(weights.files).toEqual([join(folder, one), join(folder, two)]);
    expect(await valuesOf(weights, 'first')).toEqual([1, 2, 3, 4]);
    expect(await valuesOf(weights, 'second')).toEqual([5, 6, 7]);
  });

  test.each([
    [
      'a missing shard',
      { first: one, second: two },
      `${indexFile} names ${two}, which is not in the folder.`,
    ],
    ['a tensor elsewhere', { third: one }, `${one} has no tensor third, though ${indexFile} says so.`],
    [
      'a path out of the folder',
      { first: '../x.safetensors' },
      `${indexFile} names ../x.safetensors, which lies outside`,
    ],
  ])('%s is named', async (_name, map, message) => {
    await expect(openWeights(await sharded({ [one]: pair }, map))).rejects.toThrow(message);
  });

  test.each(['{', '{}', '{"weight_map": {"a": 1}}'])('the index %s is refused', async (text) => {
    const folder = await temporaryFolder();
    writeFileSync(join(folder, indexFile), text);
    await expect(openWeights(folder)).rejects.toThrow(
      `${indexFile} is damaged: it has no usable weight_map.`,
    );
  });
});

test('a folder without weights says what it lacks', async () => {
  const folder = await temporaryFolder();
  await expect(openWeights(folder)).rejects.toMatchObject({
    kind: 'not-found',
    message: `${folder} holds neither model.safetensors nor ${'model.safetensors.index.json'}.`,
  });
});
