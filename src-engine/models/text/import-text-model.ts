import { copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '#shared/errors.ts';
import { promptLists, promptsOf, unknownClass } from '#shared/prompts.ts';
import type { TextModelDescription } from '#shared/text-model.ts';
import { type CallContext, throwIfCancelled } from '../../calls/context.ts';
import { convertTextModel } from '../convert/convert-text-model.ts';
import { describeFile, inModelFolder, MODEL_FILE, type ImportRequest } from '../model-files.ts';
import { createTokenizer, type Tokenizer } from './byte-pairs.ts';
import { openTextSession } from './session.ts';
import { encodeSentences } from './text-encoder.ts';
import { readVocabulary } from './vocabulary.ts';

/** Vectors that differ more than this from themselves, computed another way, are wrong on this machine. */
const MAX_DEVIATION = 1e-3;

/** Sentences an import is tried on. */
const trial = promptsOf(unknownClass, promptLists.industrial).abnormal.slice(0, 24);

/**
 * Converts a text encoder into the folder `target`, with its vocabulary, and tries it.
 * @throws Failure with one sentence that names the file and the reason
 */
export const importTextModel = (
  request: ImportRequest,
  context: CallContext,
): Promise<TextModelDescription> => inModelFolder(request, () => convertAndTry(request, context));

async function convertAndTry(
  { source, target, name, precision }: ImportRequest,
  { signal, progress }: CallContext,
): Promise<TextModelDescription> {
  const step = (activity: string, share: number): void => {
    throwIfCancelled(signal);
    progress({ activity, share });
  };
  if (precision !== 'fp32') {
    throw new Failure('invalid', `${name} is a text encoder: it runs once a class and is kept in float32.`);
  }
  const { vocabulary, files: vocabularyFiles } = await readVocabulary(source);
  const tokenizer = createTokenizer(vocabulary);
  const path = join(target, MODEL_FILE);
  step(`Converting ${name}`, 0);
  const converted = await convertTextModel(source, path);
  const { family, dimension, contextLength, vocabularySize, layers, sha256 } = converted;
  if (tokenizer.size > vocabularySize) {
    throw new Failure(
      'unreadable',
      `${vocabularyFiles[0]} has ids up to ${tokenizer.size - 1}, but the weights know ${vocabularySize} tokens: they do not belong together.`,
    );
  }
  step(`Trying ${name}`, 0.5);
  const began = performance.now();
  const vectors = await tryModel(path, tokenizer, contextLength);
  const milliseconds = (performance.now() - began) / trial.length;
  const reference = join(target, 'reference', MODEL_FILE);
  step(`Trying ${name} computed another way`, 0.7);
  await convertTextModel(source, reference, 'plain');
  const deviation = deviationOf(vectors, await tryModel(reference, tokenizer, contextLength));
  await rm(join(target, 'reference'), { recursive: true });
  if (!(deviation <= MAX_DEVIATION)) {
    throw new Failure('unreadable', `${name} computes wrong vectors on this machine (off by ${deviation}).`);
  }
  for (const file of vocabularyFiles) await copyFile(join(source, file), join(target, file));
  const files = await Promise.all(
    [...converted.files, ...vocabularyFiles].map((file) => describeFile(target, file)),
  );
  return {
    kind: 'text',
    name,
    file: MODEL_FILE,
    sha256,
    family,
    dimension,
    contextLength,
    layers,
    files,
    deviation,
    milliseconds,
  };
}

async function tryModel(path: string, tokenizer: Tokenizer, contextLength: number): Promise<Float32Array[]> {
  const session = await openTextSession(path);
  try {
    return await encodeSentences(session, tokenizer, contextLength, trial);
  } finally {
    await session.release();
  }
}

function deviationOf(vectors: readonly Float32Array[], reference: readonly Float32Array[]): number {
  let squares = 0;
  let referenceSquares = 0;
  for (const [row, vector] of reference.entries()) {
    for (const [i, value] of vector.entries()) {
      squares += (vectors[row]![i]! - value) ** 2;
      referenceSquares += value ** 2;
    }
  }
  return Math.sqrt(squares / referenceSquares);
}
