/**
 * Every method of Nidus: its settings as a union over `method`, and what views, command line, reports and pages say of it.
 * A new method is a file here, a member of the union and an entry in the table.
 */
import { z } from 'zod';
import { AdDinov3Settings, adDinov3 } from './ad-dinov3.ts';
import { AnomalyDinoSettings, anomalyDino } from './anomaly-dino.ts';
import { AnomalyDinoBatchedSettings, anomalyDinoBatched } from './anomaly-dino-batched.ts';
import type { Fit } from './common.ts';
import type { MapRule } from '../full-map.ts';
import type { MethodDefinition } from './definition.ts';
import { DinoAdSettings, dinoAd } from './dino-ad.ts';
import { DinoDpmmSettings, dinoDpmm } from './dino-dpmm.ts';
import { PadimSettings, padim } from './padim.ts';
import { bind, type BoundParameter, valueText } from './parameter.ts';
import { PatchCoreSettings, patchCore } from './patchcore.ts';

/** One member a method; `method` tells them apart. */
export const RunSettings = z.discriminatedUnion('method', [
  DinoAdSettings,
  AnomalyDinoSettings,
  AnomalyDinoBatchedSettings,
  PatchCoreSettings,
  PadimSettings,
  DinoDpmmSettings,
  AdDinov3Settings,
]);
export type RunSettings = z.infer<typeof RunSettings>;
export type Method = RunSettings['method'];
export type SettingsOf<M extends Method> = Extract<RunSettings, { method: M }>;

export const methods: { readonly [M in Method]: MethodDefinition<SettingsOf<M>> } = {
  'dino-ad': dinoAd,
  'anomaly-dino': anomalyDino,
  'anomaly-dino-batched': anomalyDinoBatched,
  patchcore: patchCore,
  padim,
  'dino-dpmm': dinoDpmm,
  'ad-dinov3': adDinov3,
};
export const methodNames = Object.keys(methods) as readonly Method[];

/** The table ties a definition to the settings of its method, which the compiler cannot follow through a lookup. */
export const definitionOf = (settings: RunSettings): MethodDefinition<RunSettings> =>
  methods[settings.method] as unknown as MethodDefinition<RunSettings>;

/** Whether queries are held against normal images. */
export const usesReferences = (settings: RunSettings): boolean =>
  ['support', 'bank'].includes(definitionOf(settings).references);

export const methodTitle = ({ method }: { readonly method: Method }): string => methods[method].title;

/** The parameters that have a meaning under these settings, with their values. */
export const parametersOf = (settings: RunSettings): BoundParameter<RunSettings>[] =>
  bind(definitionOf(settings).parameters, settings);

export const mapRuleOf = (settings: RunSettings): MapRule => definitionOf(settings).mapRule(settings);

/** How the patch grid comes about: what features depend on besides pixels and model bytes. */
export interface FeatureSettings {
  readonly model: string;
  readonly size: number;
  readonly fit: Fit;
  /** Counted from 1; none = the model's own output. */
  readonly layers: readonly number[];
}

export function featuresOf(settings: RunSettings): FeatureSettings {
  const { model, size, fit } = settings;
  const layers = 'layers' in settings ? settings.layers : settings.layer === null ? [] : [settings.layer];
  return { model, size, fit, layers };
}

/** The same settings on other features; of several layers a method of one takes the first. */
export function withFeatures(settings: RunSettings, features: Partial<FeatureSettings>): RunSettings {
  const { layers, ...rest } = { ...featuresOf(settings), ...features };
  return 'layers' in settings
    ? { ...settings, ...rest, layers: [...layers] }
    : { ...settings, ...rest, layer: layers[0] ?? null };
}

/** Every parameter in words, for people who must be able to repeat a run. */
export function settingRows(settings: RunSettings): [label: string, value: string][] {
  const { title, summary } = definitionOf(settings);
  const { size, fit, layers } = featuresOf(settings);
  const { pinned, banned } = settings.method === 'dino-ad' ? settings : { pinned: [], banned: [] };
  return [
    ['Method', `${title} (${summary})`],
    ...parametersOf(settings).map((parameter): [string, string] => [parameter.label, valueText(parameter)]),
    ...(pinned.length > 0
      ? ([['Pinned references', `images ${pinned.join(', ')}`]] as [string, string][])
      : []),
    ...(banned.length > 0
      ? ([['Banned references', `images ${banned.join(', ')}`]] as [string, string][])
      : []),
    [
      layers.length > 1 ? 'Layers' : 'Layer',
      layers.length === 0 ? "the model's own output" : layers.join(', '),
    ],
    [
      'Image size',
      fit === 'squash' ? `${size} x ${size} pixels` : `shorter edge ${size} pixels, longer one cropped`,
    ],
  ];
}

/** Every parameter by its name on the command line, for tables that programs read. */
export function settingsLine(settings: RunSettings): string {
  const { size, fit, layers } = featuresOf(settings);
  const own = parametersOf(settings).map(({ name, value }) => `${name}=${value ?? 'all'}`);
  return [`size=${size}`, `fit=${fit}`, `layers=${layers.join('+') || 'output'}`, ...own].join(' ');
}

/** Two or three words that tell runs of a study apart. */
export function settingsText(settings: RunSettings): string {
  switch (settings.method) {
    case 'dino-ad': {
      const { support, k } = settings;
      return `K ${k} · ${support.kind === 'chosen' ? 'by hand' : `${support.kind} ${support.count}`}`;
    }
    case 'anomaly-dino-batched':
      return 'zero-shot';
    case 'ad-dinov3':
      return `${settings.className} · adapter ${settings.adapter.slice(0, 8)}`;
    case 'patchcore':
      return `${shotsText(settings)} · coreset ${settings.coreset}`;
    case 'anomaly-dino':
    case 'padim':
    case 'dino-dpmm':
      return shotsText(settings);
  }
}

const shotsText = ({ shots, seed }: { shots: number | null; seed: number }): string =>
  shots === null ? 'full-shot' : `${shots}-shot, seed ${seed}`;
