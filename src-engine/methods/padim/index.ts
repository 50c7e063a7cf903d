export { drawChannels, PadimFit, scorePadim } from './padim.ts';
export type { PadimModel } from './padim.ts';
