import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Device, devices, type StudyId } from '#shared/domain.ts';
import { meanTimes } from '#shared/results.ts';
import { Fit } from '#shared/methods/common.ts';
import { featuresOf, type Method, methods, methodTitle } from '#shared/methods/index.ts';
import {
  defaultSettings,
  type DinoAdSettings,
  type RunSettings,
  type SupportChoice,
} from '#shared/settings.ts';
import { Failure } from '#shared/errors.ts';
import type { Services } from '#main/services.ts';
import { adapterSettings } from './adapter-settings.ts';
import { imageNamed } from './image-named.ts';
import { addMethodOptions, type Given, layersFrom, methodOption, settingsFrom } from './method-options.ts';
import { answer, table } from './output.ts';
import { finish, studyNamed, wantsJson, withServices, workspaceOf } from './session.ts';

interface RunOptions {
  readonly study: string;
  readonly method: Method;
  readonly model: string;
  readonly support?: string[];
  readonly size: number;
  readonly fit?: Fit;
  readonly layer?: number;
  readonly layers?: number[];
  readonly device: Device;
  readonly referenceSet?: string;
  readonly adapter?: string;
  readonly class?: string;
}

export const integer = (text: string): number => {
  if (!/^-?\d+$/.test(text)) throw new InvalidArgumentError(`"${text}" is not a whole number.`);
  return Number(text);
};

export function addRunCommands(program: Command): void {
  const run = program
    .command('run')
    .description('score every query image of a study')
    .requiredOption('--study <name>', 'name of the study')
    .addOption(methodOption())
    .option('--model <name>', 'feature extractor', defaultSettings.model)
    .option('--size <pixels>', 'images are resized to size x size', integer, defaultSettings.size)
    .addOption(
      new Option('--fit <fit>', 'squash to a square, or crop to keep the shape').choices(Fit.options),
    )
    .option('--layer <n>', 'layer of the model, counted from 1 (default: its own output)', integer)
    .option('--layers <n,n>', 'several layers, joined (patchcore, padim)', layersFrom)
    .addOption(new Option('--device <device>').choices(devices).default('auto'))
    .option('--adapter <file>', 'of ad-dinov3: a file, or the name of an adapter')
    .option('--class <name>', "of ad-dinov3: what the images show (default: the study's)")
    .option('--support <choice...>', 'match, random, or names of normal images (dino-ad)')
    .option('--reference-set <name>', 'frozen reference set, by name or version (default: all normals now)');
  addMethodOptions(run, ['support']);

  run.action(async (options: RunOptions & Given, command: Command) => {
    await withServices(
      workspaceOf(command),
      async (services) => {
        const study = studyNamed(services, options.study);
        const started = services.runs.start(
          study.id,
          options.method === 'ad-dinov3'
            ? await adapterSettings(services, study.id, options)
            : settingsOf(options, services, study.id),
          options.referenceSet === undefined
            ? null
            : services.references.find(study.id, options.referenceSet).id,
        );
        const began = performance.now();
        const job = services.workspace.runs.jobOf(started.id);
        if (job !== undefined) await finish(services, job);
        const run = services.workspace.runs.get(started.id);
        const result = {
          run: run.id,
          study: study.name,
          images: run.total,
          scored: run.done,
          failed: run.failed,
          references: run.referenceSet?.size ?? 0,
          referenceSet: run.referenceSet,
          milliseconds: {
            ...meanTimes(services.workspace.results.times(run.id)),
            perImage: (performance.now() - began) / run.total,
          },
        };
        answer(wantsJson(command), result, () => [
          `run ${run.id}: ${run.done} of ${run.total} images scored, ${run.failed} failed`,
          ...table(
            ['stage', 'ms per image'],
            Object.entries(result.milliseconds).map(([stage, ms]) => [stage, Number(ms.toFixed(1))]),
          ),
        ]);
        for (const { outcome } of services.workspace.results.ofRun(run.id)) {
          if (outcome.state === 'failed') process.stderr.write(`nidus: ${outcome.error.message}\n`);
        }
        if (run.failed > 0) process.exitCode = 1;
      },
      options.device,
    );
  });

  program
    .command('resume')
    .description('finish what an interrupted Nidus left unfinished')
    .action(async (_: unknown, command: Command) => {
      await withServices(workspaceOf(command), async (services) => {
        const unfinished = services.jobs
          .list()
          .filter(({ state }) => state === 'queued' || state === 'running');
        for (const { id } of unfinished.toReversed()) await finish(services, id);
        answer(wantsJson(command), { finished: unfinished.map(({ id }) => id) }, () => [
          `${unfinished.length} jobs finished`,
        ]);
      });
    });
}

function settingsOf(options: RunOptions & Given, services: Services, study: StudyId): RunSettings {
  const { method, model, size, fit, layer, layers, support, ...given } = options;
  const wanted = layers ?? (layer === undefined ? [] : [layer]);
  const features = { model, size, layers: wanted, ...(fit && { fit }) };
  const settings = settingsFrom(methods[method].defaults, features, given);
  if (featuresOf(settings).layers.length < wanted.length) {
    throw new Failure('invalid', `--layers: ${methodTitle(settings)} takes one layer.`);
  }
  if (support === undefined) return settings;
  if (settings.method !== 'dino-ad') {
    throw new Failure('invalid', `--support: ${methodTitle(settings)} has no such parameter.`);
  }
  return { ...settings, support: supportFrom(support, settings, services, study) };
}

function supportFrom(
  support: readonly string[],
  settings: DinoAdSettings,
  services: Services,
  study: StudyId,
): SupportChoice {
  const [first] = support;
  const count = settings.support.kind === 'chosen' ? 1 : settings.support.count;
  if (support.length === 1 && (first === 'match' || first === 'matched')) return { kind: 'matched', count };
  if (support.length === 1 && first === 'random') return { kind: 'random', count };
  return { kind: 'chosen', images: support.map((name) => imageNamed(services, study, name).id) };
}
