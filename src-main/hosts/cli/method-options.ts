import { type Command, Option } from 'commander';
import { Failure } from '#shared/errors.ts';
import {
  definitionOf,
  type Method,
  methodNames,
  methods,
  methodTitle,
  RunSettings,
  withFeatures,
} from '#shared/methods/index.ts';
import type { Parameter } from '#shared/methods/parameter.ts';
import { number } from './output.ts';

/** What was given on the command line, by the names commander gives options. */
export type Given = Readonly<Record<string, unknown>>;

const parametersOf = (method: Method): readonly Parameter<RunSettings>[] =>
  definitionOf(methods[method].defaults).parameters;

/** `mask-clean-up` -> `maskCleanUp`, as commander does. */
const optionKey = (name: string): string =>
  name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

export const methodOption = (): Option =>
  new Option('--method <method>', 'what is computed').choices([...methodNames]).default('dino-ad');

/** One option for every parameter of any method, except those named in `besides`, which the command adds itself. */
export function addMethodOptions(command: Command, besides: readonly string[] = []): void {
  const byName = new Map<string, { parameter: Parameter<RunSettings>; of: Method[] }>();
  for (const method of methodNames) {
    for (const parameter of parametersOf(method)) {
      const known = byName.get(parameter.name);
      if (known) known.of.push(method);
      else byName.set(parameter.name, { parameter, of: [method] });
    }
  }
  for (const [name, { parameter, of }] of byName) {
    if (besides.includes(name)) continue;
    const text = `${parameter.help} (${of.join(', ')})`;
    switch (parameter.kind) {
      case 'number':
        command.addOption(new Option(`--${name} <n>`, text).argParser(number));
        break;
      case 'choice': {
        // A choice that methods share may have more options in one than in another; `settingsFrom` knows which.
        const values = of.flatMap((method) => valuesOf(parametersOf(method), name));
        command.addOption(new Option(`--${name} <choice>`, text).choices([...new Set(values)]));
        break;
      }
      case 'toggle':
        command.addOption(new Option(`--${name}`, text));
        command.addOption(new Option(`--no-${name}`, `not ${name}`));
        break;
    }
  }
}

function valuesOf(parameters: readonly Parameter<RunSettings>[], name: string): string[] {
  const parameter = parameters.find((one) => one.name === name);
  return parameter?.kind === 'choice' ? parameter.options.map(({ value }) => value) : [];
}

/**
 * The settings of a method with what was given.
 * @param given keys of options that were set, none of them a default
 * @throws Failure `invalid` for a parameter that the method does not have, or a value it cannot take
 */
export function settingsFrom(
  start: RunSettings,
  features: Parameters<typeof withFeatures>[1],
  given: Given,
): RunSettings {
  const own = parametersOf(start.method);
  const others = methodNames.flatMap((method) => parametersOf(method)).map(({ name }) => name);
  let settings = withFeatures(start, features);
  for (const name of new Set(others)) {
    const value = given[optionKey(name)];
    if (value === undefined) continue;
    const parameter = own.find((one) => one.name === name);
    if (!parameter) {
      throw new Failure('invalid', `--${name}: ${methodTitle(start)} has no such parameter.`);
    }
    settings = changed(parameter, settings, value);
  }
  const parsed = RunSettings.safeParse(settings);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Failure('invalid', `--${issue?.path.join('.') ?? 'option'}: ${issue?.message ?? 'not valid'}`);
}

function changed(parameter: Parameter<RunSettings>, settings: RunSettings, value: unknown): RunSettings {
  switch (parameter.kind) {
    case 'number':
      return parameter.set(settings, value as number);
    case 'choice': {
      const text = String(value);
      if (!parameter.options.some((option) => option.value === text)) {
        const known = parameter.options.map((option) => option.value).join(', ');
        throw new Failure('invalid', `--${parameter.name}: ${methodTitle(settings)} takes ${known}.`);
      }
      return parameter.set(settings, text);
    }
    case 'toggle':
      return parameter.set(settings, value === true);
  }
}

/** `1,2,3` as layers. */
export const layersFrom = (text: string): number[] => text.split(',').map(number);
