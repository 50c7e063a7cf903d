import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { convertTextModel } from '#engine/models/convert/convert-text-model.ts';
import { createTokenizer } from '#engine/models/text/byte-pairs.ts';
import { openTextSession, type TextSession } from '#engine/models/text/session.ts';
import { encodePrompts, encodeSentences } from '#engine/models/text/text-encoder.ts';
import { TEXT_OUTPUTS } from '#engine/models/families/clip-text/outputs.ts';
import { readVocabulary } from '#engine/models/text/vocabulary.ts';
import { promptsOf } from '#shared/prompts.ts';
import type { CaseInputs } from '../fixture.ts';
import type { Operations, Results } from '../operation.ts';

const texts = z.array(z.string());

async function tokenize(inputs: CaseInputs): Promise<Results> {
  const { vocabulary } = await readVocabulary(inputs.modelFolder());
  const tokenizer = createTokenizer(vocabulary);
  const length = inputs.number('context_length');
  const ids = inputs.value('texts', texts).map((text) => tokenizer.encode(text, length));
  const asResults = ids as unknown as Results['ids'];
  return {
    ids: asResults,
    ids_without_mojibake_repair: asResults,
    lengths: ids.map((row) => row.length),
  };
}

/** Converts a model as the application does, in a folder that goes with it. */
async function withModel<T>(
  folder: string,
  work: (session: TextSession, layers: number) => Promise<T>,
): Promise<T> {
  const temporary = await mkdtemp(join(tmpdir(), 'nidus-conformance-'));
  try {
    const path = join(temporary, 'model.onnx');
    const { layers } = await convertTextModel(folder, path);
    const session = await openTextSession(path);
    try {
      return await work(session, layers);
    } finally {
      await session.release();
    }
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function encode(inputs: CaseInputs): Promise<Results> {
  const { shape, data } = inputs.array('ids');
  const [rows = 0, length = 0] = shape;
  const ids = Array.from({ length: rows }, (_, row) =>
    Array.from(data.subarray(row * length, (row + 1) * length), Number),
  );
  return withModel(inputs.modelFolder('model'), async (session, layers) => {
    const states = Array.from({ length: layers + 1 }, (_, n) => TEXT_OUTPUTS.state(n));
    const { embedding, pooled, position, lastState } = TEXT_OUTPUTS;
    const outputs = await session.run(ids, [embedding, pooled, position, lastState, ...states]);
    const floats = (name: string) => outputs.get(name)!;
    return {
      text_embeds: floats(embedding),
      text_embeds_normalised: normalisedRows(floats(embedding), rows),
      pooled: floats(pooled),
      pooled_position: floats(position),
      last_hidden_state: floats(lastState),
      hidden_states: states.flatMap((name) => [...floats(name)]),
    };
  });
}

function normalisedRows(values: Float32Array, rows: number): number[] {
  const width = values.length / rows;
  return [...values].map((value, i) => {
    const row = Math.floor(i / width);
    return value / Math.hypot(...values.subarray(row * width, (row + 1) * width));
  });
}

async function ensemble(inputs: CaseInputs): Promise<Results> {
  const { vocabulary } = await readVocabulary(inputs.modelFolder());
  const tokenizer = createTokenizer(vocabulary);
  const prompts = promptsOf(inputs.value('class_name', z.string()), {
    normal: inputs.value('normal_states', texts),
    abnormal: inputs.value('abnormal_states', texts),
    templates: inputs.value('templates', texts),
  });
  return withModel(inputs.modelFolder('model'), async (session) => {
    const encoder = (sentences: readonly string[]) => encodeSentences(session, tokenizer, 77, sentences);
    return {
      embeddings: await encodePrompts(encoder, prompts),
      prompt_counts: [prompts.normal.length, prompts.abnormal.length],
      first_prompts: [prompts.normal.slice(0, 2), prompts.abnormal.slice(0, 2)] as unknown as Results['ids'],
    };
  });
}

export const clipTextOperations: Operations = {
  'clip-text.tokenize': tokenize,
  'clip-text.encode': encode,
  'clip-text.ensemble': ensemble,
};
