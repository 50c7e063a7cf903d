import type { EngineCalls } from '#shared/engine-protocol.ts';
import { Failure } from '#shared/errors.ts';
import { findModel } from '../models/catalogue.ts';
import { hashFile, importModel as importInto } from '../models/import-model.ts';
import { selfCheck } from '../models/self-check.ts';
import type { CallContext } from './context.ts';
import type { EngineState } from '../state.ts';

export function importModel(
  _: EngineState,
  request: EngineCalls['import-model']['request'],
  context: CallContext,
): Promise<EngineCalls['import-model']['reply']> {
  return importInto(request, context);
}

/** @throws Failure `unreadable` that names the file which has changed */
export async function checkModel(
  { options, extractors }: EngineState,
  { name }: EngineCalls['check-model']['request'],
): Promise<EngineCalls['check-model']['reply']> {
  const { files } = await findModel({ builtIn: options.models, imported: options.importedModels }, name);
  for (const { path, sha256 } of files) {
    if ((await hashFile(path)) !== sha256) {
      throw new Failure(
        'unreadable',
        `${path}: the file is not the one that was imported. Import the model again.`,
      );
    }
  }
  const { milliseconds, size } = await selfCheck(await extractors.get(name));
  return { files: files.length, milliseconds, size };
}

export function closeModel(
  { extractors }: EngineState,
  { name }: EngineCalls['close-model']['request'],
): Promise<void> {
  return extractors.close(name);
}
