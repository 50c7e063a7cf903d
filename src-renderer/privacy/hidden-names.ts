import { useLocalStorage } from '@vueuse/core';
import type { Job, Study, StudyImage } from '#shared/domain.ts';
import type { RunResult } from '#shared/results.ts';
import type { Sweep } from '#shared/sweep.ts';

/**
 * Names of studies, images and patients replaced by numbers before anything in the window sees them: for screens that
 * others look at. What is stored stays as it is.
 */
export const namesHidden = useLocalStorage('nidus.hide-names', false);

export const shownStudy = (study: Study): Study =>
  namesHidden.value ? { ...study, name: `Study ${study.id}` } : study;

export const shownImage = (image: StudyImage): StudyImage =>
  namesHidden.value
    ? { ...image, name: `Image ${image.id}`, patient: image.patient === null ? null : 'hidden' }
    : image;

export const shownResult = (result: RunResult): RunResult =>
  namesHidden.value ? { ...result, name: `Image ${result.imageId}` } : result;

export const shownSweep = (sweep: Sweep): Sweep =>
  namesHidden.value
    ? { ...sweep, parts: sweep.parts.map((part) => ({ ...part, study: `Study ${part.studyId}` })) }
    : sweep;

/** Titles of jobs name their study. */
export const shownJob = (job: Job): Job =>
  namesHidden.value && job.studyId !== null
    ? { ...job, title: `${kinds[job.kind] ?? 'Job'} of study ${job.studyId}` }
    : job;

const kinds: Partial<Record<Job['kind'], string>> = { import: 'Import', run: 'Run' };
