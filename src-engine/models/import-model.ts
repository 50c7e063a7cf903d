import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '#shared/errors.ts';
import type { Interpolation, ModelDescription, Precision } from '#shared/model-description.ts';
import { DESCRIPTION } from './catalogue.ts';
import { convertModel } from './convert/convert-model.ts';
import { type Extractor, extractorOf } from './extractors.ts';
import { readConfig } from './convert/model-folder.ts';
import { architectureOf } from './families/index.ts';
import type { LayerChoice } from './families/outputs.ts';
import { deviationOf, type SelfCheck, selfCheck } from './self-check.ts';
import { openSession } from './session.ts';

const FILE = 'model.onnx';
/** Float32 features that differ more than this from themselves, computed another way, are wrong on this machine. */
const MAX_DEVIATION = 1e-3;

export interface ImportRequest {
  /** Folder with `config.json` and the weights. */
  readonly source: string;
  /** Folder to make. */
  readonly target: string;
  readonly name: string;
  readonly precision: Precision;
}

/**
 * Converts weights into a folder of their own and tries the result: `model.onnx`, its data, `description.json` and the
 * licence texts that lay beside the weights. Nothing is left behind on failure.
 * @throws Failure `not-found` or `unreadable` with one sentence that names the file and the tensor or field.
 */
export async function importModel(request: ImportRequest): Promise<ModelDescription> {
  const { source, target } = request;
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  try {
    const description = await convertAndCheck(request);
    await copyLicences(source, target);
    await writeFile(join(target, DESCRIPTION), `${JSON.stringify(description, null, 2)}\n`);
    return description;
  } catch (error) {
    await rm(target, { recursive: true, force: true });
    throw error;
  }
}

async function convertAndCheck({
  source,
  target,
  name,
  precision,
}: ImportRequest): Promise<ModelDescription> {
  const layers = await allLayers(source);
  const outFile = join(target, FILE);
  const converted = await convertModel(source, outFile, { precision, layers });
  const { family, patch, minimumSize, dimension, embeddingDimension, registers, depth, sha256 } = converted;
  const { normalisation } = converted;
  const entry = {
    name,
    file: FILE,
    sha256,
    patch,
    minimumSize,
    dimension,
    embeddingDimension,
    normalisation: {
      mean: [...normalisation.mean] as [number, number, number],
      standardDeviation: [...normalisation.standardDeviation] as [number, number, number],
    },
    interpolation: interpolationOf(family),
    layers: depth,
  };
  const run = async (path: string): Promise<SelfCheck> => {
    const extractor: Extractor = extractorOf(entry, await openSession(path));
    try {
      return await selfCheck(extractor);
    } finally {
      await extractor.release();
    }
  };
  const checked = await run(outFile);
  const reference = join(target, 'reference', FILE);
  await convertModel(source, reference, { attention: 'plain' });
  const deviation = deviationOf(checked.features, (await run(reference)).features);
  await rm(join(target, 'reference'), { recursive: true });
  if (!Number.isFinite(deviation) || (precision === 'fp32' && deviation > MAX_DEVIATION)) {
    throw new Failure('unreadable', `${name} computes wrong features on this machine (off by ${deviation}).`);
  }
  const files = await Promise.all(converted.files.map((file) => describeFile(target, file)));
  const { milliseconds } = checked;
  return {
    ...entry,
    family,
    registers,
    precision,
    files,
    deviation,
    milliseconds,
  };
}

/** Every layer with and without the final norm: onnxruntime computes what is asked for, and the norms cost nothing measurable. */
async function allLayers(source: string): Promise<readonly LayerChoice[]> {
  const { depth } = architectureOf(await readConfig(source));
  return Array.from({ length: depth }, (_, index) => [
    { index, normed: true },
    { index, normed: false },
  ]).flat();
}

/** As the published preprocessing of each family resizes. */
const interpolationOf = (family: string): Interpolation =>
  family.startsWith('dinov2') ? 'bicubic' : 'bilinear';

async function describeFile(folder: string, name: string): Promise<ModelDescription['files'][number]> {
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

/** A converted model may only be passed on with its licence. */
async function copyLicences(source: string, target: string): Promise<void> {
  const names = (await readdir(source)).filter((name) => /^(licen[cs]e|notice)/i.test(name));
  for (const name of names) await copyFile(join(source, name), join(target, name));
}
