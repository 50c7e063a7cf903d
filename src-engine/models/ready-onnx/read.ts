/** What a ready ONNX file says of itself, with the bytes of every part that is passed on as it is. */

import { Failure } from '#shared/errors.ts';
import { concatenate, textField } from '../onnx/protobuf.ts';
import { fieldsNumbered, fieldsOf, textOf } from './wire.ts';

export interface ReadNode {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly bytes: Uint8Array;
}

/** An input or output of the whole graph; a size that is known only when the model runs is null. */
export interface ReadValue {
  readonly name: string;
  readonly elementType: number;
  readonly shape: readonly (number | null)[];
}

export interface ReadModel {
  /** Fields of the model but for its graph. */
  readonly around: readonly Uint8Array[];
  readonly operatorSet: number;
  readonly nodes: readonly ReadNode[];
  readonly constants: ReadonlySet<string>;
  /** Element types of the initialisers with their number of bytes, where they are told. */
  readonly halves: boolean;
  /** Names of the files that hold tensors outside the ONNX file. */
  readonly externalFiles: ReadonlySet<string>;
  readonly inputs: readonly ReadValue[];
  readonly outputs: readonly ReadValue[];
  /** Fields of the graph but for its inputs, outputs and what it says of values between them. */
  readonly inGraph: readonly Uint8Array[];
}

const FLOAT16 = 10;
const graphFields = { node: 1, initialiser: 5, input: 11, output: 12, valueInfo: 13 } as const;

/** @throws Failure `unreadable` when the bytes are no ONNX model */
export function readOnnx(bytes: Uint8Array, name: string): ReadModel {
  try {
    return parse(bytes);
  } catch (error) {
    throw new Failure('unreadable', `${name} is no ONNX model, or it is cut off.`, { cause: error });
  }
}

function parse(bytes: Uint8Array): ReadModel {
  const fields = [...fieldsOf(bytes)];
  const graph = fields.find(({ number }) => number === 7)?.payload;
  const sets = fields.filter(({ number }) => number === 8).map(({ payload }) => operatorSetOf(payload));
  const operatorSet = sets.find(({ domain }) => domain === '' || domain === 'ai.onnx')?.version;
  if (graph === undefined || operatorSet === undefined) throw new RangeError('It has no graph.');
  const inGraph = [...fieldsOf(graph)];
  const initialisers = inGraph
    .filter(({ number }) => number === graphFields.initialiser)
    .map(({ payload }) => initialiserOf(payload));
  const nodes = inGraph
    .filter(({ number }) => number === graphFields.node)
    .map(({ payload }) => nodeOf(payload));
  const constants = new Set(initialisers.map(({ name }) => name));
  for (const { operator, outputs } of nodes) if (operator === 'Constant') constants.add(outputs[0]!);
  const values = (kind: number) =>
    inGraph.filter(({ number }) => number === kind).map(({ payload }) => valueOf(payload));
  const asIs = new Set<number>([graphFields.input, graphFields.output, graphFields.valueInfo]);
  return {
    around: fields.filter(({ number }) => number !== 7).map(({ raw }) => raw),
    operatorSet,
    nodes,
    constants,
    halves: initialisers.some(({ elementType, rank }) => elementType === FLOAT16 && rank === 2),
    externalFiles: new Set(initialisers.flatMap(({ location }) => location ?? [])),
    // Old files list initialisers as inputs too.
    inputs: values(graphFields.input).filter(({ name }) => !constants.has(name)),
    outputs: values(graphFields.output),
    inGraph: inGraph.filter(({ number }) => !asIs.has(number)).map(({ raw }) => raw),
  };
}

function operatorSetOf(bytes: Uint8Array) {
  const [domain] = fieldsNumbered(bytes, 1);
  return { domain: domain ? textOf(domain) : '', version: fieldsNumbered(bytes, 2)[0]?.value ?? 1 };
}

function nodeOf(bytes: Uint8Array): ReadNode {
  const texts = (number: number) => fieldsNumbered(bytes, number).map(textOf);
  return { operator: texts(4)[0] ?? '', inputs: texts(1), outputs: texts(2), bytes };
}

function initialiserOf(bytes: Uint8Array) {
  const [name] = fieldsNumbered(bytes, 8);
  const entries = fieldsNumbered(bytes, 13).map(({ payload }) => [
    fieldsNumbered(payload, 1),
    fieldsNumbered(payload, 2),
  ]);
  const location = entries.find(([key]) => key?.[0] && textOf(key[0]) === 'location')?.[1]?.[0];
  const dims = fieldsNumbered(bytes, 1);
  // Extents may be packed into one field.
  const rank =
    dims.length === 1 && dims[0]!.payload.length > 0
      ? dims[0]!.payload.filter((byte) => byte < 128).length
      : dims.length;
  return {
    name: name ? textOf(name) : '',
    elementType: fieldsNumbered(bytes, 2)[0]?.value ?? 0,
    rank,
    location: location && textOf(location),
  };
}

function valueOf(bytes: Uint8Array): ReadValue {
  const tensor =
    fieldsNumbered(fieldsNumbered(bytes, 2)[0]?.payload ?? new Uint8Array(), 1)[0]?.payload ??
    new Uint8Array();
  const dimensions = fieldsNumbered(fieldsNumbered(tensor, 2)[0]?.payload ?? new Uint8Array(), 1);
  return {
    name: textOf(fieldsNumbered(bytes, 1)[0]!),
    elementType: fieldsNumbered(tensor, 1)[0]?.value ?? 0,
    shape: dimensions.map(({ payload }) => fieldsNumbered(payload, 1)[0]?.value ?? null),
  };
}

/** The same node with other names of values, under a name of its own. */
export function renamed({ bytes }: ReadNode, rename: (value: string) => string, suffix: string): Uint8Array {
  const fields: Uint8Array[] = [];
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1 || field.number === 2) fields.push(textField(field.number, rename(textOf(field))));
    else if (field.number === 3) fields.push(textField(3, `${textOf(field)}${suffix}`));
    else fields.push(field.raw);
  }
  return concatenate(fields);
}
