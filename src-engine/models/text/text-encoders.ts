import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import type { Prompts } from '#shared/prompts.ts';
import type { TextModelDescription } from '#shared/text-model.ts';
import type { EmbeddingLog } from '../../features/embedding-log.ts';
import { LeastRecentlyUsed } from '../../features/lru.ts';
import { findTextModel, type ModelFolders } from '../catalogue.ts';
import { createTokenizer } from './byte-pairs.ts';
import { openTextSession, type TextSession } from './session.ts';
import { encodePrompts, encodeSentences } from './text-encoder.ts';
import { readVocabulary } from './vocabulary.ts';

/** Classes whose vectors are kept in memory. */
const REMEMBERED = 256;

export interface TextEncoder {
  readonly description: TextModelDescription;
  /** Ids of a sentence, start and end included. */
  tokens(sentence: string): readonly number[];
  /** Two text vectors of a class [2 x dimension], normal then abnormal; computed once in a workspace for the same prompts. */
  encode(prompts: Prompts): Promise<Float32Array>;
  release(): Promise<void>;
}

export interface TextEncoders {
  /** @throws Failure `not-found` for a name that is no text encoder, `unreadable` when it cannot be loaded */
  get(name: string): Promise<TextEncoder>;
  /** Lets go of a text encoder, so that its files can be removed. */
  close(name: string): Promise<void>;
}

/**
 * Text encoders of the workspace, loaded at their first use. They run on the CPU: a class takes seconds once.
 * @param vectors keeps what was encoded beyond the life of this engine
 */
export function openTextEncoders(folders: ModelFolders, vectors: EmbeddingLog): TextEncoders {
  const opened = new Map<string, Promise<TextEncoder>>();
  return {
    get(name) {
      const present = opened.get(name);
      if (present) return present;
      const opening = open(folders, name, vectors);
      opened.set(name, opening);
      opening.catch(() => opened.delete(name));
      return opening;
    },
    async close(name) {
      const present = opened.get(name);
      opened.delete(name);
      await (await present)?.release();
    },
  };
}

async function open(folders: ModelFolders, name: string, vectors: EmbeddingLog): Promise<TextEncoder> {
  const { entry: description, path } = await findTextModel(folders, name);
  const { vocabulary } = await readVocabulary(dirname(path));
  const tokenizer = createTokenizer(vocabulary);
  const session: TextSession = await openTextSession(path);
  const remembered = new LeastRecentlyUsed<string, Promise<Float32Array>>(REMEMBERED, () => 1);
  const encode = (sentences: readonly string[]) =>
    encodeSentences(session, tokenizer, description.contextLength, sentences);
  // Weights and vocabulary decide the vectors, whatever the encoder is called.
  const kind = `text ${description.files.map(({ sha256 }) => sha256).join(' ')}`;
  const encodeOnce = async (key: string, prompts: Prompts): Promise<Float32Array> => {
    const stored = await vectors.get(kind, 2 * description.dimension, key);
    if (stored) return stored;
    const encoded = await encodePrompts(encode, prompts);
    await vectors.put(kind, key, encoded);
    return encoded;
  };
  return {
    description,
    tokens: (sentence) => tokenizer.encode(sentence, description.contextLength),
    encode(prompts) {
      const key = createHash('sha256').update(JSON.stringify(prompts)).digest('hex');
      const present = remembered.get(key);
      if (present) return present;
      const encoding = encodeOnce(key, prompts);
      remembered.set(key, encoding);
      encoding.catch(() => remembered.delete(key));
      return encoding;
    },
    release: session.release,
  };
}
