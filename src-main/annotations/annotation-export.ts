import { mkdir, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import type { Reader } from '#shared/annotation.ts';
import type { ImageId, StudyId } from '#shared/domain.ts';
import { Failure } from '#shared/errors.ts';
import type { Engine } from '#main/engine/engine.ts';
import type { Workspace } from '#main/workspace/workspace.ts';

/** What is said of an exported image beside its masks. */
const listName = 'annotations.json';

export function annotationExport(workspace: Workspace, engine: Engine) {
  const { annotations, images, studies } = workspace;

  /** One segment as a PNG of the image's size; undefined where nothing was ever drawn. */
  const segment = async (
    imageId: ImageId,
    reader: Reader,
    value: number,
  ): Promise<Uint8Array | undefined> => {
    const { width, height } = images.get(imageId).pixels;
    const labels = annotations.find(imageId, reader)?.labels;
    return labels
      ? engine.call('mask-picture', { labels, width, height, segment: value }, 'interactive')
      : undefined;
  };

  return {
    segment,
    /**
     * Writes what a reader drew on the images of a study: a PNG for each segment, and one list of segments, findings
     * and notes. Returns the names of the files.
     * @throws Failure('not-found') when the reader drew nothing
     */
    async study(studyId: StudyId, reader: Reader, folder: string): Promise<string[]> {
      const drawn = annotations.drawn(studyId, reader);
      if (drawn.length === 0)
        throw new Failure('not-found', `${reader} has drawn nothing in ${studies.get(studyId).name}.`);
      await mkdir(folder, { recursive: true });
      const files: string[] = [];
      const list = [];
      for (const imageId of drawn) {
        const { name, pixels } = images.get(imageId);
        const document = annotations.find(imageId, reader)!.document;
        const masks: { segment: string; file: string }[] = [];
        for (const { value, name: segmentName } of document.segments) {
          const png = await segment(imageId, reader, value);
          if (!png) continue;
          // The id keeps images of the same name in two folders apart.
          const file = `${basename(name, extname(name))}_${imageId}_${value}.png`;
          await writeFile(join(folder, file), png);
          masks.push({ segment: segmentName, file });
          files.push(file);
        }
        list.push({ image: name, width: pixels.width, height: pixels.height, reader, masks, ...document });
      }
      await writeFile(join(folder, listName), `${JSON.stringify(list, null, 2)}\n`);
      return [...files, listName];
    },
  };
}
