import { join } from 'node:path';
import type { Device } from '#shared/domain.ts';
import { Failure } from '#shared/errors.ts';
import type { AdDinov3Settings } from '#shared/methods/ad-dinov3.ts';
import { promptsOf } from '#shared/prompts.ts';
import { LeastRecentlyUsed } from '../features/lru.ts';
import { adaptText } from '../methods/ad-dinov3/index.ts';
import type { TextEncoders } from '../models/text/text-encoders.ts';
import { type LoadedAdapter, readAdapter, shapeOf } from './adapter-file.ts';
import { openScoringSession, type ScoringSession } from './level-sessions.ts';

/** An adapter with the text vectors of one class. */
export interface ReadyAdapter {
  readonly adapter: LoadedAdapter;
  readonly session: ScoringSession;
  /** 1 x 2 x dimension: adapted, unit vectors. */
  readonly text: Float32Array;
}

/** Adapters kept: a comparison looks at two. */
const REMEMBERED = 4;

/** Adapters of the workspace, read and their prompts encoded once. */
export function openReadyAdapters(folder: string | null, encoders: TextEncoders, device: Device) {
  const ready = new LeastRecentlyUsed<string, Promise<ReadyAdapter>>(REMEMBERED, () => 1);

  const open = async (settings: AdDinov3Settings): Promise<ReadyAdapter> => {
    if (folder === null) throw new Failure('invalid', 'Adapters need a workspace.');
    const adapter = await readAdapter(join(folder, `${settings.adapter}.nidus-adapter`));
    const { description, weights } = adapter;
    const encoder = await encoders.get(settings.text);
    if (encoder.description.sha256 !== description.text.sha256) {
      throw new Failure(
        'invalid',
        `The adapter was trained with ${description.text.name}, not with this ${settings.text}.`,
      );
    }
    const list = settings.prompts ?? description.classes[0]!.list;
    const vectors = await encoder.encode(promptsOf(settings.className, list));
    const shape = shapeOf(description);
    const { unit } = adaptText(vectors, shape.text, weights.text, description.forward);
    const side = Math.floor(settings.size / description.image.patch);
    const size = { ...shape, rows: side, columns: side };
    return { adapter, session: await openScoringSession(size, description.forward, device), text: unit };
  };

  return {
    get(settings: AdDinov3Settings): Promise<ReadyAdapter> {
      const { adapter, text, className, prompts, size } = settings;
      const key = JSON.stringify({ adapter, text, className, prompts, size });
      const present = ready.get(key);
      if (present) return present;
      const opening = open(settings);
      ready.set(key, opening);
      opening.catch(() => ready.delete(key));
      return opening;
    },
  };
}

export type ReadyAdapters = ReturnType<typeof openReadyAdapters>;
