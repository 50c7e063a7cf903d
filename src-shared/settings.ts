/** What a run does: method, model and every parameter. Stored with the run, shown in the report. */
import { dinoAd, type DinoAdSettings } from './methods/dino-ad.ts';

export { DinoAdSettings, maximumK, SupportChoice } from './methods/dino-ad.ts';
export { ForegroundChoice } from './methods/common.ts';
export { RunSettings } from './methods/index.ts';

/** What a study is looked at with before anybody changes anything. */
export const defaultSettings: DinoAdSettings = dinoAd.defaults;
