import { writeFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import type { Scale, Scope } from '#shared/domain.ts';
import { Failure } from '#shared/errors.ts';
import { type Method, methodNames, methods } from '#shared/methods/index.ts';
import { checkTolerance, protocolNamed, protocols, type ToleranceCheck } from '#shared/protocols/index.ts';
import {
  type Axis,
  axisFrom,
  gridPoints,
  sweepFigureLabels,
  type SweepFigures,
  type SweepId,
  SweepId as SweepIdSchema,
  sweepRows,
} from '#shared/sweep.ts';
import type { Services } from '#main/services.ts';
import { answer, table } from './output.ts';
import { integer } from './run.ts';
import { finish, studyNamed, wantsJson, withServices, workspaceOf } from './session.ts';

const figureKeys = Object.keys(sweepFigureLabels) as (keyof SweepFigures)[];

const axis = (text: string, before: readonly Axis[] | undefined): Axis[] => [
  ...(before ?? []),
  axisFrom(text),
];

interface Output {
  readonly bundle?: string;
}

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
  readonly study: string;
  readonly model: string;
  readonly dataSet?: string;
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
        await report(services, id, options, command);
      });
    });

  program
    .command('protocol')
    .description(`runs as a paper made them: ${protocols.map(({ id }) => id).join(', ')}`)
    .argument('<name>', 'the protocol')
    .requiredOption('--study <name>', 'name of the study')
    .option('--model <name>', 'feature extractor; all else is locked', 'scatter16')
    .option('--data-set <name>', 'the data set whose published numbers stand beside ours')
    .option('--rows <row...>', 'only these lines of the table')
    .option('--bundle <file.zip>', 'configuration, hashes, seeds, figures and raw maps')
    .action(async (name: string, options: ProtocolOptions, command: Command) => {
      const protocol = protocolNamed(name);
      for (const row of options.rows ?? []) {
        if (!protocol.points.some((point) => point.row === row)) {
          const known = [...new Set(protocol.points.map((point) => point.row))].join(', ');
          throw new Failure('invalid', `${protocol.title} has no row "${row}". Rows: ${known}.`);
        }
      }
      await withServices(workspaceOf(command), async (services) => {
        const study = studyNamed(services, options.study);
        const id = services.sweeps.startProtocol(
          study.id,
          name,
          options.model,
          options.dataSet ?? null,
          options.rows ?? null,
        );
        await report(services, id, options, command);
      });
    });
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

/** Waits for the runs, then prints the table; the exit code says whether every comparable figure is within. */
async function report(services: Services, id: SweepId, options: Output, command: Command): Promise<void> {
  for (const { runId } of services.workspace.sweeps.members(id)) {
    const job = services.workspace.runs.jobOf(runId);
    if (job !== undefined && services.workspace.jobs.get(job).state !== 'finished')
      await finish(services, job);
  }
  const sweep = await services.sweeps.get(id);
  const rows = sweepRows(sweep);
  const protocol = sweep.plan.protocol === null ? null : protocolNamed(sweep.plan.protocol);
  const first = sweep.runs[0];
  const model = first ? services.workspace.runs.get(first.runId).settings.model : '';
  const checks = protocol ? checkTolerance(protocol, sweep.plan.dataSet, model, rows) : [];
  if (options.bundle !== undefined) await writeFile(options.bundle, await services.bundles.zip(id));
  answer(wantsJson(command), { ...sweep, rows, checks, bundle: options.bundle ?? null }, () => [
    `sweep ${id}, ${sweep.name}: scale ${sweep.plan.scale}, pixel figures over ${sweep.plan.scope === 'all' ? 'all images' : 'abnormal images'}`,
    ...table(
      ['', ...figureKeys.map((key) => sweepFigureLabels[key])],
      rows.map(({ row, figures, deviations }) => [
        row,
        ...figureKeys.map((key) => withDeviation(figures?.[key], deviations?.[key])),
      ]),
    ),
    ...checkLines(checks, protocol?.model.title ?? ''),
  ]);
  if (checks.some(({ outcome }) => outcome === 'outside')) process.exitCode = 1;
}

const percent = (value: number | null | undefined): string =>
  value === null || value === undefined ? '-' : (100 * value).toFixed(2);
const withDeviation = (value: number | null | undefined, deviation: number | null | undefined): string =>
  deviation === null || deviation === undefined
    ? percent(value)
    : `${percent(value)} (${percent(deviation)})`;

function checkLines(checks: readonly ToleranceCheck[], paperModel: string): string[] {
  if (checks.length === 0) return [];
  return [
    `beside the paper, which used ${paperModel}:`,
    ...table(
      ['', 'figure', 'ours', 'paper', 'allowed', ''],
      checks.map(({ row, figure, ours, expected, allowed, outcome }) => [
        row,
        sweepFigureLabels[figure],
        ours === null ? '-' : ours.toFixed(2),
        expected.toFixed(2),
        `± ${allowed.toFixed(2)}`,
        outcome,
      ]),
    ),
  ];
}
