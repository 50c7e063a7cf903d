import { resolve } from 'node:path';
import type { Command } from 'commander';
import { Reader } from '#shared/annotation.ts';
import { Failure } from '#shared/errors.ts';
import { answer } from './output.ts';
import { studyNamed, wantsJson, withServices, workspaceOf } from './session.ts';

function readerNamed(name: string): Reader {
  const reader = Reader.safeParse(name);
  if (!reader.success) throw new Failure('invalid', 'A reader has a name of 1 to 60 characters.');
  return reader.data;
}

export function addExportCommand(program: Command): void {
  program
    .command('export')
    .description('what a reader drew: a PNG mask for each segment, and findings and notes as JSON')
    .requiredOption('--study <name>', 'name of the study')
    .requiredOption('--out <dir>', 'folder for the files')
    .option('--reader <name>', 'name of the reader', 'Reader 1')
    .action(
      async ({ study, out, reader }: { study: string; out: string; reader: string }, command: Command) => {
        const folder = resolve(out);
        const files = await withServices(workspaceOf(command), (services) =>
          services.exports.study(studyNamed(services, study).id, readerNamed(reader), folder),
        );
        answer(wantsJson(command), { folder, files }, () => files);
      },
    );
}
