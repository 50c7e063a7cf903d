/** The folder of an imported model: made whole, or not at all. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Failure } from '#shared/errors.ts';
import type { ModelDescription, Precision } from '#shared/model-description.ts';
import { DESCRIPTION } from './catalogue.ts';

export const MODEL_FILE = 'model.onnx';

export interface ImportRequest {
  /** Folder with `config.json` and the weights, or a ready ONNX file. */
  readonly source: string;
  /** Folder to make. */
  readonly target: string;
  readonly name: string;
  readonly precision: Precision;
}

/**
 * Lets `work` fill the folder `target` and adds `description.json` and the licence texts that lay beside the weights. Nothing is
 * left behind on failure.
 */
export async function inModelFolder<Description>(
  { source, target }: ImportRequest,
  work: () => Promise<Description>,
): Promise<Description> {
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  try {
    const description = await work();
    await copyLicences(source, target);
    await writeFile(join(target, DESCRIPTION), `${JSON.stringify(description, null, 2)}\n`);
    return description;
  } catch (error) {
    await rm(target, { recursive: true, force: true });
    throw error;
  }
}

export async function describeFile(folder: string, name: string): Promise<ModelDescription['files'][number]> {
  const path = join(folder, name);
  return { name, sha256: await hashFile(path), bytes: (await stat(path)).size };
}

/** @throws Failure `unreadable` when the file is missing */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const piece of createReadStream(path, { highWaterMark: 1_048_576 }))
      hash.update(piece as Buffer);
  } catch (error) {
    throw new Failure('unreadable', `${path}: the file cannot be read.`, { cause: error });
  }
  return hash.digest('hex');
}

/** A converted model may only be passed on with its licence. Ready ONNX files lie in the folder of their licence, or below it. */
async function copyLicences(source: string, target: string): Promise<void> {
  const folders = (await stat(source)).isDirectory() ? [source] : [dirname(source), dirname(dirname(source))];
  for (const folder of folders) {
    const names = (await readdir(folder)).filter((name) => /^(licen[cs]e|notice)/i.test(name));
    for (const name of names) await copyFile(join(folder, name), join(target, name));
  }
}
