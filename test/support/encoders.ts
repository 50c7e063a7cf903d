/** Tiny encoders with random weights, brought through the application's interface. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jobFinished, type PageClient } from './page-client.ts';
import { tinyDinov3, writeModelFolder, writeTinyClip } from './tiny-models.ts';

export const imageEncoder = 'tiny-vit';
export const textEncoder = 'tiny-clip';

export const temporaryModels = (): Promise<string> => mkdtemp(join(tmpdir(), 'nidus-models-'));

export async function imageWeights(): Promise<string> {
  return writeModelFolder(
    join(await temporaryModels(), 'dinov3-tiny'),
    tinyDinov3(1, { patch: 16, layers: 4 }),
  );
}

/** One model for images and one for text, unless they are there. */
export async function bringEncoders(client: PageClient): Promise<void> {
  const there = new Set((await client.models.list()).map(({ name }) => name));
  if (there.has(imageEncoder)) return;
  const text = join(await temporaryModels(), textEncoder);
  writeTinyClip(text, 2);
  for (const [path, name] of [
    [await imageWeights(), imageEncoder],
    [text, textEncoder],
  ] as const) {
    const { jobId } = await client.models.import({ path, name, acceptLicence: true });
    await jobFinished(client, jobId);
  }
}
