import { routes } from '#shared/routes.ts';
import type { PickedFile } from './collect.ts';

const parallel = 4;

/**
 * Sends files to the machine Nidus runs on and answers the folder they lie in there.
 * @param report called with the number of files and bytes that have arrived
 * @throws when a file is refused (its name and the reason), or the signal aborts
 */
export async function upload(
  files: readonly PickedFile[],
  report: (arrived: { files: number; bytes: number }) => void,
  signal: AbortSignal,
): Promise<string> {
  const batch = crypto.randomUUID();
  const queue = [...files];
  const arrived = { files: 0, bytes: 0 };
  let folder: string | undefined;

  async function send(): Promise<void> {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      signal.throwIfAborted();
      const response = await fetch(routes.upload(batch, next.path), {
        method: 'PUT',
        body: next.file,
        signal,
      });
      if (!response.ok) throw new Error(`${next.path} could not be sent: ${(await response.text()).trim()}`);
      const answer = (await response.json()) as { folder: string };
      folder = answer.folder;
      arrived.files += 1;
      arrived.bytes += next.file.size;
      report({ ...arrived });
    }
  }

  await Promise.all(Array.from({ length: parallel }, send));
  if (folder === undefined) throw new Error('There are no files in what was dropped.');
  return folder;
}
