import { readdir, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { RunId, type Scale, type Scope } from '#shared/domain.ts';
import { Failure } from '#shared/errors.ts';
import {
  type BootstrapOptions,
  defaultAuproLimit,
  type Froc,
  type Interval,
  type Intervals,
  type PairedFigure,
} from '#shared/evaluation.ts';
import type { Evaluation } from '#shared/results.ts';
import { curvesCsv } from '#main/reports/curves-csv.ts';
import { evaluationCsv } from '#main/reports/evaluation-csv.ts';
import { score } from '#shared/score-text.ts';
import { answer, figure, table } from './output.ts';
import { integer } from './run.ts';
import { wantsJson, withServices, workspaceOf } from './session.ts';
import { withEngine } from './with-engine.ts';

const share = (text: string): number => {
  const value = Number(text);
  if (!(value > 0 && value <= 1)) throw new InvalidArgumentError(`"${text}" is not above 0 and at most 1.`);
  return value;
};
const runArgument = (text: string): RunId => RunId.parse(integer(text));
const replicates = (text: string): number => {
  const value = integer(text);
  if (value < 100 || value > 10_000) throw new InvalidArgumentError('Replicates go from 100 to 10000.');
  return value;
};

interface MeasureOptions {
  readonly bootstrap?: number;
  readonly seed: number;
  readonly aupro: number;
  readonly froc: boolean;
  readonly curves?: string;
}

interface EvaluateOptions extends MeasureOptions {
  readonly run?: RunId;
  readonly maps?: string;
  readonly masks?: string;
  readonly table?: string;
  readonly scale: Scale;
  readonly images: Scope;
}

const withMeasureOptions = (command: Command): Command =>
  command
    .option('--bootstrap <n>', '95 % intervals over patients from n replicates, e.g. 1000', replicates)
    .option('--seed <n>', 'seed of the bootstrap', integer, 0)
    .option('--aupro <rate>', 'false positive rate up to which AUPRO is taken', share, defaultAuproLimit)
    .option('--froc', 'lesion-level FROC as well', false)
    .option('--curves <file.csv>', 'every curve as CSV');

const scaleOption = () =>
  new Option('--scale <scale>', "raw scores, or the paper's per-image min-max")
    .choices(['raw', 'minmax'])
    .default('raw');
const scopeOption = () =>
  new Option('--images <scope>', 'images the pixel figures are pooled over')
    .choices(['abnormal', 'all'])
    .default('abnormal');

const bootstrapOf = ({ bootstrap, seed }: MeasureOptions): BootstrapOptions | null =>
  bootstrap === undefined ? null : { replicates: bootstrap, seed };

export function addEvaluateCommands(program: Command): void {
  withMeasureOptions(program.command('evaluate'))
    .description('figures of a run, or of your own maps, against the ground truth')
    .option('--run <id>', 'id of the run', runArgument)
    .option('--maps <dir>', 'your own maps (.npy) instead of a run')
    .option('--masks <dir>', 'masks (.npy or .png) of the same stem')
    .option('--table <file.csv>', 'the table of the images as CSV (of a run)')
    .addOption(scaleOption())
    .addOption(scopeOption())
    .action(async (options: EvaluateOptions, command: Command) => {
      const { run, maps, masks } = options;
      if (maps !== undefined && masks !== undefined && run === undefined)
        return measureFiles({ ...options, maps, masks }, command);
      if (run === undefined || maps !== undefined || masks !== undefined)
        throw new Failure('invalid', 'Give either --run, or --maps and --masks.');
      return evaluateRun({ ...options, run }, command);
    });

  withMeasureOptions(program.command('metrics'))
    .description('figures of your own maps (.npy) against masks (.npy or .png) of the same stem')
    .requiredOption('--maps <dir>')
    .requiredOption('--masks <dir>')
    .action(measureFiles);

  program
    .command('compare')
    .description('whether two runs differ: paired bootstrap by patient, DeLong, agreement')
    .argument('<first>', 'id of a run', runArgument)
    .argument('<second>', 'id of another run of the same study', runArgument)
    .addOption(scaleOption())
    .addOption(scopeOption())
    .option('--bootstrap <n>', 'replicates', replicates, 1000)
    .option('--seed <n>', 'seed of the bootstrap', integer, 0)
    .action(
      async (
        first: RunId,
        second: RunId,
        options: { scale: Scale; images: Scope; bootstrap: number; seed: number },
        command: Command,
      ) => {
        const compared = await withServices(workspaceOf(command), ({ evaluations }) =>
          evaluations.compare(
            first,
            second,
            { scale: options.scale, scope: options.images },
            { replicates: options.bootstrap, seed: options.seed },
          ),
        );
        answer(wantsJson(command), compared, () => {
          const row = (name: string, value: PairedFigure) => [
            name,
            figure(value.first),
            figure(value.second),
            figure(value.difference),
            intervalText(value.interval),
            figure(value.p),
          ];
          return [
            `${compared.images} common images, ${compared.replicates} replicates over patients`,
            ...table(
              ['', `run ${first}`, `run ${second}`, 'difference', '95 % interval', 'p'],
              [
                row('pixel AUROC', compared.pixel.auroc),
                row('pixel AP', compared.pixel.ap),
                row('pixel F1-max', compared.pixel.f1max),
                row('AUPRO 0.3', compared.pixel.aupro),
                row('image AUROC', compared.image.auroc),
                row('image AP', compared.image.ap),
                row('image F1-max', compared.image.f1max),
              ],
            ),
            `DeLong, image AUROC: p ${figure(compared.deLong?.p ?? null)}`,
            `rank correlation of image scores ${figure(compared.rankCorrelation)}, kappa of decisions ${figure(compared.kappa)}`,
          ];
        });
      },
    );
}

async function evaluateRun(
  options: EvaluateOptions & { readonly run: RunId },
  command: Command,
): Promise<void> {
  const { run, scale, images, aupro } = options;
  const bootstrap = bootstrapOf(options);
  const result = await withServices(workspaceOf(command), async ({ evaluations, workspace }) => ({
    run: workspace.runs.get(run),
    evaluation: await evaluations.get(run, scale, images, aupro),
    froc: options.froc ? await evaluations.froc(run, { scale, scope: images }) : null,
    intervals: bootstrap && (await evaluations.bootstrap(run, { scale, scope: images }, bootstrap, aupro)),
  }));
  const { evaluation, froc, intervals } = result;
  if (options.curves !== undefined) await writeFile(options.curves, curvesCsv(evaluation, froc));
  if (options.table !== undefined) await writeFile(options.table, evaluationCsv(evaluation, result.run));
  const json = {
    ...evaluation,
    ...(froc ? { froc } : {}),
    ...(intervals ? { intervals } : {}),
  };
  answer(wantsJson(command), json, () => [...figuresTable(evaluation, aupro, intervals), ...frocLines(froc)]);
}

async function measureFiles(
  options: MeasureOptions & { readonly maps: string; readonly masks: string },
  command: Command,
): Promise<void> {
  const pairs = await pairByStem(options.maps, options.masks);
  const measured = await withEngine((engine) =>
    engine.call(
      'measure',
      { pairs, auproLimit: options.aupro, bootstrap: bootstrapOf(options), withFroc: options.froc },
      'interactive',
    ),
  );
  const { pixel, image, froc, intervals } = measured;
  if (options.curves !== undefined) await writeFile(options.curves, curvesCsv(measured, froc));
  answer(wantsJson(command), { images: pairs.length, ...measured }, () => [
    ...rankingTable(pixel, image, options.aupro),
    ...intervalsTable(intervals),
    ...frocLines(froc),
  ]);
}

const intervalText = (interval: Interval | null): string =>
  interval ? `${figure(interval.low)} to ${figure(interval.high)}` : '-';

function rankingTable(pixel: Evaluation['pixel'], image: Evaluation['image'], auproLimit: number): string[] {
  const cells = (ranking: Evaluation['image'] | Evaluation['pixel']) => [
    ...[ranking.auroc, ranking.ap, ranking.f1max].map(figure),
    score(ranking.f1maxThreshold),
  ];
  return table(
    ['', 'AUROC', 'AP', 'F1-max', 'at', `AUPRO ${auproLimit}`],
    [
      ['pixel', ...cells(pixel), figure(pixel.aupro)],
      ['image', ...cells(image), ''],
    ],
  );
}

function intervalsTable(intervals: Intervals | null): string[] {
  if (!intervals) return [];
  const { pixel, image, patients, replicates: count } = intervals;
  return [
    `95 % intervals, ${count} replicates over ${patients.pixel} patients (pixel), ${patients.image} (image)`,
    ...table(
      ['', 'AUROC', 'AP', 'F1-max', 'AUPRO'],
      [
        ['pixel', ...[pixel.auroc, pixel.ap, pixel.f1max, pixel.aupro].map(intervalText)],
        ['image', ...[image.auroc, image.ap, image.f1max].map(intervalText), ''],
      ],
    ),
  ];
}

function frocLines(froc: Froc | null): string[] {
  if (!froc) return [];
  const at = froc.sensitivityAt.map(({ rate, value }) => `${figure(value)} at ${rate}`).join(', ');
  return [
    `FROC over ${froc.lesions} lesions: score ${figure(froc.score)}; sensitivity ${at} false positives an image`,
  ];
}

export function figuresTable(
  { pixel, image, scale, scope, images, labelledImages, unknownGroundTruth }: Evaluation,
  auproLimit = defaultAuproLimit,
  intervals: Intervals | null = null,
): string[] {
  return [
    `scale ${scale}; pixel figures over ${images} images (${scope === 'abnormal' ? 'abnormal only' : 'all'}), image figures over ${labelledImages}`,
    ...(unknownGroundTruth > 0
      ? [`${unknownGroundTruth} images left out: their ground truth is unknown`]
      : []),
    ...rankingTable(pixel, image, auproLimit),
    ...intervalsTable(intervals),
  ];
}

async function pairByStem(maps: string, masks: string): Promise<{ map: string; mask: string }[]> {
  const list = async (folder: string) =>
    readdir(folder).catch(() => {
      throw new Failure('not-found', `${folder}: there is no such folder.`);
    });
  const stem = (name: string) => basename(name, extname(name));
  const maskNames = await list(masks);
  const maskOf = new Map(
    maskNames.filter((name) => /\.(npy|png)$/i.test(name)).map((name) => [stem(name), name]),
  );
  const mapNames = (await list(maps)).filter((name) => name.toLowerCase().endsWith('.npy')).sort();
  if (mapNames.length === 0) throw new Failure('invalid', `${maps}: there are no .npy maps here.`);
  return mapNames.map((name) => {
    const mask = maskOf.get(stem(name));
    if (mask === undefined)
      throw new Failure(
        'not-found',
        `${join(masks, stem(name))}: the map ${name} has no mask (.npy or .png).`,
      );
    return { map: join(maps, name), mask: join(masks, mask) };
  });
}
