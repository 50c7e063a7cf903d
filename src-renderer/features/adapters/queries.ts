import { defineQueryOptions } from '@pinia/colada';
import { client } from '../../api/client.ts';
import { keys } from '../../api/queries.ts';

export const adaptersQuery = defineQueryOptions({
  key: [...keys.adapters, 'list'],
  query: () => client.adapters.list(),
});

export const trainingsQuery = defineQueryOptions({
  key: [...keys.adapters, 'trainings'],
  query: () => client.adapters.trainings(),
});

export const textModelsQuery = defineQueryOptions({
  key: [...keys.models, 'text'],
  query: () => client.models.listText(),
});
