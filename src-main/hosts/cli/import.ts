import { type Command, InvalidArgumentError, Option } from 'commander';
import { resolve } from 'node:path';
import { FolderMeaning, folderMeanings, LayoutChoice } from '#shared/contract/imports.ts';
import { Failure } from '#shared/errors.ts';
import { PatientRule } from '#shared/patient-rule.ts';
import { answer } from './output.ts';
import { finish, wantsJson, withServices, workspaceOf } from './session.ts';

interface ImportOptions {
  readonly study: string;
  readonly layout: LayoutChoice;
  readonly role: 'normal' | 'query';
  readonly map: Readonly<Record<string, FolderMeaning>>;
  readonly patients?: PatientRule;
  readonly holdOut: number;
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
    .description('copy images (and their masks) into a study, which is made if it does not exist')
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
        };
        const { jobId } = await services.imports.start(
          request,
          known === undefined ? { name: options.study } : { id: known },
        );
        await finish(services, jobId);
        const summary = services.imports.summary(jobId);
        answer(wantsJson(command), { study: options.study, ...summary }, () => [
          `${summary.imported} imported, ${summary.unchanged} unchanged, ${summary.failed.length} failed`,
        ]);
        for (const { reason } of summary.failed) process.stderr.write(`nidus: ${reason}\n`);
        if (summary.imported + summary.unchanged === 0)
          throw new Failure('unreadable', 'No image could be imported.');
        // A script must notice that some of its files are missing.
        if (summary.failed.length > 0) process.exitCode = 1;
      });
    });
}
