import type { EngineCalls } from '#shared/engine-protocol.ts';
import { Failure } from '#shared/errors.ts';
import { promptLists, promptsOf, unknownClass } from '#shared/prompts.ts';
import { findAnyModel, findModel, isText } from '../models/catalogue.ts';
import { isTextEncoder } from '../models/convert/convert-text-model.ts';
import { knownDevices, tryDevice as tryOnDevice } from '../models/devices.ts';
import { importModel as importInto } from '../models/import-model.ts';
import { hashFile } from '../models/model-files.ts';
import { importTextModel } from '../models/text/import-text-model.ts';
import { selfCheck } from '../models/self-check.ts';
import type { CallContext } from './context.ts';
import type { EngineState } from '../state.ts';

export async function importModel(
  _: EngineState,
  request: EngineCalls['import-model']['request'],
  context: CallContext,
): Promise<EngineCalls['import-model']['reply']> {
  return (await isTextEncoder(request.source))
    ? importTextModel(request, context)
    : importInto(request, context);
}

/** @throws Failure `unreadable` that names the file which has changed */
export async function checkModel(
  { options, extractors, textEncoders }: EngineState,
  { model: name }: EngineCalls['check-model']['request'],
): Promise<EngineCalls['check-model']['reply']> {
  const folders = { builtIn: options.models, imported: options.importedModels };
  const found = await findAnyModel(folders, name);
  const { files } = found;
  for (const { path, sha256 } of files) {
    if ((await hashFile(path)) !== sha256) {
      throw new Failure(
        'unreadable',
        `${path}: the file is not the one that was imported. Import the model again.`,
      );
    }
  }
  if (isText(found)) {
    const began = performance.now();
    const encoder = await textEncoders.get(name);
    const prompts = promptsOf(unknownClass, promptLists.industrial);
    const vectors = await encoder.encode(prompts);
    if (!vectors.every(Number.isFinite))
      throw new Failure('unreadable', `${name} gives vectors that are not numbers.`);
    const sentences = prompts.normal.length + prompts.abnormal.length;
    const milliseconds = (performance.now() - began) / sentences;
    return { kind: 'text', files: files.length, milliseconds, sentences };
  }
  const { milliseconds, size } = await selfCheck(await extractors.get(name));
  return { kind: 'image', files: files.length, milliseconds, size };
}

export const listDevices = (): EngineCalls['list-devices']['reply'] => knownDevices();

export async function tryDevice(
  { options }: EngineState,
  { name, device }: EngineCalls['try-device']['request'],
): Promise<EngineCalls['try-device']['reply']> {
  const found = await findModel({ builtIn: options.models, imported: options.importedModels }, name);
  return tryOnDevice(found, device);
}

export function useDevice(
  { extractors }: EngineState,
  { name, device }: EngineCalls['use-device']['request'],
): Promise<void> {
  return extractors.use(name, device);
}

export async function closeModel(
  { extractors, textEncoders }: EngineState,
  { name }: EngineCalls['close-model']['request'],
): Promise<void> {
  await extractors.close(name);
  await textEncoders.close(name);
}
