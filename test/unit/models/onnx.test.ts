import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeModel } from '../../../src-engine/models/onnx/encode.ts';
import { GraphBuilder, real } from '../../../src-engine/models/onnx/graph.ts';
import { integerField, textField } from '../../../src-engine/models/onnx/protobuf.ts';
import { type ByteSource, float32, int64 } from '../../../src-engine/models/onnx/tensors.ts';
import { writeModel } from '../../../src-engine/models/onnx/write.ts';

const header = { operatorSets: { '': 17 } };
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nidus-onnx-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** The bytes of some float32 numbers, a few at a time. */
function pieces(values: readonly number[], promised = values.length * 4): ByteSource {
  const bytes = new Uint8Array(Float32Array.from(values).buffer);
  return {
    byteLength: promised,
    async *read() {
      for (let i = 0; i < bytes.length; i += 3) yield bytes.subarray(i, i + 3);
    },
  };
}

/** y = x + a + b, with a and b read from sources. */
function sumOfThree(a: ByteSource, b: ByteSource) {
  const graph = new GraphBuilder('sum');
  const x = graph.input('x', 'float32', ['n', 2]);
  const first = graph.node('Add', [x, graph.initialiser('a', { type: 'float32', shape: [2], data: a })]);
  const weights = graph.initialiser('b', { type: 'float32', shape: [2], data: b });
  graph.output(graph.node('Add', [first, weights], {}, { name: 'y' }), 'float32', ['n', 2]);
  return graph.build();
}

test('integers take as many bytes as Protocol Buffers say', () => {
  expect([...integerField(1, 150)]).toEqual([0x08, 0x96, 0x01]);
  expect([...integerField(1, -1)]).toEqual([0x08, ...Array(9).fill(0xff), 0x01]);
  expect([...textField(2, 'testing')]).toEqual([0x12, 7, ...Buffer.from('testing')]);
});

test('attributes of every kind reach the runtime', async () => {
  const graph = new GraphBuilder('attributes');
  const x = graph.input('x', 'float32', [2, 3]);
  const leaky = graph.node('LeakyRelu', [x], { alpha: real(0.5) });
  const turned = graph.node('Transpose', [leaky], { perm: [1, 0] });
  const table = graph.node('Constant', [], { value: float32([2, 1], [10, 1]) });
  const product = graph.node('MatMul', [turned, table]);
  const [top, rest] = graph.nodes('Split', [product, graph.constant(int64([1, 2]))], 2, { axis: 0 });
  const padded = graph.node('Pad', [top, graph.constant(int64([1, 0, 1, 0]))], { mode: 'edge' });
  graph.output(graph.node('Concat', [padded, rest], { axis: 0 }, { name: 'y' }), 'float32', [5, 1]);
  const session = await InferenceSession.create(encodeModel(graph.build(), header));
  const outputs = await session.run({ x: new Tensor('float32', [1, 2, -2, 4, -6, 8], [2, 3]) });
  expect([...(outputs['y']!.data as Float32Array)]).toEqual([14, 14, 14, 17, -2]);
});

test('weights from sources go beside the model and are found there', async () => {
  const path = join(folder, 'sum.onnx');
  await writeModel(path, sumOfThree(pieces([1, 2]), pieces([10, 20])), header);
  expect((await stat(`${path}.data`)).size).toBe(65_536 + 8);
  const session = await InferenceSession.create(path);
  const outputs = await session.run({ x: new Tensor('float32', [0.5, 0.5, 1, 1], [2, 2]) });
  expect([...(outputs['y']!.data as Float32Array)]).toEqual([11.5, 22.5, 12, 23]);
});

test('the same graph gives the same bytes', async () => {
  const write = async (name: string) => {
    await writeModel(join(folder, name), sumOfThree(pieces([1, 2]), pieces([3, 4])), header);
    return readFile(join(folder, `${name}.data`));
  };
  expect(await write('first')).toEqual(await write('second'));
  const small = () => {
    const graph = new GraphBuilder('small');
    graph.output(graph.node('Relu', [graph.input('x', 'float32', [1])]), 'float32', [1]);
    return encodeModel(graph.build(), header);
  };
  expect(small()).toEqual(small());
});

test('a source that ends early is refused', async () => {
  const graph = sumOfThree(pieces([1], 8), pieces([3, 4]));
  await expect(writeModel(join(folder, 'short.onnx'), graph, header)).rejects.toThrow(
    'Tensor a gave 4 of its 8 bytes.',
  );
});

test('mistakes in a graph are named when they are made', () => {
  const graph = new GraphBuilder('wrong');
  const x = graph.input('x', 'float32', [1]);
  expect(() => graph.initialiser('w', { type: 'float32', shape: [3], data: new Uint8Array(8) })).toThrow(
    'Tensor w [3] of float32 needs 12 bytes but has 8.',
  );
  expect(() => graph.node('Relu', [{ name: 'z' }])).toThrow('Relu takes z, which graph wrong does not have.');
  expect(() => graph.node('Relu', [x], {}, { name: 'x' })).toThrow('already has a value x');
});
