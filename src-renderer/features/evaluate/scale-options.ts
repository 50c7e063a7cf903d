import { scaleNames } from '../inspect/index.ts';

export const scaleOptions = [
  { value: 'minmax', label: 'Paper min-max', title: scaleNames.minmax.explanation },
  { value: 'raw', label: 'Raw', title: scaleNames.raw.explanation },
] as const;

/** Images the pixel figures are pooled over. */
export const scopeOptions = [
  {
    value: 'abnormal',
    label: 'Abnormal only',
    title: 'Pixel figures over abnormal images, as in the DINO-AD paper',
  },
  { value: 'all', label: 'All images', title: 'Pixel figures over every image with known ground truth' },
] as const;
