/**
 * Parameters of methods as values: what the window offers, the command line takes, reports list and the pages of the
 * methods explain all follow from them.
 */

interface Common {
  /** Key, and flag of the command line without its dashes. */
  readonly name: string;
  readonly label: string;
  /** What it does, in a sentence or two. */
  readonly help: string;
}

interface NumberKind {
  readonly kind: 'number';
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** Only whole numbers. */
  readonly whole: boolean;
  /** What null stands for; without it there is always a number. */
  readonly absent?: string;
}

interface ChoiceKind {
  readonly kind: 'choice';
  readonly options: readonly { readonly value: string; readonly label: string }[];
}

interface ToggleKind {
  readonly kind: 'toggle';
}

interface Lens<S, V> {
  get(settings: S): V;
  set(settings: S, value: V): S;
  /** Whether it has a meaning under the other settings; always when left out. */
  readonly applies?: (settings: S) => boolean;
}

export type Parameter<S> = Common &
  ((NumberKind & Lens<S, number | null>) | (ChoiceKind & Lens<S, string>) | (ToggleKind & Lens<S, boolean>));

/** Name, getter and setter of a parameter that is a field of its settings. */
export function field<S, K extends keyof S & string>(key: K) {
  return {
    name: key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
    get: (settings: S): S[K] => settings[key],
    set: (settings: S, value: S[K]): S => ({ ...settings, [key]: value }),
  };
}

type Bound<Kind, V, R> = Common & Kind & { readonly value: V; readonly with: (value: V) => R };

/** A parameter of settings at hand: its value, and the settings with another one. */
export type BoundParameter<R> =
  | Bound<NumberKind, number | null, R>
  | Bound<ChoiceKind, string, R>
  | Bound<ToggleKind, boolean, R>;

function bound<S, V, P extends Lens<S, V>>(parameter: P & Lens<S, V>, settings: S) {
  return {
    ...parameter,
    value: parameter.get(settings),
    with: (value: V): S => parameter.set(settings, value),
  };
}

/** The parameters that have a meaning under these settings. */
export function bind<S>(parameters: readonly Parameter<S>[], settings: S): BoundParameter<S>[] {
  return parameters
    .filter(({ applies }) => applies?.(settings) ?? true)
    .map((parameter) => {
      switch (parameter.kind) {
        case 'number':
          return bound(parameter, settings);
        case 'choice':
          return bound(parameter, settings);
        case 'toggle':
          return bound(parameter, settings);
      }
    });
}

/** The value in words. */
export function valueText(parameter: BoundParameter<unknown>): string {
  switch (parameter.kind) {
    case 'number':
      return parameter.value === null ? (parameter.absent ?? 'none') : String(parameter.value);
    case 'choice':
      return parameter.options.find(({ value }) => value === parameter.value)?.label ?? parameter.value;
    case 'toggle':
      return parameter.value ? 'yes' : 'no';
  }
}
