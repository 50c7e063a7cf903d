/** What Report shares with Evaluate. */
export { default as NoRun } from './NoRun.vue';
export { default as RunPicker } from './RunPicker.vue';
export { useRunChoice } from './useRunChoice.ts';
