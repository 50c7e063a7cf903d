import { useQuery } from '@pinia/colada';
import type { StudyId } from '#shared/domain.ts';
import { imagesQuery } from '../../api/queries.ts';
import { useStudySettings } from '../inspect/index.ts';

/** The settings a study is looked at with: what a sweep starts from. */
export function useStudySettingsOf(studyId: StudyId) {
  const images = useQuery(imagesQuery(studyId));
  return useStudySettings(
    studyId,
    () => images.data.value ?? [],
    () => null,
  ).settings;
}
