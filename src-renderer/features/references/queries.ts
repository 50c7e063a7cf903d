import { defineQueryOptions } from '@pinia/colada';
import type { StudyId } from '#shared/domain.ts';
import { client } from '../../api/client.ts';
import { keys } from '../../api/queries.ts';

export const referenceSetsQuery = defineQueryOptions((studyId: StudyId) => ({
  key: [...keys.study(studyId), 'reference-sets'],
  query: () => client.references.list({ studyId }),
}));

export const doctorReportQuery = defineQueryOptions((studyId: StudyId) => ({
  key: [...keys.study(studyId), 'doctor'],
  query: () => client.references.report({ studyId }),
}));
