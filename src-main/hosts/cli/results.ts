import { writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { type Command, Option } from 'commander';
import { anomalyMap } from '#shared/anomaly-map.ts';
import { RunId, type Scale } from '#shared/domain.ts';
import { Failure } from '#shared/errors.ts';
import { fullMap } from '#shared/full-map.ts';
import { mapRuleOf } from '#shared/methods/index.ts';
import { writeNpy } from '#shared/npy.ts';
import { imageNamed } from './image-named.ts';
import { answer } from './output.ts';
import { integer } from './run.ts';
import { wantsJson, withServices, workspaceOf } from './session.ts';

const runOption = () =>
  new Option('--run <id>', 'id of the run')
    .argParser((text) => RunId.parse(integer(text)))
    .makeOptionMandatory();
const scaleOption = () =>
  new Option('--scale <scale>', "raw scores, or the paper's per-image min-max")
    .choices(['raw', 'minmax'])
    .default('raw');

export function addResultCommands(program: Command): void {
  program
    .command('map')
    .description(
      'the anomaly map of one image: raw scores (.npy, float32, size of the image) or a coloured picture (.png)',
    )
    .addOption(runOption())
    .requiredOption('--image <name>', 'name of the image')
    .requiredOption('--out <file>', 'file.npy or file.png')
    .action(
      async ({ run, image: name, out }: { run: RunId; image: string; out: string }, command: Command) => {
        const kind = extname(out).toLowerCase();
        if (kind !== '.npy' && kind !== '.png')
          throw new Failure('invalid', `${out}: the map is written as .npy or .png.`);
        await withServices(workspaceOf(command), async (services) => {
          const { studyId, settings } = services.workspace.runs.get(run);
          const image = imageNamed(services, studyId, name);
          const score = services.workspace.results.score(run, image.id);
          if (!score) throw new Failure('not-found', `${image.name} has no score in run ${run}.`);
          const { width, height } = image.pixels;
          if (kind === '.npy') {
            const grid = anomalyMap(score.scores, score.foreground, 'raw');
            const map = fullMap(grid, mapRuleOf(settings), height, width);
            await writeFile(out, writeNpy({ type: 'f4', shape: [height, width], data: map.data }));
          } else {
            await writeFile(out, await services.reports.mapPicture(run, image.id));
          }
        });
        answer(wantsJson(command), { run, image: name, file: out }, () => [out]);
      },
    );

  program
    .command('report')
    .description('the PDF report of a run')
    .addOption(runOption())
    .addOption(scaleOption())
    .requiredOption('--out <file>', 'file.pdf')
    .action(async ({ run, scale, out }: { run: RunId; scale: Scale; out: string }, command: Command) => {
      await withServices(workspaceOf(command), async ({ reports }) =>
        writeFile(out, await reports.pdf(run, scale)),
      );
      answer(wantsJson(command), { run, file: out }, () => [out]);
    });
}
