import { ListChecks, Stethoscope } from '@lucide/vue';
import { useQuery } from '@pinia/colada';
import { computed } from 'vue';
import type { ImageId, Study, StudyImage } from '#shared/domain.ts';
import { featuresOf } from '#shared/methods/index.ts';
import type { DoctorSettings } from '#shared/references.ts';
import { defaultSettings } from '#shared/settings.ts';
import { client } from '../../api/client.ts';
import { runsQuery } from '../../api/queries.ts';
import { defineCommand, useCommands } from '../../commands/command.ts';
import { useImageActions } from '../images/useImageActions.ts';
import { latestScored, useStudySettings } from '../inspect/index.ts';
import { useJobs } from '../jobs/useJobs.ts';
import { doctorReportQuery } from './queries.ts';

/** The last examination of a study's normals, the one under way, and the commands to begin and to follow it. */
export function useDoctor(study: () => Study, images: () => readonly StudyImage[]) {
  const { id } = study();
  const { data: runs } = useQuery(() => runsQuery(id));
  const { data } = useQuery(() => doctorReportQuery(id));
  const report = computed(() => data.value ?? null);
  const jobs = useJobs();
  const job = computed(() =>
    [...jobs.running.value, ...jobs.waiting.value].find(
      ({ kind, studyId }) => kind === 'doctor' && studyId === id,
    ),
  );
  const { settings } = useStudySettings(id, images, () => latestScored(runs.value ?? []));
  const actions = useImageActions(() => id);

  /** What the next run would look with. */
  const examineWith = (): DoctorSettings => {
    const { model, size, fit, layers } = featuresOf(settings.value);
    const foreground =
      settings.value.method === 'dino-ad' ? settings.value.foreground : defaultSettings.foreground;
    return { model, size, fit, layer: layers[0] ?? null, foreground };
  };

  const examine = defineCommand({
    id: 'references.examine',
    label: 'Examine the normals',
    group: 'References',
    icon: Stethoscope,
    enabled: () => study().counts.normal > 0 && job.value === undefined,
    run: async () => {
      await client.references.examine({ studyId: id, settings: examineWith() });
    },
  });
  const byId = computed(() => new Map(images().map((image) => [image.id, image])));
  const present = (ids: readonly ImageId[]) => ids.flatMap((image) => byId.value.get(image) ?? []);
  const apply = defineCommand({
    id: 'references.apply-proposal',
    label: 'Use what is added, exclude what is dropped',
    group: 'References',
    icon: ListChecks,
    enabled: () => report.value !== null && job.value === undefined,
    run: async () => {
      if (report.value === null) return;
      const { add, drop } = report.value.findings.proposal;
      await actions.setRole(present(add), 'normal');
      await actions.setRole(present(drop.map(({ image }) => image)), 'excluded');
    },
  });
  useCommands([examine, apply]);
  return { report, job, examine, apply, present };
}
