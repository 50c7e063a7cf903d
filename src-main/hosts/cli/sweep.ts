import { type Command, Option } from 'commander';
import type { Scale, Scope } from '#shared/domain.ts';
import { Failure } from '#shared/errors.ts';
import { type Method, methodNames, methods } from '#shared/methods/index.ts';
import { protocols } from '#shared/protocols/index.ts';
import {
  type Axis,
  axisFrom,
  gridPoints,
  type ProtocolPart,
  type SweepId,
  SweepId as SweepIdSchema,
} from '#shared/sweep.ts';
import type { Services } from '#main/services.ts';
import { integer } from './run.ts';
import { studyNamed, withServices, workspaceOf } from './session.ts';
import { type Output, reportSweep } from './sweep-report.ts';

const axis = (text: string, before: readonly Axis[] | undefined): Axis[] => [
  ...(before ?? []),
  axisFrom(text),
];

interface SweepOptions extends Output {
  readonly study: string;
  readonly name?: string;
  readonly method: Method;
  readonly model?: string;
  readonly vary?: Axis[];
  readonly set?: Axis[];
  readonly scale: Scale;
  readonly images: Scope;
}

interface ProtocolOptions extends Output {
  readonly study: string[];
  readonly model: string;
  readonly dataSet?: string[];
  readonly rows?: string[];
}

export function addSweepCommands(program: Command): void {
  program
    .command('sweep')
    .description('runs over every combination of values, e.g. --vary k=1,2,3,4 --vary support=matched,random')
    .option('--study <name>', 'name of the study')
    .option('--resume <id>', 'finish a sweep that was interrupted instead', integer)
    .option('--name <name>', 'what to call the sweep')
    .addOption(new Option('--method <method>').choices(methodNames).default('dino-ad'))
    .option('--model <name>', 'feature extractor')
    .option('--vary <name=values>', 'model, size, layer or a parameter of the method, again and again', axis)
    .option('--set <name=value>', 'a value for all runs', axis)
    .addOption(new Option('--scale <scale>').choices(['raw', 'minmax']).default('raw'))
    .addOption(
      new Option('--images <scope>', 'images the pixel figures are pooled over')
        .choices(['abnormal', 'all'])
        .default('abnormal'),
    )
    .option('--bundle <file.zip>', 'configuration, hashes, seeds, figures and raw maps')
    .action(async (options: SweepOptions & { resume?: number }, command: Command) => {
      await withServices(workspaceOf(command), async (services) => {
        const id =
          options.resume === undefined ? startSweep(services, options) : SweepIdSchema.parse(options.resume);
        await reportSweep(services, id, options, command);
      });
    });

  program
    .command('protocol')
    .description(`runs as a paper made them: ${protocols.map(({ id }) => id).join(', ')}`)
    .argument('<name>', 'the protocol')
    .requiredOption('--study <name...>', 'studies: the categories of a data set, or one of each data set')
    .option('--model <name>', 'feature extractor; all else is locked', 'scatter16')
    .option(
      '--data-set <name...>',
      'the data set whose published numbers stand beside ours; one for all studies, or one for each',
    )
    .option('--rows <row...>', 'only these lines of the table')
    .option('--bundle <file.zip>', 'configuration, hashes, seeds, figures and raw maps')
    .action(async (name: string, options: ProtocolOptions, command: Command) => {
      await withServices(workspaceOf(command), async (services) => {
        const parts = partsOf(services, options);
        const id = services.sweeps.startProtocol(parts, name, options.model, options.rows ?? null);
        await reportSweep(services, id, options, command);
      });
    });
}

function partsOf(services: Services, { study: names, dataSet = [] }: ProtocolOptions): ProtocolPart[] {
  if (dataSet.length > 1 && dataSet.length !== names.length) {
    throw new Failure(
      'invalid',
      `--data-set: ${dataSet.length} data sets for ${names.length} studies. Give one for all, or one for each in their order.`,
    );
  }
  return names.map((name, i) => ({
    studyId: studyNamed(services, name).id,
    dataSet: dataSet[dataSet.length === 1 ? 0 : i] ?? null,
  }));
}

function startSweep(services: Services, options: SweepOptions): SweepId {
  if (options.study === undefined) throw new Failure('invalid', 'Give --study, or --resume and a sweep.');
  const study = studyNamed(services, options.study);
  const defaults = methods[options.method].defaults;
  const own = { ...defaults, ...(options.model === undefined ? {} : { model: options.model }) };
  const base = gridPoints(own, options.set ?? [])[0]?.settings ?? own;
  const axes = options.vary ?? [];
  return services.sweeps.start(study.id, {
    name: options.name ?? (axes.map((one) => one.name).join(', ') || options.method),
    base,
    axes,
    scale: options.scale,
    scope: options.images,
  });
}
