/** Builds an ONNX graph node by node; the order of calls is the order in the file, so the same calls give the same bytes. */

import { Failure } from '#shared/errors.ts';
import { byteLengthOf, type ElementType, type Tensor } from './tensors.ts';

/** A named edge of the graph: an input, an initialiser or the output of a node. */
export interface Value {
  readonly name: string;
}

/** A fixed size or the name of a size that is known when the model runs. */
export type Dimension = number | string;

/** A plain number or list of numbers is an integer attribute; real numbers are marked with `real`. */
export type Attribute = number | string | readonly number[] | Real | Tensor;

/** Marks an attribute as FLOAT or FLOATS, which plain JavaScript numbers cannot tell from INT. */
export interface Real {
  readonly real: number | readonly number[];
}

export const real = (value: number | readonly number[]): Real => ({ real: value });

export interface ValueInfo {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly Dimension[];
}

export interface Node {
  readonly operator: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

export interface Initialiser {
  readonly name: string;
  readonly tensor: Tensor;
}

export interface Graph {
  readonly name: string;
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  readonly nodes: readonly Node[];
  readonly initialisers: readonly Initialiser[];
}

interface NodeOptions {
  /** Operator set other than the standard one, e.g. `com.microsoft`. */
  readonly domain?: string;
  /** Name of the (first) output; made from the operator and a counter if left out. */
  readonly name?: string;
}

export class GraphBuilder {
  readonly #name: string;
  readonly #inputs: ValueInfo[] = [];
  readonly #outputs: ValueInfo[] = [];
  readonly #nodes: Node[] = [];
  readonly #initialisers: Initialiser[] = [];
  readonly #names = new Set<string>();
  readonly #counters = new Map<string, number>();

  constructor(name: string) {
    this.#name = name;
  }

  /** Declares an input that is given at each run. */
  input(name: string, type: ElementType, shape: readonly Dimension[]): Value {
    this.#inputs.push({ name, type, shape });
    return this.#claim(name);
  }

  /** Adds a constant tensor. Throws when its bytes do not fit its shape. */
  initialiser(name: string, tensor: Tensor): Value {
    const expected = byteLengthOf(tensor.type, tensor.shape);
    if (tensor.data.byteLength !== expected) {
      throw new Failure(
        'bug',
        `Tensor ${name} [${tensor.shape.join(', ')}] of ${tensor.type} needs ${expected} bytes but has ${tensor.data.byteLength}.`,
      );
    }
    this.#initialisers.push({ name, tensor });
    return this.#claim(name);
  }

  /** Adds a constant tensor whose name nobody needs to know. */
  constant(tensor: Tensor): Value {
    return this.initialiser(this.#next('constant'), tensor);
  }

  /** Adds a node with one output; `undefined` stands for an optional input that is left out. */
  node(
    operator: string,
    inputs: readonly (Value | undefined)[],
    attributes: Readonly<Record<string, Attribute>> = {},
    options: NodeOptions = {},
  ): Value {
    return this.nodes(operator, inputs, 1, attributes, options)[0]!;
  }

  /** Adds a node with several outputs (Split, TopK ...). */
  nodes(
    operator: string,
    inputs: readonly (Value | undefined)[],
    outputCount: number,
    attributes: Readonly<Record<string, Attribute>> = {},
    options: NodeOptions = {},
  ): Value[] {
    for (const input of inputs) {
      if (input && !this.#names.has(input.name)) {
        throw new Failure('bug', `${operator} takes ${input.name}, which graph ${this.#name} does not have.`);
      }
    }
    const first = options.name ?? this.#next(operator.toLowerCase());
    const outputs = Array.from({ length: outputCount }, (_, i) =>
      this.#claim(i === 0 ? first : `${first}.${i}`),
    );
    this.#nodes.push({
      operator,
      domain: options.domain ?? '',
      inputs: inputs.map((input) => input?.name ?? ''),
      outputs: outputs.map((output) => output.name),
      attributes,
    });
    return outputs;
  }

  /** Declares a value as an output of the model; name it in `node` first to choose what users see. */
  output(value: Value, type: ElementType, shape: readonly Dimension[]): void {
    this.#outputs.push({ name: value.name, type, shape });
  }

  build(): Graph {
    return {
      name: this.#name,
      inputs: this.#inputs,
      outputs: this.#outputs,
      nodes: this.#nodes,
      initialisers: this.#initialisers,
    };
  }

  #claim(name: string): Value {
    if (this.#names.has(name)) throw new Failure('bug', `Graph ${this.#name} already has a value ${name}.`);
    this.#names.add(name);
    return { name };
  }

  #next(stem: string): string {
    const count = this.#counters.get(stem) ?? 0;
    this.#counters.set(stem, count + 1);
    return `${stem}_${count}`;
  }
}
