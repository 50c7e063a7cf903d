import { type Command, Option } from 'commander';
import { resolve } from 'node:path';
import type { LayoutChoice } from '#shared/contract/imports.ts';
import { Failure } from '#shared/errors.ts';
import { answer } from './output.ts';
import { finish, wantsJson, withServices, workspaceOf } from './session.ts';

interface ImportOptions {
  readonly study: string;
  readonly layout: LayoutChoice;
  readonly role: 'normal' | 'query';
}

export function addImportCommand(program: Command): void {
  program
    .command('import')
    .description('copy images (and their masks) into a study, which is made if it does not exist')
    .argument('<path...>', 'files or folders')
    .requiredOption('--study <name>', 'name of the study')
    .addOption(new Option('--layout <layout>').choices(['auto', 'folder', 'bmad', 'mvtec']).default('auto'))
    .addOption(
      new Option('--role <role>', 'role of images whose layout does not say it')
        .choices(['normal', 'query'])
        .default('query'),
    )
    .action(async (paths: string[], options: ImportOptions, command: Command) => {
      await withServices(workspaceOf(command), async (services) => {
        const known = services.workspace.studies.findByName(options.study);
        const request = {
          paths: paths.map((path) => resolve(path)),
          layout: options.layout,
          role: options.role,
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
