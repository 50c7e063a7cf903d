import type { ImageId, Label, Role, Study, StudyId } from '#shared/domain.ts';
import { Failure } from '#shared/errors.ts';
import type { Workspace } from '#main/workspace/workspace.ts';

export function studyService(workspace: Workspace, changed: (study: StudyId) => void) {
  const { studies, images, evaluations, jobs } = workspace;

  const studiesOf = (ids: readonly ImageId[]): Set<StudyId> =>
    new Set(ids.map((id) => images.get(id).studyId));

  /** One change over several images, told once a study. */
  const changeImages = (
    action: string,
    ids: readonly ImageId[],
    detail: object,
    work: (id: ImageId) => void,
  ) => {
    const touched = studiesOf(ids);
    workspace.change(action, { images: ids, ...detail }, () => ids.forEach(work));
    touched.forEach(changed);
  };

  return {
    create(name: string): Study {
      const id = workspace.change('create study', {}, () => studies.create(name));
      changed(id);
      return studies.get(id);
    },
    rename(id: StudyId, name: string): Study {
      workspace.change('rename study', { study: id }, () => studies.rename(id, name));
      changed(id);
      return studies.get(id);
    },
    remove(id: StudyId): void {
      studies.get(id);
      const busy = jobs
        .list()
        .some((job) => job.studyId === id && (job.state === 'running' || job.state === 'queued'));
      if (busy) throw new Failure('invalid', 'This study has an unfinished job. Cancel it first.');
      workspace.change('remove study', { study: id }, () => studies.remove(id));
      changed(id);
    },
    setRole: (ids: readonly ImageId[], role: Role): void =>
      changeImages('set role', ids, { role }, (id) => images.setRole(id, role)),
    setLabel: (ids: readonly ImageId[], label: Label): void =>
      changeImages('set label', ids, { label }, (id) => {
        images.setLabel(id, label);
        // Figures depend on labels.
        evaluations.forgetStudy(images.get(id).studyId);
      }),
    removeImages: (ids: readonly ImageId[]): void =>
      changeImages('remove images', ids, {}, (id) => images.remove(id)),
  };
}

export type StudyService = ReturnType<typeof studyService>;
