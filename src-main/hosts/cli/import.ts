import { type Command, InvalidArgumentError, Option } from 'commander';
import { basename, resolve } from 'node:path';
import { KeepOption, Plane } from '#shared/acquisition.ts';
import { FolderMeaning, folderMeanings, type ImportRequest, LayoutChoice } from '#shared/contract/imports.ts';
import { Failure } from '#shared/errors.ts';
import { PatientRule } from '#shared/patient-rule.ts';
import type { Services } from '#main/services.ts';
import { answer } from './output.ts';
import { integer } from './run.ts';
import { finish, wantsJson, withServices, workspaceOf } from './session.ts';

interface ImportOptions {
  readonly study: string;
  readonly layout: LayoutChoice;
  readonly role: 'normal' | 'query';
  readonly map: Readonly<Record<string, FolderMeaning>>;
  readonly patients?: PatientRule;
  readonly holdOut: number;
  readonly plane: Plane;
  readonly volume: number;
  readonly series?: string[];
  readonly identified?: boolean;
  readonly keep: KeepOption[];
  readonly link?: boolean;
}

function folderMeaning(text: string, before: ImportOptions['map']): ImportOptions['map'] {
  const [folder, meaning] = text.split(/=(?=[^=]*$)/);
  const parsed = FolderMeaning.safeParse(meaning);
  if (folder === undefined || !parsed.success)
    throw new InvalidArgumentError(`Say <folder>=<meaning>, one of ${folderMeanings.join(', ')}.`);
  return { ...before, [folder === '.' ? '' : folder.replace(/\/$/, '')]: parsed.data };
}

function patientRule(text: string): PatientRule {
  const rule =
    text === 'none' || text === 'folder'
      ? { kind: text }
      : text.length === 1
        ? { kind: 'before', separator: text }
        : { kind: 'pattern', pattern: text };
  const parsed = PatientRule.safeParse(rule);
  if (!parsed.success)
    throw new InvalidArgumentError(
      'Say none, folder, one of _ - . (the name up to it), or a regular expression with one group.',
    );
  return parsed.data;
}

function fraction(text: string): number {
  const value = Number(text);
  if (!(value >= 0 && value <= 0.9)) throw new InvalidArgumentError('Say a fraction from 0 to 0.9.');
  return value;
}

export function addImportCommand(program: Command): void {
  program
    .command('import')
    .description('bring images (and their masks) into a study, which is made if it does not exist')
    .argument('<path...>', 'files or folders')
    .requiredOption('--study <name>', 'name of the study')
    .addOption(new Option('--layout <layout>').choices(LayoutChoice.options).default('auto'))
    .addOption(
      new Option('--role <role>', 'role of images whose layout does not say it')
        .choices(['normal', 'query'])
        .default('query'),
    )
    .option(
      '--map <folder=meaning>',
      `what a folder of a plain folder holds, e.g. ng=abnormal; ${folderMeanings.join(', ')}`,
      folderMeaning,
      {},
    )
    .option(
      '--patients <rule>',
      'how names tell patients, parts or lots: none, folder, a character, or a pattern with one group',
      patientRule,
    )
    .option(
      '--hold-out <fraction>',
      'references that become normal test images, whole patients at a time',
      fraction,
      0,
    )
    .addOption(
      new Option('--plane <plane>', 'of volumes: in which slices they are taken apart')
        .choices(Plane.options)
        .default('axial'),
    )
    .option('--volume <n>', 'which volume of a file that holds several, the first is 0', integer, 0)
    .option('--series <title...>', 'only these DICOM series or volumes, e.g. "CT 2" (default: all)')
    .option('--identified', 'keep patient IDs, UIDs and descriptions of DICOM files as they are')
    .addOption(
      new Option('--keep <what...>', 'of DICOM files, although they are de-identified')
        .choices(KeepOption.options)
        .default([]),
    )
    .option(
      '--link',
      'read pixels from where the files lie, which must stay there unchanged, instead of copying them',
    )
    .action(async (paths: string[], options: ImportOptions, command: Command) => {
      await withServices(workspaceOf(command), async (services) => {
        const known = services.workspace.studies.findByName(options.study);
        const request = {
          paths: paths.map((path) => resolve(path)),
          layout: options.layout,
          role: options.role,
          mapping: options.map,
          patients: options.patients,
          holdOut: options.holdOut,
          slices: {
            plane: options.plane,
            volume: options.volume,
            deidentify: !options.identified,
            keep: options.keep,
          },
          link: options.link,
        };
        const chosen = await seriesNamed(services, request, options.series);
        const { studyId, jobId, warnings } = await services.imports.start(
          chosen === undefined ? request : { ...request, slices: { ...request.slices, series: chosen } },
          known === undefined ? { name: options.study } : { id: known },
        );
        for (const warning of warnings) process.stderr.write(`nidus: ${warning}\n`);
        const fileOf = services.workspace.importItems.slicePaths(jobId);
        await finish(services, jobId);
        const summary = services.imports.summary(jobId);
        answer(wantsJson(command), { study: options.study, ...summary }, () => [
          `${summary.imported} imported, ${summary.unchanged} unchanged, ${summary.failed.length} failed`,
        ]);
        for (const { name, reason } of summary.failed) {
          // Kept is what a slice is called, which names nobody; whoever typed the path must know which file it is.
          const path = fileOf.get(name);
          const file = path === undefined ? '' : `${basename(path)}: `;
          process.stderr.write(`nidus: ${file}${reason}\n`);
        }
        if (summary.imported + summary.unchanged === 0) {
          if (known === undefined) services.studies.remove(studyId);
          throw new Failure('unreadable', 'No image could be imported.');
        }
        // A script must notice that some of its files are missing.
        if (summary.failed.length > 0) process.exitCode = 1;
      });
    });
}

/** Keys of the series with these titles; undefined where all are wanted. @throws Failure('not-found') with those there are */
async function seriesNamed(
  services: Services,
  request: ImportRequest,
  titles: readonly string[] | undefined,
): Promise<string[] | undefined> {
  if (titles === undefined) return undefined;
  const { series } = await services.imports.inspect(request);
  return titles.flatMap((title) => {
    const named = series.filter((one) => one.title === title);
    if (named.length > 0) return named.map(({ key }) => key);
    const known = series.map((one) => `"${one.title}"`).join(', ');
    throw new Failure('not-found', `There is no series "${title}". Found: ${known || 'none'}.`);
  });
}
