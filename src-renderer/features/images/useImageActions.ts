import { useQueryCache } from '@pinia/colada';
import type { Role, StudyId, StudyImage } from '#shared/domain.ts';
import { client } from '../../api/client.ts';
import { imagesQuery, keys } from '../../api/queries.ts';
import { useConfirm } from '../../stores/confirm.ts';
import { countText } from '../../text/format.ts';

export interface ImageActions {
  setRole(images: readonly StudyImage[], role: Role): Promise<void>;
  /** Asks first. */
  remove(images: readonly StudyImage[]): Promise<void>;
}

/** What can be done to images of a study. Roles change on the screen at once and go back if that is refused. */
export function useImageActions(studyId: () => StudyId): ImageActions {
  const cache = useQueryCache();
  const confirm = useConfirm();

  async function setRole(images: readonly StudyImage[], role: Role): Promise<void> {
    const changing = images.filter((image) => image.role !== role);
    if (changing.length === 0) return;
    const ids = changing.map((image) => image.id);
    const key = imagesQuery(studyId()).key;
    const before = cache.getQueryData(key);
    if (before !== undefined) {
      const touched = new Set(ids);
      cache.setQueryData(
        key,
        before.map((image) => (touched.has(image.id) ? { ...image, role } : image)),
      );
    }
    try {
      await client.images.setRole({ ids, role });
    } catch (error) {
      if (before !== undefined) cache.setQueryData(key, before);
      throw error;
    } finally {
      void cache.invalidateQueries({ key: [...keys.study(studyId())] });
    }
  }

  async function remove(images: readonly StudyImage[]): Promise<void> {
    const what = countText(images.length, 'image');
    const yes = await confirm.ask({
      title: `Remove ${what}?`,
      text: 'Pixels, masks and scores leave this study. The files they came from stay where they are.',
      action: `Remove ${what}`,
      dangerous: true,
    });
    if (!yes) return;
    await client.images.remove({ ids: images.map((image) => image.id) });
    await cache.invalidateQueries({ key: [...keys.study(studyId())] });
  }

  return { setRole, remove };
}
