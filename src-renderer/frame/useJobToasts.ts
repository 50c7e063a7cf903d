import { useRouter } from 'vue-router';
import type { Job } from '#shared/domain.ts';
import { views } from '#shared/routes.ts';
import { onJobChange } from '../api/events.ts';
import { useImport } from '../features/imports/importStore.ts';
import { bringsModel, jobTitle } from '../features/jobs/progress.ts';
import { useJobs } from '../features/jobs/useJobs.ts';
import { useToasts } from '../stores/toasts.ts';

/** Where the work goes on after a job. */
const nextTab: Partial<Record<Job['kind'], { label: string; tab: 'evaluate' | 'references' }>> = {
  run: { label: 'Evaluate', tab: 'evaluate' },
  doctor: { label: 'References', tab: 'references' },
};

/** Says when a job this window saw running has come to its end. */
export function useJobToasts(): void {
  const toasts = useToasts();
  const router = useRouter();
  const { isExpected } = useJobs();
  const imports = useImport();

  onJobChange(({ job, previous }) => {
    if (previous === undefined || previous.state === job.state || isExpected(job.id)) return;
    // A short import is over before its dialog knows which one it is.
    if (job.kind === 'import' && imports.open) return;
    if (job.state === 'failed') {
      toasts.show({
        tone: 'bad',
        title: `${jobTitle(job)} failed`,
        ...(job.error === null ? {} : { text: job.error }),
        action: { label: 'Show', run: () => void router.push(views.jobs(job.id)) },
      });
    } else if (job.state === 'finished' && bringsModel(job)) {
      toasts.show({
        tone: 'good',
        title: `${jobTitle(job)} finished`,
        text: 'Choose the model in Inspect or for a run.',
        action: { label: 'Show', run: () => void router.push(views.models()) },
      });
    } else if (job.state === 'finished') {
      const studyId = job.studyId;
      toasts.show({
        tone: job.failed > 0 ? 'warning' : 'good',
        title: `${jobTitle(job)} finished`,
        text: job.failed > 0 ? `${job.failed} of ${job.total} could not be done.` : `${job.done} images.`,
        action:
          job.failed > 0 || studyId === null
            ? { label: 'Show', run: () => void router.push(views.jobs(job.id)) }
            : {
                label: nextTab[job.kind]?.label ?? 'Inspect',
                run: () => void router.push(views.study(studyId, nextTab[job.kind]?.tab ?? 'inspect')),
              },
      });
    }
  });
}
