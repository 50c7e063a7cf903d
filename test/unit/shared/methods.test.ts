import { expect, test } from 'vitest';
import {
  definitionOf,
  featuresOf,
  methodNames,
  methods,
  parametersOf,
  RunSettings,
  settingRows,
  withFeatures,
} from '#shared/methods/index.ts';
import { methodPages } from '../../support/method-pages.ts';

const all = methodNames.map((method): RunSettings => methods[method].defaults);

test.each(all)(
  '$method: the defaults are valid, and every parameter keeps them so at both ends',
  (settings) => {
    expect(RunSettings.parse(settings)).toEqual(settings);
    for (const parameter of parametersOf(settings)) {
      const changed =
        parameter.kind === 'number'
          ? [parameter.min, parameter.max].map((value) => parameter.with(value))
          : parameter.kind === 'choice'
            ? parameter.options.map(({ value }) => parameter.with(value))
            : [true, false].map((value) => parameter.with(value));
      for (const next of changed) expect(RunSettings.parse(next)).toEqual(next);
    }
  },
);

test.each(all)('$method: parameters have names of their own, and reports name every one', (settings) => {
  const names = definitionOf(settings).parameters.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  const rows = settingRows(settings).map(([label]) => label);
  for (const { label } of parametersOf(settings)) expect(rows).toContain(label);
});

test('settings of an older Nidus get the defaults of what they lack, other methods are refused', () => {
  const { fit: _, ...older } = methods['dino-ad'].defaults;
  expect(RunSettings.parse(older)).toEqual(methods['dino-ad'].defaults);
  expect(() => RunSettings.parse({ ...older, method: 'draem' })).toThrow();
});

test('a method of one layer takes the first of several', () => {
  const features = { layers: [2, 3], size: 256 };
  expect(featuresOf(withFeatures(methods.padim.defaults, features)).layers).toEqual([2, 3]);
  expect(featuresOf(withFeatures(methods['dino-ad'].defaults, features))).toMatchObject({
    layers: [2],
    size: 256,
  });
});

test('docs/methods.md has the page of every method', () => {
  const { present, wanted } = methodPages();
  expect(present, 'renew it: node test/support/method-pages.ts').toBe(wanted);
});
