import type { Command } from 'commander';
import { settingsText } from '#shared/methods/index.ts';
import { setTitle } from '#shared/references.ts';
import { answer, table } from './output.ts';
import { studyNamed, wantsJson, withServices, workspaceOf } from './session.ts';

export function addListCommands(program: Command): void {
  program
    .command('studies')
    .description('list the studies')
    .action(async (_: unknown, command: Command) => {
      const studies = await withServices(workspaceOf(command), ({ workspace }) => workspace.studies.list());
      answer(wantsJson(command), studies, () =>
        table(
          ['name', 'normal', 'query', 'excluded', 'masks'],
          studies.map(({ name, counts }) => [
            name,
            counts.normal,
            counts.query,
            counts.excluded,
            counts.masks,
          ]),
        ),
      );
    });

  program
    .command('images')
    .description('list the images of a study')
    .requiredOption('--study <name>', 'name of the study')
    .action(async ({ study }: { study: string }, command: Command) => {
      const images = await withServices(workspaceOf(command), (services) =>
        services.workspace.images.ofStudy(studyNamed(services, study).id),
      );
      const rows = images.map(({ pixels, statistics, ...image }) => ({
        name: image.name,
        role: image.role,
        label: image.label,
        split: image.split,
        patient: image.patient,
        width: pixels.width,
        height: pixels.height,
        channels: pixels.channels,
        bits: pixels.bits,
        spacing: image.spacing,
        ...statistics,
        groundTruth: image.groundTruth,
        sha256: pixels.sha256,
        window: pixels.window ?? null,
        acquisition: image.acquisition,
      }));
      answer(wantsJson(command), rows, () =>
        table(
          ['name', 'role', 'label', 'size', 'bits', 'ground truth', 'sha256'],
          rows.map((row) => [
            row.name,
            row.role,
            row.label,
            `${row.width} x ${row.height} x ${row.channels}`,
            row.bits,
            row.groundTruth,
            row.sha256.slice(0, 12),
          ]),
        ),
      );
    });

  program
    .command('runs')
    .description('list the runs')
    .action(async (_: unknown, command: Command) => {
      const runs = await withServices(workspaceOf(command), ({ workspace }) =>
        workspace.runs.list().map((run) => ({ ...run, study: workspace.studies.get(run.studyId).name })),
      );
      answer(wantsJson(command), runs, () =>
        table(
          ['id', 'study', 'method', 'model', 'settings', 'references', 'state', 'scored', 'failed', 'of'],
          runs.map(({ id, study, settings, referenceSet, state, done, failed, total }) => [
            id,
            study,
            settings.method,
            settings.model,
            settingsText(settings),
            referenceSet && setTitle(referenceSet),
            state,
            done,
            failed,
            total,
          ]),
        ),
      );
    });
}
