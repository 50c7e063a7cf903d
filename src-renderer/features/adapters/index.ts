export { default as PromptsDialog } from './PromptsDialog.vue';
export { adaptersQuery } from './queries.ts';
