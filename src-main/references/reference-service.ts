import type { ImageId, ReferenceSetId, StudyId } from '#shared/domain.ts';
import { Failure } from '#shared/errors.ts';
import { type NamedImage, type ReferenceSet, type ReferenceSetDiff, setTitle } from '#shared/references.ts';
import type { Workspace } from '#main/workspace/workspace.ts';

/** Frozen reference sets: named, compared, removed. */
export function referenceService(workspace: Workspace, changed: (study: StudyId) => void) {
  const { images, referenceSets, studies } = workspace;

  const named = (id: ImageId): NamedImage => ({ id, name: images.get(id).name });

  const list = (study: StudyId): ReferenceSet[] => {
    studies.get(study);
    return referenceSets.ofStudy(study);
  };

  return {
    list,
    /** @throws Failure('invalid') without normals, or when name and images already belong to different versions */
    freeze(study: StudyId, name: string): ReferenceSet {
      studies.get(study);
      const normals = images.ofRole(study, 'normal');
      if (normals.length === 0) throw new Failure('invalid', 'This study has no normal images to freeze.');
      const id = workspace.change('freeze reference set', { study, name, images: normals.length }, () => {
        const set = referenceSets.freeze(study, normals);
        if (set.name === name) return set.id;
        if (set.name !== null) {
          throw new Failure(
            'invalid',
            `These ${normals.length} images are frozen already, as ${setTitle(set)}.`,
          );
        }
        const other = referenceSets.findByName(study, name);
        if (other) throw new Failure('invalid', `"${name}" is already the name of version ${other.version}.`);
        referenceSets.setName(set.id, name);
        return set.id;
      });
      changed(study);
      const frozen = list(study).find((set) => set.id === id);
      if (!frozen) throw new Error('a set that was just frozen is missing');
      return frozen;
    },
    /** @throws Failure('invalid') when a run took it */
    remove(id: ReferenceSetId): void {
      const { studyId, version } = referenceSets.get(id);
      const runs = referenceSets.ofStudy(studyId).find((set) => set.id === id)?.runs ?? [];
      if (runs.length > 0) {
        const those = runs.length === 1 ? `Run ${runs[0]} was` : `Runs ${runs.join(', ')} were`;
        throw new Failure('invalid', `${those} made with version ${version}, so it has to stay.`);
      }
      workspace.change('remove reference set', { study: studyId, version }, () => referenceSets.remove(id));
      changed(studyId);
    },
    /** `to` null: the normal images of this moment. */
    diff(from: ReferenceSetId, to: ReferenceSetId | null): ReferenceSetDiff {
      const first = referenceSets.get(from);
      const second = to === null ? null : referenceSets.get(to);
      if (second !== null && second.studyId !== first.studyId)
        throw new Failure('invalid', 'The two reference sets belong to different studies.');
      const before = new Set(first.images);
      const after = new Set(
        second === null ? images.ofRole(first.studyId, 'normal').map(({ id }) => id) : second.images,
      );
      return {
        added: [...after].filter((id) => !before.has(id)).map(named),
        removed: [...before].filter((id) => !after.has(id)).map(named),
        common: [...after].filter((id) => before.has(id)).length,
      };
    },
    /** A set by version number or name. @throws Failure('not-found') with those there are */
    find(study: StudyId, text: string): ReferenceSet {
      const sets = list(study);
      const found =
        sets.find(({ name }) => name === text) ?? sets.find(({ version }) => String(version) === text);
      if (found) return found;
      const known = sets.length === 0 ? 'None is frozen yet.' : `There are ${sets.map(setTitle).join('; ')}.`;
      throw new Failure('not-found', `This study has no reference set "${text}". ${known}`);
    },
  };
}

export type ReferenceService = ReturnType<typeof referenceService>;
