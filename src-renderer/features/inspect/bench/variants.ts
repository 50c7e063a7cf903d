/** Settings that differ in one thing, for a strip of small pictures. Pure. */
import type { ImageId } from '#shared/domain.ts';
import { featuresOf, withFeatures, type RunSettings } from '#shared/methods/index.ts';
import type { Match } from '#shared/results.ts';

export const benchKinds = ['k', 'layers', 'support'] as const;
export type BenchKind = (typeof benchKinds)[number];

export interface Variant {
  readonly label: string;
  readonly settings: RunSettings;
  /** It is what the study is looked at with. */
  readonly current: boolean;
}

const largestK = 8;
const mostSupports = 8;
const mostLayers = 12;

/** K = 1 .. 8; none for a method without clusters. */
function clusterVariants(settings: RunSettings): Variant[] {
  if (settings.method !== 'dino-ad') return [];
  return Array.from({ length: largestK }, (_, i) => ({
    label: `K ${i + 1}`,
    settings: { ...settings, k: i + 1 },
    current: settings.k === i + 1,
  }));
}

/** The model's own output, and its layers evenly spread where there are many. */
function layerVariants(settings: RunSettings, layers: number): Variant[] {
  const present = featuresOf(settings).layers;
  const count = Math.min(layers, mostLayers);
  const shown = Array.from({ length: count }, (_, i) => Math.round(((i + 1) * layers) / count));
  return [
    { label: 'Output', settings: withFeatures(settings, { layers: [] }), current: present.length === 0 },
    ...shown.map((layer) => ({
      label: `Layer ${layer}`,
      settings: withFeatures(settings, { layers: [layer] }),
      current: present.length === 1 && present[0] === layer,
    })),
  ];
}

/** Each of the most similar normal images alone. */
function supportVariants(
  settings: RunSettings,
  matches: readonly Match[],
  used: readonly ImageId[],
  nameOf: (id: ImageId) => string,
): Variant[] {
  if (settings.method !== 'dino-ad') return [];
  return matches.slice(0, mostSupports).map(({ imageId }) => ({
    label: nameOf(imageId),
    settings: { ...settings, support: { kind: 'chosen', images: [imageId] } },
    current: used.length === 1 && used[0] === imageId,
  }));
}

export function variantsOf(
  kind: BenchKind,
  settings: RunSettings,
  known: {
    /** Of the model. */
    readonly layers: number;
    readonly matches: readonly Match[];
    readonly used: readonly ImageId[];
    nameOf(id: ImageId): string;
  },
): Variant[] {
  switch (kind) {
    case 'k':
      return clusterVariants(settings);
    case 'layers':
      return layerVariants(settings, known.layers);
    case 'support':
      return supportVariants(settings, known.matches, known.used, known.nameOf);
  }
}
