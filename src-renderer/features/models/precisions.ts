import type { Precision } from '#shared/model-description.ts';

export const precisionOptions: readonly { value: Precision; label: string; title: string }[] = [
  { value: 'fp32', label: 'Exact', title: 'float32' },
  { value: 'fp16', label: 'Half', title: 'float16: half the size, for graphics cards' },
  { value: 'int8', label: 'Fast', title: 'int8 weights: about twice as fast on a processor, less exact' },
];

export const precisionNames: Readonly<Record<Precision, string>> = {
  fp32: 'float32',
  fp16: 'float16',
  int8: 'int8',
};
