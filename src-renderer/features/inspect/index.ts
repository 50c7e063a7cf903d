/** What Evaluate and Report share with Inspect. */
export { default as LabelShape } from './LabelShape.vue';
export { default as MethodParameters } from './panel/MethodParameters.vue';
export { fetchGrid, tinyPicture } from './queue/tiny-maps.ts';
export { count, digitsFor, score, similarity } from './format.ts';
export { latestScored } from './model/runs.ts';
export { evaluationQuery } from './queries.ts';
export { scaleNames } from './scales.ts';
export { useMethodChoice } from './session/useMethodChoice.ts';
export { useRunStart } from './session/useRunStart.ts';
export { useStudySettings } from './session/useStudySettings.ts';
