import { type Command, Option } from 'commander';
import { deviceNames, fastestOf } from '#shared/devices.ts';
import type { Model } from '#shared/domain.ts';
import type { TextModel } from '#shared/text-model.ts';
import { Failure } from '#shared/errors.ts';
import { Precision } from '#shared/model-description.ts';
import { Repository } from '#shared/model-import.ts';
import type { Services } from '#main/services.ts';
import { answer, table } from './output.ts';
import { finish, wantsJson, withServices, workspaceOf } from './session.ts';

const precisionOption = () =>
  new Option('--precision <precision>', 'int8 is faster on a CPU and less exact, fp16 is for GPUs')
    .choices(Precision.options)
    .default('fp32');

interface DownloadOptions {
  readonly revision: string;
  readonly name?: string;
  readonly precision: Precision;
}

function describeModel(model: Model): string[] {
  const { imported } = model;
  const deviations = Object.entries(imported?.deviations ?? {});
  const differs = deviations.map(([precision, deviation]) => `${precision} ${deviation.toExponential(1)}`);
  return [
    `${model.name}: ${model.family}, ${model.dimension} dimensions, ${model.layers} layers, patch ${model.patch}, ${model.precision}`,
    ...(imported ? [`${imported.milliseconds.toFixed(0)} ms an image`] : []),
    ...(differs.length > 0 ? [`deviation from float32: ${differs.join(', ')}`] : []),
    `${model.licence}. ${model.licenceNotice ?? ''}`.trimEnd(),
  ];
}

const describeTextModel = (model: TextModel): string[] => [
  `${model.name}: ${model.family}, text encoder, ${model.dimension} dimensions, ${model.layers} layers, ${model.contextLength} tokens`,
  `${model.imported.milliseconds.toFixed(1)} ms a sentence`,
  `${model.licence}. ${model.licenceNotice}`,
];

const describe = (model: Model | TextModel): string[] =>
  model.kind === 'text' ? describeTextModel(model) : describeModel(model);

const imported = ({ workspace, catalogue }: Services, name: string): Model | TextModel =>
  workspace.textModels.find(name) ?? catalogue.get(name);

/** What is offered on the hub, and what is kept of downloads that did not come to their end. Asks no network. */
async function listDownloads(command: Command): Promise<void> {
  const lists = await withServices(workspaceOf(command), ({ models }) => ({
    published: models.published(),
    kept: models.keptDownloads(),
  }));
  const { published, kept } = lists;
  answer(wantsJson(command), lists, () => [
    ...table(
      ['repository', 'model', 'for', 'MB', 'licence'],
      published.map(({ repository, title, kind, megabytes, licence }) => [
        repository,
        title,
        kind === 'text' ? 'text' : 'images',
        megabytes,
        licence.name,
      ]),
    ),
    ...kept.map(
      ({ repository, bytes, until }) =>
        `${repository}: ${(bytes / 1e6).toFixed(1)} MB have arrived; download it again to go on, or forget-download it. Kept until ${until.slice(0, 10)}.`,
    ),
  ]);
}

export function addModelCommands(program: Command): void {
  const models = program
    .command('models')
    .description('list, import, check and remove models')
    .action(async (_: unknown, command: Command) => {
      const list = await withServices(workspaceOf(command), ({ catalogue, workspace }) => [
        ...catalogue.list(),
        ...workspace.textModels.list(),
      ]);
      answer(wantsJson(command), list, () =>
        table(
          ['name', 'family', 'patch', 'dimension', 'layers', 'precision', 'licence', 'sha256'],
          list.map(({ name, family, dimension, layers, licence, sha256, ...model }) => [
            name,
            family,
            model.kind === 'image' ? model.patch : null,
            dimension,
            layers,
            model.kind === 'image' ? model.precision : 'fp32',
            licence,
            sha256.slice(0, 12),
          ]),
        ),
      );
    });

  models
    .command('import')
    .description(
      'convert DINOv3, DINOv2 or CLIP text weights; importing them says that you have accepted their licence',
    )
    .argument('<path>', 'folder with config.json and model.safetensors, of CLIP its vocabulary too')
    .option('--name <name>', "name of the model (default: the folder's)")
    .addOption(precisionOption())
    .action(async (path: string, options: { name?: string; precision: Precision }, command: Command) => {
      const model = await withServices(workspaceOf(command), async (services) => {
        const { name, jobId } = services.models.startImport({ path, ...options, acceptLicence: true });
        await finish(services, jobId);
        return imported(services, name);
      });
      answer(wantsJson(command), model, () => describe(model));
    });

  models
    .command('download')
    .description(
      'fetch a model from huggingface.co and import it; a gated one needs HF_TOKEN, and that you have accepted its licence there',
    )
    .argument('[repository]', 'owner/name, for example facebook/dinov2-small; without it, what there is')
    .option('--revision <revision>', 'branch, tag or commit', 'main')
    .option('--name <name>', "name of the model (default: the repository's)")
    .addOption(precisionOption())
    .action(async (repository: string | undefined, options: DownloadOptions, command: Command) => {
      if (repository === undefined) return listDownloads(command);
      const checked = Repository.safeParse(repository);
      if (!checked.success) throw new Failure('invalid', checked.error.issues[0]!.message);
      const model = await withServices(workspaceOf(command), async (services) => {
        const { name, jobId } = services.models.startDownload({
          repository,
          ...options,
          acceptLicence: true,
        });
        await finish(services, jobId);
        return imported(services, name);
      });
      answer(wantsJson(command), model, () => describe(model));
    });

  models
    .command('forget-download')
    .description('remove what arrived of a download that did not come to its end')
    .argument('<repository>')
    .action(async (repository: string, _: unknown, command: Command) => {
      await withServices(workspaceOf(command), (services) => services.models.removeDownload(repository));
      answer(wantsJson(command), { removed: repository }, () => [
        `${repository}: what had arrived is removed`,
      ]);
    });

  models
    .command('check')
    .description('compare the files of a model with their hashes, and try it')
    .argument('<name>')
    .action(async (name: string, _: unknown, command: Command) => {
      const check = await withServices(workspaceOf(command), (services) => services.models.check(name));
      const speed =
        check.kind === 'image'
          ? `${check.milliseconds.toFixed(0)} ms for ${check.size} x ${check.size} pixels`
          : `${check.milliseconds.toFixed(1)} ms a sentence`;
      answer(wantsJson(command), { name, ...check }, () => [
        `${name}: ${check.files} file${check.files === 1 ? '' : 's'} as imported, ${speed}`,
      ]);
    });

  models
    .command('devices')
    .description('try a model on every device of this machine; the fastest that agrees with the CPU is used')
    .argument('<name>')
    .action(async (name: string, _: unknown, command: Command) => {
      const trials = await withServices(workspaceOf(command), (services) => services.models.tryDevices(name));
      const used = fastestOf(trials);
      answer(wantsJson(command), { name, used, trials }, () =>
        trials.map(({ device, outcome }) =>
          outcome.kind === 'agrees'
            ? `${deviceNames[device]}: ${outcome.milliseconds.toFixed(1)} ms an image, ${outcome.deviation.toExponential(1)} from the CPU${device === used ? ' (used)' : ''}`
            : `${deviceNames[device]}: not used. ${outcome.reason}`,
        ),
      );
    });

  models
    .command('remove')
    .description('remove an imported model; runs keep their results')
    .argument('<name>')
    .action(async (name: string, _: unknown, command: Command) => {
      const { warnings } = await withServices(workspaceOf(command), (services) =>
        services.models.remove(name),
      );
      answer(wantsJson(command), { removed: name, warnings }, () => [`${name} removed`]);
      for (const warning of warnings) process.stderr.write(`nidus: ${warning}\n`);
    });
}
