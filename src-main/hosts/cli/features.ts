import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type { FeatureArray, FeatureInput } from '#shared/engine-protocol.ts';
import { Failure } from '#shared/errors.ts';
import { readNpy, toFloat32, writeNpy } from '#shared/npy.ts';
import { defaultSettings } from '#shared/settings.ts';
import { answer } from './output.ts';
import { integer } from './run.ts';
import { wantsJson, withServices, workspaceOf } from './session.ts';

interface FeatureOptions {
  readonly model: string;
  readonly size: number;
  readonly layers?: number[];
  readonly norm: boolean;
  readonly tensor?: string;
  readonly out: string;
}

const layerNumbers = (text: string): number[] => {
  if (!/^\d+(,\d+)*$/.test(text)) throw new InvalidArgumentError('Give numbers like 3,6,9,12.');
  return text.split(',').map(Number);
};

export function addFeaturesCommand(program: Command): void {
  program
    .command('features')
    .description('features of images as .npy: patches (layers x rows x columns x dimension) and CLS')
    .argument('[image...]', 'image files')
    .option('--model <name>', 'feature extractor', defaultSettings.model)
    .option('--size <pixels>', 'images are resized to size x size', integer, defaultSettings.size)
    .option(
      '--layers <numbers>',
      'blocks or stages, the first is 1 (default: the final output)',
      layerNumbers,
    )
    .option('--no-norm', "layers without the model's final norm")
    .option('--tensor <input.npy>', 'instead of images: normalised float32, batch x 3 x height x width')
    .requiredOption('--out <dir>', 'folder for STEM.patches.npy and STEM.cls.npy')
    .action(async (images: string[], options: FeatureOptions, command: Command) => {
      const inputs = await inputsOf(images, options);
      if (!options.norm && options.layers === undefined) {
        throw new Failure('invalid', '--no-norm needs --layers: the final output is always normed.');
      }
      await mkdir(options.out, { recursive: true });
      const written = await withServices(workspaceOf(command), async (services) => {
        services.catalogue.get(options.model);
        const files: { file: string; shape: readonly number[] }[] = [];
        for (const { stem, input } of inputs) {
          const { model, layers = null, norm: normed } = options;
          const features = await services.models.features({ model, layers, normed, input });
          const ofTensor = input.kind === 'tensor';
          for (const [kind, array] of Object.entries(features)) {
            if (array === null || (kind === 'registers' && !ofTensor)) continue;
            const { shape, data }: FeatureArray = ofTensor ? array : withoutBatch(array);
            const file = join(options.out, `${stem}.${kind}.npy`);
            await writeFile(file, writeNpy({ type: 'f4', shape, data }));
            files.push({ file, shape });
          }
        }
        return files;
      });
      answer(wantsJson(command), written, () =>
        written.map(({ file, shape }) => `${file}: ${shape.join(' x ')}`),
      );
    });
}

interface NamedInput {
  /** What the written files begin with. */
  readonly stem: string;
  readonly input: FeatureInput;
}

async function inputsOf(
  images: readonly string[],
  { tensor, size }: FeatureOptions,
): Promise<readonly NamedInput[]> {
  if ((tensor === undefined) === (images.length === 0)) {
    throw new Failure('invalid', 'Give either images or --tensor with an array.');
  }
  if (tensor !== undefined) {
    const bytes = await readFile(tensor).catch(() => {
      throw new Failure('not-found', `${tensor}: there is no such file.`);
    });
    const array = readNpy(bytes, tensor);
    const input = { kind: 'tensor', name: tensor, shape: array.shape, data: toFloat32(array) } as const;
    return [{ stem: stemOf(tensor), input }];
  }
  const inputs = images.map((path) => ({
    stem: stemOf(path),
    input: { kind: 'image', path: resolve(path), size } as const,
  }));
  const twice = inputs.find(({ stem }, index) => inputs.findIndex((one) => one.stem === stem) < index);
  if (twice) throw new Failure('invalid', `Two images are called ${twice.stem}: their files would be one.`);
  return inputs;
}

const stemOf = (path: string): string => basename(path, extname(path));

const withoutBatch = ({ shape, data }: FeatureArray): FeatureArray => ({ shape: shape.slice(1), data });
