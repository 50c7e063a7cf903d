export { default as AdapterChoice } from './AdapterChoice.vue';
export { adaptersQuery } from './queries.ts';
