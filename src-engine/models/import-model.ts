import type { ModelDescription } from '#shared/model-description.ts';
import type { CallContext } from '../calls/context.ts';
import { convertAndTry } from './convert-and-try.ts';
import { adoptOnnx } from './ready-onnx/adopt.ts';
import { describeFile, type ImportRequest, inModelFolder } from './model-files.ts';

/**
 * Makes a model in a folder of its own and tries it: `model.onnx`, its data, `description.json` and the licence texts that lay
 * beside the weights. Nothing is left behind on failure.
 * @throws Failure `not-found` or `unreadable` with one sentence that names the file and the tensor or field, `cancelled`.
 */
export async function importModel(request: ImportRequest, context: CallContext): Promise<ModelDescription> {
  return inModelFolder(request, async () => {
    const bring = request.source.endsWith('.onnx') ? adoptOnnx : convertAndTry;
    const { fileNames, ...described } = await bring(request, context);
    const files = await Promise.all(fileNames.map((file) => describeFile(request.target, file)));
    return { ...described, files };
  });
}
