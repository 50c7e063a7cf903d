import { basename, resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Plane } from '#shared/acquisition.ts';
import type { ArrayDescription, ArraySelection } from '#shared/engine-protocol.ts';
import { Failure } from '#shared/errors.ts';
import { answer } from './output.ts';
import { wantsJson } from './session.ts';
import { withEngine } from './with-engine.ts';

interface PixelsOptions {
  readonly stored?: boolean;
  readonly frame?: number;
  readonly plane?: Plane;
  readonly slice?: number;
  readonly volume?: number;
  readonly out?: string;
}

const index = (text: string): number => {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('Give a number from 0.');
  return Number(text);
};

export function addPixelsCommand(program: Command): void {
  program
    .command('pixels')
    .description(
      'pixels of a DICOM file, a volume or a picture as numbers: values, or what is stored; never windowed',
    )
    .argument('<file>', 'DICOM, NIfTI-1 or -2, NRRD, MetaImage, PNG, JPEG, TIFF, BMP, WebP or GIF')
    .option('--stored', 'the stored samples, before slope and intercept')
    .option('--frame <n>', 'one frame or page, the first is 0', index)
    .addOption(new Option('--plane <plane>', 'of a volume').choices(['axial', 'coronal', 'sagittal']))
    .option('--slice <n>', 'of the plane; 0 is the lowest, the hindmost, the leftmost', index)
    .option('--volume <n>', 'of a series of volumes, the first is 0', index)
    .option('--out <file.npy>', 'where to write the array')
    .action(async (path: string, options: PixelsOptions, command: Command) => {
      const request = {
        path: resolve(path),
        name: basename(path),
        stored: options.stored ?? false,
        selection: selectionOf(options),
        out: options.out === undefined ? null : resolve(options.out),
      };
      const description = await withEngine((engine) => engine.call('read-array', request, 'interactive'));
      answer(wantsJson(command), description, () => linesOf(description));
    });
}

function selectionOf({ frame, plane, slice, volume }: PixelsOptions): ArraySelection {
  const partOfVolume = plane ?? slice ?? volume;
  if (frame !== undefined && partOfVolume !== undefined) {
    throw new Failure('invalid', 'Give either --frame or --plane with --slice, not both.');
  }
  if (frame !== undefined) return { kind: 'frame', frame };
  if (partOfVolume === undefined) return { kind: 'all' };
  if (plane === undefined || slice === undefined) {
    throw new Failure('invalid', 'A slice of a volume needs both --plane and --slice.');
  }
  return { kind: 'slice', plane, slice, volume: volume ?? 0 };
}

function linesOf(description: ArrayDescription): string[] {
  const { format, shape, dtype, min, max, mean, non_finite, slope, intercept, spacing, notes } = description;
  const line = slope === null ? 'not one line for all frames' : `${slope} x stored + ${intercept}`;
  return [
    `${format}, ${shape.join(' x ')}, ${dtype}`,
    `min ${min ?? '-'}  max ${max ?? '-'}  mean ${mean ?? '-'}${non_finite > 0 ? `  not finite ${non_finite}` : ''}`,
    `values: ${line}${description.unit === null ? '' : ` ${description.unit}`}`,
    `spacing: ${spacing === null ? 'unknown' : `${spacing.join(' x ')} mm (${description.spacing_source})`}`,
    `sha256 ${description.sha256_le}`,
    ...notes,
  ];
}
