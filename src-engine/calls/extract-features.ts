import type { FeatureArray, FeatureArrays, FeatureInput, FeatureRequest } from '#shared/engine-protocol.ts';
import { Failure } from '#shared/errors.ts';
import { decodeImage } from '../imaging/decode.ts';
import { assertLayer, type Extractor } from '../models/extractor.ts';
import { EMBEDDING, layerPrefix, PATCHES, REGISTERS } from '../models/families/outputs.ts';
import type { InputTensor } from '../models/preprocess.ts';
import type { EngineState } from '../state.ts';

/**
 * Features of one image or of a batch. A batch goes through the model image by image, so that its size changes neither the
 * memory needed nor, with int8, the features.
 * @throws Failure `invalid` for layers the model does not have, and for inputs that are no images.
 */
export async function extractFeatures(
  { extractors }: EngineState,
  request: FeatureRequest,
): Promise<FeatureArrays> {
  const extractor = await extractors.get(request.model);
  const prefixes = prefixesOf(extractor, request);
  const kinds = [PATCHES, EMBEDDING, REGISTERS].filter((kind) =>
    extractor.outputNames.includes(`${prefixes[0]!}${kind}`),
  );
  const names = kinds.flatMap((kind) => prefixes.map((prefix) => `${prefix}${kind}`));
  const images: (readonly FeatureArray[])[] = [];
  for (const input of await inputsOf(extractor, request.input)) {
    const { outputs } = await extractor.outputs(input, names);
    images.push(
      kinds.map((_, kind) => {
        const ofKind = outputs.slice(kind * prefixes.length, (kind + 1) * prefixes.length);
        return stack(ofKind.map(({ shape, data }) => ({ shape: shape.slice(1), data })));
      }),
    );
  }
  const [patches, cls, registers] = kinds.map((_, kind) => stack(images.map((image) => image[kind]!)));
  return { patches: patches!, cls: cls!, registers: registers ?? null };
}

/** What the names of the wanted outputs begin with. */
function prefixesOf({ entry }: Extractor, { layers, normed }: FeatureRequest): readonly string[] {
  if (layers === null) return [''];
  for (const layer of layers) assertLayer(entry, layer);
  return layers.map((layer) => layerPrefix({ index: layer - 1, normed }));
}

async function inputsOf(extractor: Extractor, input: FeatureInput): Promise<readonly InputTensor[]> {
  if (input.kind === 'image') {
    return [extractor.prepare(await decodeImage(input.path), input.size)];
  }
  const { name, shape, data } = input;
  const [batch = 0, channels, height = 0, width = 0] = shape;
  const { minimumSize } = extractor.entry;
  if (shape.length !== 4 || channels !== 3 || batch < 1) {
    throw new Failure('invalid', `${name}: images are batch x 3 x height x width, not ${shape.join(' x ')}.`);
  }
  if (Math.min(height, width) < minimumSize) {
    throw new Failure(
      'invalid',
      `${name}: ${extractor.entry.name} needs images of at least ${minimumSize} pixels, not ${width} x ${height}.`,
    );
  }
  const size = 3 * height * width;
  return Array.from({ length: batch }, (_, image) => ({
    width,
    height,
    data: data.subarray(image * size, (image + 1) * size),
  }));
}

/** Arrays of one shape as one array with a new first axis. @throws Failure `invalid` when the shapes differ */
function stack(arrays: readonly FeatureArray[]): FeatureArray {
  const { shape, data: first } = arrays[0]!;
  const data = new Float32Array(arrays.length * first.length);
  for (const [index, array] of arrays.entries()) {
    if (array.shape.join() !== shape.join()) {
      throw new Failure(
        'invalid',
        `The layers have features of ${shape.join(' x ')} and of ${array.shape.join(' x ')}; ask for one at a time.`,
      );
    }
    data.set(array.data, index * first.length);
  }
  return { shape: [arrays.length, ...shape], data };
}
