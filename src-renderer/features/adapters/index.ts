export { default as AdapterChoice } from './AdapterChoice.vue';
export { default as PromptsDialog } from './PromptsDialog.vue';
export { adaptersQuery } from './queries.ts';
