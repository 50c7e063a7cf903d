import { useLocalStorage } from '@vueuse/core';
import type { ImageId, Job, Study, StudyImage } from '#shared/domain.ts';
import type { RunResult } from '#shared/results.ts';
import type { Sweep } from '#shared/sweep.ts';

/**
 * Names of studies, images and patients replaced by numbers before anything in the window sees them: for screens that
 * others look at. What is stored stays as it is, and so do tables that are saved; a report hides what the window hides.
 */
export const namesHidden = useLocalStorage('nidus.hide-names', false);

export const shownStudy = (study: Study): Study =>
  namesHidden.value ? { ...study, name: `Study ${study.id}` } : study;

export const shownImage = (image: StudyImage): StudyImage =>
  namesHidden.value
    ? { ...image, name: `Image ${image.id}`, patient: image.patient === null ? null : 'hidden' }
    : image;

/** A row about an image, wherever it comes from. */
export const shownRow = <Row extends { readonly imageId: ImageId; readonly name: string }>(row: Row): Row =>
  namesHidden.value
    ? { ...row, name: `Image ${row.imageId}`, ...('patient' in row && { patient: 'hidden' }) }
    : row;

export function shownResult(result: RunResult): RunResult {
  const { outcome } = result;
  if (!namesHidden.value || outcome.state !== 'failed') return shownRow(result);
  const message = reasonAlone(outcome.error.message);
  return shownRow({ ...result, outcome: { ...outcome, error: { ...outcome.error, message } } });
}

/** Files that could not be read, with sentences that begin with their names. */
export const shownFiles = <File extends { readonly name: string; readonly reason: string }>(
  files: readonly File[],
): File[] =>
  files.map((file, index) =>
    namesHidden.value ? { ...file, name: `File ${index + 1}`, reason: reasonAlone(file.reason) } : file,
  );

/** A sentence without the name of the file it begins with. */
const reasonAlone = (sentence: string): string => sentence.slice(sentence.indexOf(': ') + 1).trimStart();

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
