import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Failure } from '#shared/errors.ts';
import { readNpy, toFloat32 } from '#shared/npy.ts';
import type { NpyArray } from '#shared/npy.ts';

const arrayReference = z.object({ file: z.string(), shape: z.array(z.number()), dtype: z.string() });

const caseSchema = z.object({
  id: z.string(),
  op: z.string(),
  inputs: z.record(z.string(), z.unknown()),
  params: z.record(z.string(), z.unknown()).default({}),
  expected: z.record(z.string(), z.unknown()),
});

const fixtureSchema = z.object({ cases: z.array(caseSchema) });

export type FixtureCase = z.infer<typeof caseSchema>;

/** A folder of reference numbers: `cases.json` and the .npy files it names. */
export interface Fixture {
  readonly folder: string;
  readonly cases: readonly FixtureCase[];
}

/** Reads the cases of a fixture folder; throws a Failure that says why it is none. */
export function readFixture(folder: string): Fixture {
  const file = join(folder, 'cases.json');
  if (!existsSync(folder)) throw new Failure('not-found', `There is no folder ${folder}.`);
  if (!existsSync(file)) {
    throw new Failure('unreadable', `${folder} is not a fixture folder: it has no cases.json.`);
  }
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Failure('unreadable', `${file} is not valid JSON.`, { cause: error });
  }
  const parsed = fixtureSchema.safeParse(content);
  if (!parsed.success) {
    throw new Failure('unreadable', `${file} does not list cases with id, op, inputs and expected.`);
  }
  return { folder, cases: parsed.data.cases };
}

export function readArray(folder: string, file: string): NpyArray {
  const path = join(folder, file);
  if (!existsSync(path)) throw new Failure('not-found', `The array ${file} is missing.`);
  return readNpy(readFileSync(path), file);
}

/** What an operation gets to see of a case: inputs and settings, read with the checks they need. */
export class CaseInputs {
  readonly expected: FixtureCase['expected'];
  private readonly folder: string;
  private readonly fixtureCase: FixtureCase;

  constructor(folder: string, fixtureCase: FixtureCase) {
    this.folder = folder;
    this.fixtureCase = fixtureCase;
    this.expected = fixtureCase.expected;
  }

  has(name: string): boolean {
    return name in this.fixtureCase.inputs;
  }

  array(name: string): NpyArray {
    const reference = arrayReference.safeParse(this.fixtureCase.inputs[name]);
    if (!reference.success) throw new Failure('unreadable', `The case has no input array '${name}'.`);
    return readArray(this.folder, reference.data.file);
  }

  /** An input as float32, with its shape. */
  floats(name: string): { shape: readonly number[]; data: Float32Array } {
    const array = this.array(name);
    return { shape: array.shape, data: toFloat32(array) };
  }

  /** A mask with its shape. */
  bytes(name: string): { shape: readonly number[]; data: Uint8Array } {
    const array = this.array(name);
    return { shape: array.shape, data: Uint8Array.from(toFloat32(array), (value) => (value === 0 ? 0 : 1)) };
  }

  /** An input that is written in the case itself. */
  value<T>(name: string, schema: z.ZodType<T>): T {
    const parsed = z.object({ value: schema }).safeParse(this.fixtureCase.inputs[name]);
    if (!parsed.success) throw new Failure('unreadable', `The input '${name}' is missing or unusable.`);
    return parsed.data.value;
  }

  /** The folder of a model, or the fixture's own. */
  modelFolder(name?: string): string {
    if (name === undefined) return this.folder;
    const reference = z.object({ folder: z.string() }).safeParse(this.fixtureCase.inputs[name]);
    if (!reference.success) throw new Failure('unreadable', `The case has no model '${name}'.`);
    return join(this.folder, reference.data.folder);
  }

  number(name: string): number {
    return this.setting(name, z.number());
  }

  numbers(name: string): number[] {
    return this.setting(name, z.array(z.number()));
  }

  setting<T>(name: string, schema: z.ZodType<T>): T {
    const parsed = schema.safeParse(this.fixtureCase.params[name]);
    if (!parsed.success) throw new Failure('unreadable', `The setting '${name}' is missing or unusable.`);
    return parsed.data;
  }

  optional<T>(name: string, schema: z.ZodType<T>, otherwise: T): T {
    return this.fixtureCase.params[name] === undefined ? otherwise : this.setting(name, schema);
  }
}
