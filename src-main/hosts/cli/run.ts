import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Device, devices, type StudyId } from '#shared/domain.ts';
import { meanTimes } from '#shared/results.ts';
import { defaultSettings, RunSettings, type SupportChoice } from '#shared/settings.ts';
import { Failure } from '#shared/errors.ts';
import type { Services } from '#main/services.ts';
import { adapterSettings } from './adapter-settings.ts';
import { imageNamed } from './image-named.ts';
import { answer, table } from './output.ts';
import { finish, studyNamed, wantsJson, withServices, workspaceOf } from './session.ts';

interface RunOptions {
  readonly study: string;
  readonly method: string;
  readonly model: string;
  readonly k: number;
  readonly support: string[];
  readonly supportCount: number;
  readonly size: number;
  readonly layer?: number;
  readonly seed: number;
  readonly device: Device;
  readonly foreground: 'nonzero' | 'all';
  readonly closing: number;
  readonly queryBackground: boolean;
  readonly referenceSet?: string;
  readonly adapter?: string;
  readonly class?: string;
}

export const integer = (text: string): number => {
  if (!/^-?\d+$/.test(text)) throw new InvalidArgumentError(`"${text}" is not a whole number.`);
  return Number(text);
};

export function addRunCommands(program: Command): void {
  program
    .command('run')
    .description('score every query image of a study')
    .requiredOption('--study <name>', 'name of the study')
    .addOption(new Option('--method <method>').choices(['dino-ad', 'ad-dinov3']).default('dino-ad'))
    .option('--model <name>', 'feature extractor', defaultSettings.model)
    .option('--k <n>', 'clusters of the support foreground', integer, defaultSettings.k)
    .option('--support <choice...>', 'match, random, or names of normal images', ['match'])
    .option('--support-count <n>', 'support images a query, with match or random', integer, 1)
    .option('--size <pixels>', 'images are resized to size x size', integer, defaultSettings.size)
    .option('--layer <n>', 'layer of the model, counted from 1 (default: its own output)', integer)
    .option('--seed <n>', 'seed of K-means and of random support', integer, defaultSettings.seed)
    .addOption(new Option('--device <device>').choices(devices).default('auto'))
    .addOption(
      new Option('--foreground <rule>', 'which patches count').choices(['nonzero', 'all']).default('nonzero'),
    )
    .option('--closing <pixels>', 'closing of the foreground, odd; 1 = none', integer, 3)
    .option('--reference-set <name>', 'frozen reference set, by name or version (default: all normals now)')
    .option('--adapter <file>', 'of ad-dinov3: a file, or the name of an adapter')
    .option('--class <name>', "of ad-dinov3: what the images show (default: the study's)")
    .option('--query-background', 'score the background of the query too', false)
    .action(async (options: RunOptions, command: Command) => {
      await withServices(
        workspaceOf(command),
        async (services) => {
          const study = studyNamed(services, options.study);
          const started = services.runs.start(
            study.id,
            options.method === 'ad-dinov3'
              ? await adapterSettings(services, study.id, options)
              : settingsFrom(options, services, study.id),
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

function settingsFrom(options: RunOptions, services: Services, study: StudyId): RunSettings {
  const parsed = RunSettings.safeParse({
    method: options.method,
    model: options.model,
    size: options.size,
    layer: options.layer ?? null,
    k: options.k,
    support: supportFrom(options, services, study),
    foreground:
      options.foreground === 'all' ? { rule: 'all' } : { rule: 'nonzero', closing: options.closing },
    maskQueryBackground: !options.queryBackground,
    seed: options.seed,
  });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Failure('invalid', `--${issue?.path.join('.') ?? 'option'}: ${issue?.message ?? 'not valid'}`);
}

function supportFrom(
  { support, supportCount }: RunOptions,
  services: Services,
  study: StudyId,
): SupportChoice {
  const [first] = support;
  if (support.length === 1 && (first === 'match' || first === 'matched'))
    return { kind: 'matched', count: supportCount };
  if (support.length === 1 && first === 'random') return { kind: 'random', count: supportCount };
  return { kind: 'chosen', images: support.map((name) => imageNamed(services, study, name).id) };
}
