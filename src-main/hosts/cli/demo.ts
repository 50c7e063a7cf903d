import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { defaultSettings } from '#shared/settings.ts';
import { answer, figure, table } from './output.ts';
import { finish, wantsJson, withServices } from './session.ts';

/** The sample with which the demo shows the main job. */
const demoSample = 'brain-flair-phantom';

export function addDemoCommand(program: Command): void {
  program
    .command('demo')
    .description('the main job on a sample study: import, match, cluster, map, evaluate, report')
    .option('--out <dir>', 'folder for the report and the workspace of the demo', 'nidus-demo')
    .action(async ({ out }: { out: string }, command: Command) => {
      const folder = resolve(out);
      await mkdir(folder, { recursive: true });
      const json = wantsJson(command);
      const say = (line: string) => !json && process.stdout.write(`${line}\n`);

      const result = await withServices(join(folder, 'workspace'), async (services) => {
        const { studyId, jobId } = await services.samples.open(demoSample);
        if (jobId !== null) await finish(services, jobId);
        const study = services.workspace.studies.get(studyId);
        say(
          `${study.name}: ${study.counts.normal} normal images, ${study.counts.query} to score. Synthetic, not patient data.`,
        );

        const run = services.runs.start(studyId, defaultSettings);
        say(
          `Scoring with DINO-AD, K = ${defaultSettings.k}, matched support, ${defaultSettings.model} at ${defaultSettings.size} pixels.`,
        );
        const job = services.workspace.runs.jobOf(run.id);
        if (job !== undefined) await finish(services, job);

        const raw = await services.evaluations.get(run.id, 'raw', 'abnormal');
        const minmax = await services.evaluations.get(run.id, 'minmax', 'abnormal');
        const report = join(folder, `nidus-run-${run.id}.pdf`);
        await writeFile(report, await services.reports.pdf(run.id, 'raw'));
        return {
          study: study.name,
          run: run.id,
          raw: { pixel: raw.pixel, image: raw.image },
          minmax: { pixel: minmax.pixel },
          report,
        };
      });

      const cells = ({
        auroc,
        ap,
        f1max,
      }: {
        auroc: number | null;
        ap: number | null;
        f1max: number | null;
      }) => [auroc, ap, f1max].map(figure);
      answer(json, result, () => [
        '',
        ...table(
          ['', 'AUROC', 'AP', 'F1-max'],
          [
            ['pixels, raw scores', ...cells(result.raw.pixel)],
            ["pixels, paper's min-max", ...cells(result.minmax.pixel)],
            ['images', ...cells(result.raw.image)],
          ],
        ),
        '',
        'Research use only - not for diagnosis',
        result.report,
      ]);
    });
}
