import { computed, onScopeDispose, shallowRef } from 'vue';
import { useRouter } from 'vue-router';
import type { JobId, Sample, StudyId } from '#shared/domain.ts';
import { views } from '#shared/routes.ts';
import { client, failureMessage } from '../../api/client.ts';
import { onJobChange } from '../../api/events.ts';
import { useToasts } from '../../stores/toasts.ts';
import { useJobs } from '../jobs/useJobs.ts';

/** The sample being opened; its study and job are known once the application has answered. */
interface Opening {
  readonly sample: string;
  readonly studyId?: StudyId;
  readonly jobId?: JobId;
}

/** Opens a sample with one click: makes the study, waits for its images and lands in Inspect. */
export function useOpenSample() {
  const router = useRouter();
  const toasts = useToasts();
  const jobs = useJobs();
  const opening = shallowRef<Opening>();
  const job = computed(() => jobs.all.value.find((one) => one.id === opening.value?.jobId));

  async function land(studyId: StudyId): Promise<void> {
    await router.push(views.study(studyId, 'inspect'));
    opening.value = undefined;
  }

  async function open(sample: Sample): Promise<void> {
    if (opening.value !== undefined) return;
    opening.value = { sample: sample.id };
    try {
      const { studyId, jobId } = await client.samples.open({ id: sample.id });
      if (jobId === null) {
        await land(studyId);
        return;
      }
      jobs.expect(jobId);
      opening.value = { sample: sample.id, studyId, jobId };
      // The job may have ended before its id arrived here.
      if (job.value?.state === 'finished') await land(studyId);
    } catch (error) {
      opening.value = undefined;
      toasts.show({ tone: 'bad', title: `${sample.title} could not be opened`, text: failureMessage(error) });
    }
  }

  const { off } = onJobChange(({ job: changed }) => {
    const { studyId, jobId, sample } = opening.value ?? {};
    if (studyId === undefined || changed.id !== jobId) return;
    if (changed.state === 'finished') void land(studyId);
    else if (changed.state === 'failed' || changed.state === 'cancelled') {
      opening.value = undefined;
      const text = changed.error ?? 'The import was cancelled.';
      toasts.show({ tone: 'bad', title: `The sample ${sample} could not be opened`, text });
    }
  });
  onScopeDispose(() => {
    off();
    // Whoever goes elsewhere meanwhile is told when the images are there.
    if (opening.value?.jobId !== undefined) jobs.forget(opening.value.jobId);
  });

  return { opening, job, open };
}
