import type { RunSettings } from '#shared/settings.ts';

/** Every parameter of a run in words, for people who must be able to repeat it. */
export function describeSettings(settings: RunSettings): [string, string][] {
  const { support, foreground } = settings;
  const supportText = {
    matched: () =>
      `${'count' in support ? support.count : 1} most similar normal image(s), by cosine similarity of embeddings`,
    random: () => `${'count' in support ? support.count : 1} normal image(s) drawn at random`,
    chosen: () => `${'images' in support ? support.images.length : 0} image(s) chosen by hand`,
  }[support.kind]();
  return [
    ['Method', 'DINO-AD (training-free: K-means on the support foreground, mean cosine similarity)'],
    ['K', String(settings.k)],
    ['Support', supportText],
    ['Layer', settings.layer === null ? "the model's own output" : String(settings.layer)],
    ['Image size', `${settings.size} x ${settings.size} pixels`],
    [
      'Foreground',
      foreground.rule === 'all'
        ? 'every patch'
        : `pixel values other than 0, closed with ${foreground.closing} x ${foreground.closing}`,
    ],
    ['Query background', settings.maskQueryBackground ? 'left out (score 0)' : 'scored like the rest'],
    ['Seed', String(settings.seed)],
  ];
}
