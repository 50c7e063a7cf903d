/** Gives a ready graph the inputs and outputs all our models have, and those of its layers. */

import { initialiserField, inputField, nodeField, outputField } from '../onnx/encode.ts';
import type { Attribute } from '../onnx/graph.ts';
import { concatenate, messageField } from '../onnx/protobuf.ts';
import { elementTypes, int64, type Tensor } from '../onnx/tensors.ts';
import { EMBEDDING, INPUT, layerPrefix, PATCHES, REGISTERS } from '../families/outputs.ts';
import type { Blocks } from './blocks.ts';
import { type ReadModel, renamed } from './read.ts';

export interface Exposure {
  /** Its input of images, [batch, 3, height, width]. */
  readonly input: string;
  readonly inputIsHalf: boolean;
  /** Its output of normed tokens: CLS, registers, patches row by row. */
  readonly tokens: string;
  readonly blocks: Blocks | null;
  readonly patch: number;
  readonly registers: number;
  readonly dimension: number;
}

/** Slices to the end of an axis, whatever its length. */
const END = 2 ** 31 - 1;
/** Put before every name of ours, which the graph cannot have. */
const OURS = 'nidus/';

/**
 * The model's bytes with `image` in; `patch_features`, `embedding` and `registers` out, the same of every block with the prefixes
 * of `layerPrefix`. Operators are those that have not changed since version 13.
 */
export function exposed(model: ReadModel, exposure: Exposure): Uint8Array {
  const { input, inputIsHalf, tokens, blocks, patch, registers, dimension } = exposure;
  const before: Uint8Array[] = [];
  const after: Uint8Array[] = [];
  const outputs: Uint8Array[] = [];
  let count = 0;

  const constant = (name: string, tensor: Tensor): string => {
    before.push(initialiserField({ name: `${OURS}${name}`, tensor }));
    return `${OURS}${name}`;
  };
  const node = (
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    name = `${OURS}${operator}_${count++}`,
    fields = after,
  ): string => {
    fields.push(nodeField({ operator, domain: '', inputs, outputs: [name], attributes }));
    return name;
  };

  const numbers = new Map<number, string>();
  const number = (value: number): string => {
    const present = numbers.get(value) ?? constant(`number_${value}`, int64([value]));
    numbers.set(value, present);
    return present;
  };
  const first = constant('first', int64([0], []));

  if (inputIsHalf) node('Cast', [INPUT], { to: elementTypes.float16.code }, input, before);
  else if (input !== INPUT) node('Identity', [INPUT], {}, input, before);
  const shape = node('Shape', [INPUT]);
  const extent = (axis: number): string => node('Gather', [shape, number(axis)]);
  const [batch, rows, columns] = [
    extent(0),
    node('Div', [extent(2), number(patch)]),
    node('Div', [extent(3), number(patch)]),
  ];
  const grid = node('Concat', [batch, rows, columns, number(dimension)], { axis: 0 });

  const declare = (value: string, prefix: string): void => {
    const wide = node('Cast', [value], { to: elementTypes.float32.code });
    const part = (from: number, to: number): string =>
      node('Slice', [wide, number(from), number(to), number(1)]);
    const output = (name: string, sizes: readonly (number | string)[]): void =>
      void outputs.push(outputField({ name: `${prefix}${name}`, type: 'float32', shape: sizes }));
    node('Reshape', [part(1 + registers, END), grid], {}, `${prefix}${PATCHES}`);
    output(PATCHES, ['batch', 'rows', 'columns', dimension]);
    node('Gather', [wide, first], { axis: 1 }, `${prefix}${EMBEDDING}`);
    output(EMBEDDING, ['batch', dimension]);
    if (registers === 0) return;
    node('Identity', [part(1, 1 + registers)], {}, `${prefix}${REGISTERS}`);
    output(REGISTERS, ['batch', registers, dimension]);
  };

  declare(tokens, '');
  for (const [index, block] of (blocks?.outputs ?? []).entries()) {
    declare(block, layerPrefix({ index, normed: false }));
    declare(normedCopy(block, index, tokens, blocks!, after), layerPrefix({ index, normed: true }));
  }
  const image = inputField({ name: INPUT, type: 'float32', shape: ['batch', 3, 'height', 'width'] });
  const graph = [...before, ...model.inGraph, ...after, image, ...outputs];
  return concatenate([...model.around, messageField(7, graph)]);
}

/** The nodes of the final norm once more, on another block's output. */
function normedCopy(
  block: string,
  index: number,
  tokens: string,
  { outputs, norm }: Blocks,
  fields: Uint8Array[],
): string {
  const own = new Set(norm.flatMap((one) => one.outputs));
  const last = outputs.at(-1)!;
  const rename = (value: string): string =>
    value === last ? block : own.has(value) ? `${OURS}layer_${index}/${value}` : value;
  for (const one of norm) fields.push(messageField(1, [renamed(one, rename, `/${OURS}layer_${index}`)]));
  return rename(tokens);
}
