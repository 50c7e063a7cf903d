import { type Command, Option } from 'commander';
import type { WatchedFolder } from '#shared/watch.ts';
import { defaultSettings, type RunSettings } from '#shared/settings.ts';
import { Failure } from '#shared/errors.ts';
import type { StudyId } from '#shared/domain.ts';
import type { Services } from '#main/services.ts';
import { answer } from './output.ts';
import { integer } from './run.ts';
import { wantsJson, withServices, workspaceOf } from './session.ts';

interface WatchOptions {
  readonly study: string;
  readonly role: 'normal' | 'query';
  readonly run?: number;
  readonly score: boolean;
  readonly once: boolean;
}

export function addWatchCommand(program: Command): void {
  program
    .command('watch')
    .description('import images into a study as they arrive in a folder, and score them; Ctrl+C ends it')
    .argument('<dir>', 'folder')
    .requiredOption('--study <name>', 'name of the study, which is made if it does not exist')
    .addOption(
      new Option('--role <role>', 'role of images whose layout does not say it')
        .choices(['normal', 'query'])
        .default('query'),
    )
    .option('--run <id>', 'score as this run did (default: as the last run of the study)', integer)
    .option('--no-score', 'import only')
    .option('--once', 'take what lies there now, then end', false)
    .action(async (dir: string, options: WatchOptions, command: Command) => {
      await withServices(workspaceOf(command), async (services) => {
        const known = services.workspace.studies.findByName(options.study);
        const study = known ?? services.studies.create(options.study).id;
        const settings = options.score ? settingsLike(services, study, options.run) : null;
        const id = await services.watches.register(study, dir, options.role, settings);
        services.jobs.start();
        const json = wantsJson(command);
        if (options.once) {
          await services.watches.once(id);
          const { failed, ...folder } = services.watches.describe(id);
          answer(json, { ...folder, failed }, () => summary({ ...folder, failed }));
          for (const { reason } of failed) process.stderr.write(`nidus: ${reason}\n`);
          if (failed.length > 0) process.exitCode = 1;
          return;
        }
        const tell = reporter(json);
        services.watches.watch(id, false);
        for await (const event of services.events.stream(undefined)) {
          if (event.type === 'study' && event.studyId === study) tell(services.watches.describe(id));
        }
      });
    });
}

const summary = ({ imported, unchanged, failed, runId, problem }: WatchedFolder): string[] => [
  `${imported} imported, ${unchanged} unchanged, ${failed.length} failed${runId === null ? '' : `, scored in run ${runId}`}`,
  ...(problem === null ? [] : [problem]),
];

/** One line whenever something has changed: text for people, a JSON document a line for programs. */
function reporter(json: boolean): (folder: WatchedFolder) => void {
  let last = '';
  return (folder) => {
    const text = json ? JSON.stringify(folder) : summary(folder).join(' ');
    if (text === last) return;
    last = text;
    process.stdout.write(`${text}\n`);
  };
}

function settingsLike({ workspace }: Services, study: StudyId, run: number | undefined): RunSettings {
  const runs = workspace.runs.ofStudy(study);
  if (run === undefined) return runs[0]?.settings ?? defaultSettings;
  const found = runs.find(({ id }) => id === run);
  if (!found) throw new Failure('not-found', `This study has no run ${run}.`);
  return found.settings;
}
