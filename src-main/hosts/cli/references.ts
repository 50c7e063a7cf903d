import type { Command } from 'commander';
import type { ImageId, Study } from '#shared/domain.ts';
import type { DoctorFindings, ReferenceSet } from '#shared/references.ts';
import { defaultSettings } from '#shared/settings.ts';
import type { Services } from '#main/services.ts';
import { answer, figure, table } from './output.ts';
import { integer } from './run.ts';
import { finish, studyNamed, wantsJson, withServices, workspaceOf } from './session.ts';

interface DoctorOptions {
  readonly model: string;
  readonly size: number;
  readonly foreground: 'nonzero' | 'all';
}

const summary = ({ version, name, size, createdAt, runs }: ReferenceSet) => ({
  version,
  name,
  size,
  createdAt,
  runs,
});

export function addReferenceCommands(program: Command): void {
  const references = program
    .command('references')
    .description('freeze, compare and examine the normal images of a study')
    .requiredOption('--study <name>', 'name of the study');
  const inStudy = <T>(
    command: Command,
    work: (services: Services, study: Study) => Promise<T> | T,
  ): Promise<T> =>
    withServices(workspaceOf(command), (services) =>
      work(services, studyNamed(services, command.optsWithGlobals<{ study: string }>().study)),
    );

  references
    .command('list')
    .description('list the frozen reference sets')
    .action(async (_: unknown, command: Command) => {
      const sets = await inStudy(command, (services, study) => services.references.list(study.id));
      answer(wantsJson(command), sets.map(summary), () =>
        table(
          ['version', 'name', 'images', 'frozen', 'runs'],
          sets.map(({ version, name, size, createdAt, runs }) => [
            version,
            name,
            size,
            createdAt.slice(0, 16).replace('T', ' '),
            runs.join(', ') || null,
          ]),
        ),
      );
    });

  references
    .command('freeze')
    .description('name the normal images of this moment')
    .requiredOption('--name <name>', 'name of the version')
    .action(async ({ name }: { name: string }, command: Command) => {
      const set = await inStudy(command, (services, study) => services.references.freeze(study.id, name));
      answer(wantsJson(command), summary(set), () => [
        `version ${set.version}, ${set.name}: ${set.size} normal images`,
      ]);
    });

  references
    .command('diff')
    .description('compare two frozen sets, or one with the normal images of this moment')
    .argument('<a>', 'version or name')
    .argument('<b>', 'version, name, or "now"')
    .action(async (a: string, b: string, _: unknown, command: Command) => {
      const diff = await inStudy(command, ({ references: sets }, study) =>
        sets.diff(sets.find(study.id, a).id, b === 'now' ? null : sets.find(study.id, b).id),
      );
      const names = {
        added: diff.added.map(({ name }) => name),
        removed: diff.removed.map(({ name }) => name),
      };
      answer(wantsJson(command), { ...names, common: diff.common }, () => [
        ...names.added.map((name) => `+ ${name}`),
        ...names.removed.map((name) => `- ${name}`),
        `${names.added.length} added, ${names.removed.length} removed, ${diff.common} in both`,
      ]);
    });

  references
    .command('doctor')
    .description(
      'examine the normal images: copies, leaks, images that look abnormal, queries without a close normal',
    )
    .option('--model <name>', 'feature extractor', defaultSettings.model)
    .option('--size <pixels>', 'images are resized to size x size', integer, defaultSettings.size)
    .option('--foreground <rule>', 'which patches count: nonzero or all', 'nonzero')
    .action(async ({ model, size, foreground }: DoctorOptions, command: Command) => {
      const found = await inStudy(command, async (services, study) => {
        const { jobId } = services.doctor.start(study.id, {
          model,
          size,
          fit: 'squash',
          layer: null,
          foreground: foreground === 'all' ? { rule: 'all' } : { rule: 'nonzero', closing: 3 },
        });
        await finish(services, jobId);
        const report = services.doctor.report(study.id);
        if (!report) throw new Error('a finished examination has no report');
        return named(services, report.findings);
      });
      answer(wantsJson(command), found, () => lines(found));
    });
}

/** Findings with the names of images in the place of their numbers. */
function named({ workspace }: Services, findings: DoctorFindings) {
  const name = (id: ImageId) => workspace.images.get(id).name;
  const suspects = ({ fence, images }: DoctorFindings['abnormal']) => ({
    fence,
    images: images.map(({ image, figure: value }) => ({ image: name(image), figure: value })),
  });
  return {
    normals: findings.normals,
    queries: findings.queries,
    duplicates: findings.duplicates.map(({ images, identical }) => ({ images: images.map(name), identical })),
    leaks: findings.leaks.map(({ normal, query, kind }) => ({
      normal: name(normal),
      query: name(query),
      kind,
    })),
    sharedPatients: findings.sharedPatients.map(({ normals, queries }) => ({
      normals: normals.map(name),
      queries: queries.map(name),
    })),
    abnormal: suspects(findings.abnormal),
    uncovered: suspects(findings.uncovered),
    proposal: {
      add: findings.proposal.add.map(name),
      drop: findings.proposal.drop.map(({ image, why }) => ({ image: name(image), why })),
      falsePositives: findings.proposal.falsePositives,
    },
  };
}

function lines(found: ReturnType<typeof named>): string[] {
  const { proposal } = found;
  const prediction = proposal.falsePositives;
  return [
    `${found.normals} normal images, ${found.queries} queries`,
    `${found.duplicates.length} pictures more than once`,
    ...found.duplicates.map(
      ({ images, identical }) => `  ${images.join(', ')}${identical ? ' (same pixels)' : ''}`,
    ),
    `${found.leaks.length} normals that are queries too`,
    ...found.leaks.map(({ normal, query, kind }) => `  ${normal} = ${query} (${kind})`),
    `${found.sharedPatients.length} patients or lots on both sides`,
    `${found.abnormal.images.length} normals look abnormal`,
    ...found.abnormal.images.map(({ image, figure: value }) => `  ${image}  ${figure(value)}`),
    `${found.uncovered.images.length} queries without a close normal`,
    ...found.uncovered.images.map(({ image, figure: value }) => `  ${image}  ${figure(value)}`),
    `add ${proposal.add.length}, drop ${proposal.drop.length}`,
    ...proposal.add.map((image) => `  + ${image}`),
    ...proposal.drop.map(({ image, why }) => `  - ${image} (${why})`),
    ...(prediction
      ? [
          `false positives on ${prediction.images} normals: ${prediction.present} now, ${prediction.proposed} with the proposal`,
        ]
      : []),
  ];
}
