import { mkdirSync } from 'node:fs';
import type { EngineCall, EngineCalls, FromEngine, ToEngine } from '#shared/engine-protocol.ts';
import { Failure, toFailure, traceOf } from '#shared/errors.ts';
import type { CallContext } from './calls/context.ts';
import { inspectAdapter, previewPrompts, trainAdapter } from './calls/adapters.ts';
import { inspectSeries, unpack } from './calls/inspect-series.ts';
import { agreement } from './calls/agreement.ts';
import { drawColourBar, drawPanels } from './calls/draw-panels.ts';
import { doctorHandlers } from './calls/doctor/index.ts';
import {
  addScores,
  bootstrap,
  compare,
  dropScores,
  evaluate,
  figures,
  froc,
  measure,
} from './calls/evaluate.ts';
import { calibrate, drawFeatures, explain } from './calls/explain.ts';
import { extractFeatures } from './calls/extract-features.ts';
import { ingest } from './calls/ingest.ts';
import { maskPicture } from './calls/mask-picture.ts';
import { checkModel, closeModel, importModel, listDevices, tryDevice, useDevice } from './calls/models.ts';
import { readArray } from './calls/read-array.ts';
import { readPixelBytes } from './calls/read-pixels.ts';
import {
  cancelFit,
  definePool,
  fit,
  fitProgress,
  prepare,
  score,
  scoreBroughtFeatures,
  scoreFeatures,
} from './calls/score.ts';
import { match } from './calls/support.ts';
import { openEngine, type EngineState } from './state.ts';
import { onBehalfOf } from './turns.ts';

type Handlers = {
  readonly [C in Exclude<EngineCall, 'open'>]: (
    state: EngineState,
    request: EngineCalls[C]['request'],
    context: CallContext,
  ) => Promise<EngineCalls[C]['reply']> | EngineCalls[C]['reply'];
};

const handlers: Handlers = {
  ingest,
  'read-pixels': readPixelBytes,
  'inspect-series': inspectSeries,
  unpack,
  'define-pool': definePool,
  prepare,
  match,
  fit,
  'fit-progress': fitProgress,
  'cancel-fit': cancelFit,
  score,
  figures,
  'add-scores': addScores,
  'drop-scores': dropScores,
  explain,
  'draw-features': drawFeatures,
  calibrate,
  evaluate,
  froc,
  bootstrap,
  compare,
  'import-model': importModel,
  'check-model': checkModel,
  'list-devices': listDevices,
  'try-device': tryDevice,
  'use-device': useDevice,
  'close-model': closeModel,
  'preview-prompts': previewPrompts,
  'train-adapter': trainAdapter,
  'inspect-adapter': inspectAdapter,
  'read-array': readArray,
  'extract-features': extractFeatures,
  'score-features': scoreFeatures,
  'score-brought': scoreBroughtFeatures,
  measure,
  agreement,
  'mask-picture': maskPicture,
  'draw-panels': drawPanels,
  'draw-colour-bar': drawColourBar,
  ...doctorHandlers,
};

/** Milliseconds between two messages about one call. */
const progressInterval = 100;

function sparingly(tell: CallContext['progress']): CallContext['progress'] {
  let last = -Infinity;
  return (progress) => {
    const now = performance.now();
    if (now - last < progressInterval) return;
    last = now;
    tell(progress);
  };
}

/**
 * Answers each request with one reply of the same id; a failure is a reply too.
 * @param inputWorker entry of the threads that make inputs
 */
export function createEngineServer(send: (message: FromEngine) => void, inputWorker: URL) {
  let state: EngineState | undefined;
  const running = new Map<number, AbortController>();

  const answer = async <C extends EngineCall>(
    call: C,
    request: EngineCalls[C]['request'],
    context: CallContext,
  ): Promise<unknown> => {
    if (call === 'open') {
      const options = request as EngineCalls['open']['request'];
      for (const folder of [options.blobs, options.thumbnails, options.features, options.states])
        mkdirSync(folder, { recursive: true });
      state = openEngine(options, inputWorker);
      return undefined;
    }
    if (!state) throw new Failure('bug', 'The engine was asked before it was opened.');
    const handler = handlers[call as keyof Handlers] as (
      state: EngineState,
      request: unknown,
      context: CallContext,
    ) => unknown;
    return handler(state, request, context);
  };

  return {
    receive(message: ToEngine): void {
      if ('ask' in message) return send({ alive: true });
      if ('cancel' in message) return running.get(message.cancel)?.abort();
      const { id, call, request, urgency } = message;
      const controller = new AbortController();
      running.set(id, controller);
      const context: CallContext = {
        signal: controller.signal,
        progress: sparingly((progress) => send({ id, progress })),
      };
      const answered = onBehalfOf({ urgency, signal: controller.signal }, () =>
        answer(call, request, context),
      ).finally(() => running.delete(id));
      answered.then(
        (reply) => send({ id, ok: true, reply }),
        (error: unknown) => {
          const { kind, message } = toFailure(error);
          if (kind === 'bug') console.error(traceOf(error));
          send({ id, ok: false, kind, message });
        },
      );
    },
  };
}
