import type { StudyId } from '#shared/domain.ts';
import { PromptList, type StudyPrompts } from '#shared/prompts.ts';
import type { Connection } from '../database.ts';

/** What the images of studies show, in words; undefined where nobody said. */
export function studyPromptsRepository(db: Connection) {
  const one = db.prepare<[StudyId], { class_name: string; list: string }>(
    'SELECT class_name, list FROM study_prompts WHERE study_id = ?',
  );
  const put = db.prepare('INSERT OR REPLACE INTO study_prompts VALUES (?, ?, ?)');
  return {
    find(study: StudyId): StudyPrompts | undefined {
      const row = one.get(study);
      return row && { className: row.class_name, list: PromptList.parse(JSON.parse(row.list)) };
    },
    set: (study: StudyId, { className, list }: StudyPrompts): void =>
      void put.run(study, className, JSON.stringify(list)),
  };
}
