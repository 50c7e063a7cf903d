/** An ONNX graph as bytes (onnx/onnx.proto; the field numbers below are those of the standard). */

import type { Attribute, Dimension, Graph, Initialiser, Node, ValueInfo } from './graph.ts';
import {
  bytesField,
  concatenate,
  type Field,
  floatField,
  integerField,
  messageField,
  textField,
} from './protobuf.ts';
import { elementTypes, type Tensor } from './tensors.ts';

/** What a model file says besides its graph. */
export interface ModelHeader {
  /** Version of each operator set; the standard one has the empty name. */
  readonly operatorSets: Readonly<Record<string, number>>;
  /** Text for people who open the file in a viewer: where it comes from, under which licence. */
  readonly documentation?: string;
}

/** Where the bytes of an initialiser lie when they are not in the model file itself. */
export interface ExternalLocation {
  /** File name relative to the model file. */
  readonly location: string;
  readonly offset: number;
  readonly length: number;
}

const IR_VERSION = 8;
const EXTERNAL = 1;
const attributeTypes = { float: 1, integer: 2, text: 3, tensor: 4, floats: 6, integers: 7 } as const;

/**
 * The bytes of a model. Every initialiser whose data is a byte source needs an entry in `external`.
 * Equal input gives equal bytes: no dates, no versions of ours.
 */
export function encodeModel(
  graph: Graph,
  header: ModelHeader,
  external: ReadonlyMap<string, ExternalLocation> = new Map(),
): Uint8Array {
  return concatenate([
    integerField(1, IR_VERSION),
    textField(2, 'nidus'),
    ...(header.documentation === undefined ? [] : [textField(6, header.documentation)]),
    messageField(7, [
      ...graph.nodes.map(nodeField),
      textField(2, graph.name),
      ...graph.initialisers.map((initialiser) =>
        messageField(5, initialiserFields(initialiser, external.get(initialiser.name))),
      ),
      ...graph.inputs.map(inputField),
      ...graph.outputs.map(outputField),
    ]),
    ...Object.entries(header.operatorSets).map(([domain, version]) =>
      messageField(8, [textField(1, domain), integerField(2, version)]),
    ),
  ]);
}

/** Parts of a graph on their own, each a field of it. */
export const nodeField = (node: Node): Field => messageField(1, nodeFields(node));
export const initialiserField = (initialiser: Initialiser): Field =>
  messageField(5, initialiserFields(initialiser, undefined));
export const inputField = (info: ValueInfo): Field => messageField(11, valueInfoFields(info));
export const outputField = (info: ValueInfo): Field => messageField(12, valueInfoFields(info));

function nodeFields(node: Node): Field[] {
  return [
    ...node.inputs.map((name) => textField(1, name)),
    ...node.outputs.map((name) => textField(2, name)),
    textField(3, node.outputs[0]!),
    textField(4, node.operator),
    ...Object.entries(node.attributes).map(([name, value]) => messageField(5, attributeFields(name, value))),
    ...(node.domain === '' ? [] : [textField(7, node.domain)]),
  ];
}

function attributeFields(name: string, value: Attribute): Field[] {
  const head = textField(1, name);
  const typed = (type: number, ...fields: Field[]) => [head, ...fields, integerField(20, type)];
  if (typeof value === 'number') return typed(attributeTypes.integer, integerField(3, value));
  if (typeof value === 'string') return typed(attributeTypes.text, textField(4, value));
  if ('type' in value) return typed(attributeTypes.tensor, messageField(5, tensorFields(value)));
  if ('real' in value) {
    return typeof value.real === 'number'
      ? typed(attributeTypes.float, floatField(2, value.real))
      : typed(attributeTypes.floats, ...value.real.map((x) => floatField(7, x)));
  }
  return typed(attributeTypes.integers, ...value.map((x) => integerField(8, x)));
}

function initialiserFields({ name, tensor }: Initialiser, external: ExternalLocation | undefined): Field[] {
  return [...tensorFields(tensor, external), textField(8, name)];
}

function tensorFields(tensor: Tensor, external?: ExternalLocation): Field[] {
  return [
    ...tensor.shape.map((size) => integerField(1, size)),
    integerField(2, elementTypes[tensor.type].code),
    ...dataFields(tensor, external),
  ];
}

function dataFields({ data }: Tensor, external: ExternalLocation | undefined): Field[] {
  if (data instanceof Uint8Array) return [bytesField(9, data)];
  if (!external) throw new TypeError('A tensor that is read from a source needs an external location.');
  const entry = (key: string, value: string | number) =>
    messageField(13, [textField(1, key), textField(2, String(value))]);
  return [
    entry('location', external.location),
    entry('offset', external.offset),
    entry('length', external.length),
    integerField(14, EXTERNAL),
  ];
}

function valueInfoFields({ name, type, shape }: ValueInfo): Field[] {
  const dimensions = shape.map((dimension) => messageField(1, [dimensionField(dimension)]));
  const tensorType = [integerField(1, elementTypes[type].code), messageField(2, dimensions)];
  return [textField(1, name), messageField(2, [messageField(1, tensorType)])];
}

function dimensionField(dimension: Dimension): Field {
  return typeof dimension === 'number' ? integerField(1, dimension) : textField(2, dimension);
}
