import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { LevelChoice, TrainingRequest } from '#shared/adapter.ts';
import { type Device, devices } from '#shared/domain.ts';
import { Failure } from '#shared/errors.ts';
import { ClassName, promptListNames, promptLists, type PromptListName } from '#shared/prompts.ts';
import { ADAPTER_ENDING } from '#main/adapters/adapter-service.ts';
import { answer, table } from './output.ts';
import { integer } from './run.ts';
import { finish, studyNamed, wantsJson, withServices, workspaceOf } from './session.ts';

interface TrainOptions {
  readonly study: string[];
  readonly target?: string;
  readonly model: string;
  readonly text: string;
  readonly out: string;
  readonly name?: string;
  readonly size: number;
  readonly levels: LevelChoice;
  readonly calibration: boolean;
  readonly epochs: number;
  readonly batch: number;
  readonly learningRate: number;
  readonly bottleneck: number;
  readonly seed: number;
  readonly device: Device;
}

const defaults = TrainingRequest.parse({ model: 'm', text: 't', studies: [1], name: 'n' });

export function addTrainCommands(program: Command): void {
  const train = program.command('train').description('train what a method needs on an auxiliary study');

  train
    .command('ad-dinov3')
    .description('adapters of AD-DINOv3, on the query images of studies with masks')
    .requiredOption('--study <name...>', 'auxiliary studies, each with its class name (see nidus prompts)')
    .requiredOption('--model <name>', 'image encoder')
    .requiredOption('--text <name>', 'text encoder')
    .requiredOption('--out <file>', `file${ADAPTER_ENDING}`)
    .option('--target <study>', 'study the adapter is meant for; refused when it overlaps')
    .option('--name <name>', "name in the workspace (default: the file's)")
    .option('--size <pixels>', 'edge of the images and of the masks', integer, defaults.size)
    .addOption(
      new Option('--levels <levels>', "the paper's four, or the last alone")
        .choices(LevelChoice.options)
        .default(defaults.levels),
    )
    .option('--no-calibration', 'without the loss of the CLS maps')
    .option('--epochs <n>', 'times every image is seen', integer, defaults.epochs)
    .option('--batch <images>', 'images a step', integer, defaults.batch)
    .option('--learning-rate <rate>', 'of Adam', Number, defaults.learningRate)
    .option('--bottleneck <n>', 'values between the two layers', integer, defaults.bottleneck)
    .option('--seed <n>', 'seed of the weights and of the order', integer, defaults.seed)
    .addOption(new Option('--device <device>').choices(devices).default('auto'))
    .action(async (options: TrainOptions, command: Command) => {
      const out = resolve(options.out);
      if (!out.endsWith(ADAPTER_ENDING)) {
        throw new Failure('invalid', `${options.out}: an adapter is written as *${ADAPTER_ENDING}.`);
      }
      await withServices(
        workspaceOf(command),
        async (services) => {
          const { study, target, out: file, name, device: _device, ...settings } = options;
          const request = TrainingRequest.safeParse({
            ...settings,
            studies: study.map((one) => studyNamed(services, one).id),
            target: target === undefined ? null : studyNamed(services, target).id,
            name: name ?? file.replace(/^.*[\\/]/, '').slice(0, -ADAPTER_ENDING.length),
          });
          if (!request.success) {
            const [issue] = request.error.issues;
            throw new Failure('invalid', `--${issue?.path.join('.')}: ${issue?.message}`);
          }
          const estimate = await services.trainings.estimate(request.data);
          process.stderr.write(`${estimateText(estimate)}\n`);
          const job = await services.trainings.start(request.data);
          await finish(services, job);
          const { name: made } = services.workspace.trainings.get(job);
          const adapter =
            services.workspace.adapters.findByName(made) ?? services.workspace.adapters.list()[0]!;
          await services.adapters.export(adapter.sha256, out);
          const { losses } = adapter.description;
          const result = {
            adapter: adapter.sha256,
            name: adapter.name,
            file: out,
            images: estimate.images,
            batches: losses.length,
            firstLoss: losses[0]?.total ?? null,
            lastLoss: losses.at(-1)?.total ?? null,
          };
          answer(wantsJson(command), result, () => [
            `${result.file}: ${result.images} images, ${result.batches} batches, loss ${result.firstLoss?.toFixed(3)} to ${result.lastLoss?.toFixed(3)}`,
            `adapter ${result.adapter}`,
          ]);
        },
        options.device,
      );
    });

  program
    .command('adapters')
    .description('list the trained and imported adapters; trained on an auxiliary set, not training-free')
    .action(async (_: unknown, command: Command) => {
      const adapters = await withServices(workspaceOf(command), ({ workspace }) => workspace.adapters.list());
      answer(wantsJson(command), adapters, () =>
        table(
          ['name', 'model', 'text', 'classes', 'images', 'epochs', 'sha256'],
          adapters.map(({ name, description, trainedImages, sha256 }) => [
            name,
            description.image.name,
            description.text.name,
            description.classes.map((one) => one.name).join(', '),
            trainedImages,
            description.settings.epochs,
            sha256.slice(0, 12),
          ]),
        ),
      );
    });

  program
    .command('prompts')
    .description(
      "the sentences that describe a class in its two states; with --study they become that study's",
    )
    .requiredOption('--class <name>', 'what the images show, e.g. "metal nut"')
    .addOption(new Option('--list <list>').choices(promptListNames).default('industrial'))
    .option('--study <name>', 'study whose class name and list these become')
    .option('--text <name>', 'text encoder: how close the two states are in it')
    .action(
      async (
        options: { class: string; list: PromptListName; study?: string; text?: string },
        command: Command,
      ) => {
        const className = ClassName.parse(options.class);
        const list = promptLists[options.list];
        const preview = await withServices(workspaceOf(command), async (services) => {
          if (options.study !== undefined) {
            services.prompts.set(studyNamed(services, options.study).id, { className, list });
          }
          return services.prompts.preview(options.text ?? null, className, list);
        });
        answer(wantsJson(command), { className, ...preview }, () => [
          ...preview.normal.map((sentence) => `normal    ${sentence}`),
          ...preview.abnormal.map((sentence) => `abnormal  ${sentence}`),
          ...(preview.cosine === null ? [] : [`cosine of the two text vectors ${preview.cosine.toFixed(4)}`]),
        ]);
      },
    );
}

function estimateText(estimate: {
  images: number;
  abnormal: number;
  batches: number;
  disk: number;
  free: number;
  extraction: number | null;
  training: number;
}): string {
  const { images, abnormal, batches, disk, free, extraction, training } = estimate;
  const minutes = (seconds: number) => `${Math.max(1, Math.round(seconds / 60))} min`;
  const time = `${extraction === null ? '' : `features about ${minutes(extraction)}, `}batches about ${minutes(training)} on two cores`;
  return `${images} images (${abnormal} with defects), ${batches} batches; ${(disk / 1e9).toFixed(2)} GB of disk while it trains (${(free / 1e9).toFixed(0)} GB free); ${time}`;
}
