import { computed, onScopeDispose, shallowRef } from 'vue';
import { useRouter } from 'vue-router';
import type { JobId, Sample, StudyId } from '#shared/domain.ts';
import { views } from '#shared/routes.ts';
import { client, failureMessage } from '../../api/client.ts';
import { onJobChange } from '../../api/events.ts';
import { useToasts } from '../../stores/toasts.ts';
import { useJobs } from '../jobs/useJobs.ts';

/** Opens a sample with one click: makes the study, waits for its images and lands in Inspect. */
export function useOpenSample() {
  const router = useRouter();
  const toasts = useToasts();
  const { all } = useJobs();
  const opening = shallowRef<{ sample: string; studyId?: StudyId; jobId?: JobId }>();
  const job = computed(() => all.value.find((one) => one.id === opening.value?.jobId));

  async function land(studyId: StudyId): Promise<void> {
    opening.value = undefined;
    await router.push(views.study(studyId, 'inspect'));
  }

  async function open(sample: Sample): Promise<void> {
    if (opening.value !== undefined) return;
    opening.value = { sample: sample.id };
    try {
      const { studyId, jobId } = await client.samples.open({ id: sample.id });
      if (jobId === null) await land(studyId);
      else {
        opening.value = { sample: sample.id, studyId, jobId };
        // The job may have ended before its id arrived here.
        const known = all.value.find((one) => one.id === jobId);
        if (known?.state === 'finished') await land(studyId);
      }
    } catch (error) {
      opening.value = undefined;
      toasts.show({ tone: 'bad', title: `${sample.title} could not be opened`, text: failureMessage(error) });
    }
  }

  const { off } = onJobChange(({ job }) => {
    const studyId = opening.value?.studyId;
    if (studyId === undefined || job.id !== opening.value?.jobId) return;
    if (job.state === 'finished') void land(studyId);
    else if (job.state === 'failed' || job.state === 'cancelled') opening.value = undefined;
  });
  onScopeDispose(off);

  return { opening, job, open };
}
