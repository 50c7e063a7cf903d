import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '#shared/errors.ts';
import { type ModelDescription, type ModelEntry, Precision } from '#shared/model-description.ts';
import { type CallContext, throwIfCancelled } from '../calls/context.ts';
import { type ConversionOptions, convertModel } from './convert/convert-model.ts';
import { readConfig } from './convert/model-folder.ts';
import { extractorOf } from './extractor.ts';
import { architectureOf } from './families/index.ts';
import { interpolationOf } from './families/interpolation.ts';
import type { LayerChoice } from './families/outputs.ts';
import { type ImportRequest, MODEL_FILE } from './model-files.ts';
import { deviationOf, type SelfCheck, selfCheck } from './self-check.ts';
import { openSession } from './session.ts';

/** Float32 features that differ more than this from themselves, computed another way, are wrong on this machine. */
const MAX_DEVIATION = 1e-3;
/** Weights up to this size are converted in every precision, so that a person can choose by what each costs. */
const COMPARED_BYTES = 1.6e9;

/** A description but for the files, which are hashed when all of them are there. */
export type Described = Omit<ModelDescription, 'files'> & { readonly fileNames: readonly string[] };

/**
 * Converts weights and runs the result on the calibration picture, beside the same weights in float32 with unfused attention and,
 * unless they are very large, beside every other precision.
 * @throws Failure as `importModel` does
 */
export async function convertAndTry(
  { source, target, name, precision }: ImportRequest,
  { signal, progress }: CallContext,
): Promise<Described> {
  const layers = await allLayers(source);
  const tell = (activity: string, from: number, to: number) => (share: number) =>
    progress({ activity, share: from + share * (to - from) });
  const convert = (file: string, options: ConversionOptions, onShare: (share: number) => void) =>
    convertModel(source, join(target, file), { ...options, signal, onShare });

  const converting = tell(`Converting ${name} to ${precision}`, 0, 0.3);
  const converted = await convert(MODEL_FILE, { precision, layers }, converting);
  const { family, patch, minimumSize, dimension, embeddingDimension, registers, depth, sha256 } = converted;
  const { mean, standardDeviation } = converted.normalisation;
  const entry: ModelEntry = {
    name,
    file: MODEL_FILE,
    sha256,
    patch,
    minimumSize,
    dimension,
    embeddingDimension,
    normalisation: { mean: [...mean], standardDeviation: [...standardDeviation] },
    interpolation: interpolationOf(family),
    layers: depth,
    precision,
  };
  const run = async (file: string): Promise<SelfCheck> => {
    throwIfCancelled(signal);
    const extractor = extractorOf(entry, await openSession(join(target, file)));
    try {
      return await selfCheck(extractor);
    } finally {
      await extractor.release();
    }
  };
  /** Features of the same weights, converted another way for this one look at them. */
  const featuresOf = async (options: ConversionOptions, onShare: (share: number) => void) => {
    const file = join('compared', MODEL_FILE);
    await convert(file, options, onShare);
    const { features } = await run(file);
    await rm(join(target, 'compared'), { recursive: true });
    return features;
  };

  const checked = await run(MODEL_FILE);
  const reference = await featuresOf(
    { attention: 'plain' },
    tell(`Trying ${name} against float32`, 0.3, 0.6),
  );
  const deviation = deviationOf(checked.features, reference);
  if (!Number.isFinite(deviation) || (precision === 'fp32' && deviation > MAX_DEVIATION)) {
    throw new Failure('unreadable', `${name} computes wrong features on this machine (off by ${deviation}).`);
  }
  const deviations: Partial<Record<Precision, number>> = { [precision]: deviation };
  const others =
    converted.weightBytes > COMPARED_BYTES ? [] : Precision.options.filter((one) => one !== precision);
  for (const [index, other] of others.entries()) {
    const comparing = tell(`Trying ${name} in ${other}`, 0.6 + 0.2 * index, 0.8 + 0.2 * index);
    const found = deviationOf(await featuresOf({ precision: other }, comparing), reference);
    if (Number.isFinite(found)) deviations[other] = found;
  }
  return {
    ...entry,
    family,
    registers,
    source: 'converted',
    fileNames: converted.files,
    deviations,
    milliseconds: checked.milliseconds,
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
