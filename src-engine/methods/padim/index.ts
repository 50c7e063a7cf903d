export { fitPadim, scorePadim } from './padim.ts';
export type { FeatureMaps, PadimModel } from './padim.ts';
