import { basename, resolve } from 'node:path';
import type { ImportPlan, ImportRequest } from '#shared/contract/imports.ts';
import type { JobId, Role, StudyId } from '#shared/domain.ts';
import type { Truth } from '#shared/engine-protocol.ts';
import { Failure, toFailure } from '#shared/errors.ts';
import { eachAtOnce } from '#main/jobs/each-at-once.ts';
import type { JobExecutor } from '#main/jobs/job-queue.ts';
import type { Engine } from '#main/engine/engine.ts';
import type { ImportItem } from '#main/workspace/repositories/import-items.ts';
import type { Workspace } from '#main/workspace/workspace.ts';
import { describePlan } from './describe-plan.ts';
import type { PlannedImport } from './layouts/planned.ts';
import { reasonToCopy } from './linking.ts';
import { prepareImport } from './prepare-import.ts';
import { seriesReader } from './series.ts';
import { forgetUpload } from './uploads.ts';

/** Images of one import at most; keeps those of a later import behind those of an earlier one. */
const maximumItems = 10_000_000;

export type ImportTarget = { readonly id: StudyId } | { readonly name: string; readonly sample?: string };

interface PlannedOptions {
  readonly link?: boolean | undefined;
  /** Writes what belongs to the job in the same transaction. */
  readonly along?: (job: JobId) => void;
}

export function importService(
  workspace: Workspace,
  engine: Engine,
  studiesChanged: (study: StudyId) => void,
) {
  const { studies, images, jobs, importItems, folders } = workspace;

  /** The study, new or present, with the plan's images queued as a job. Nothing is made when the plan is refused. */
  const start = async (
    request: ImportRequest,
    target: ImportTarget,
  ): Promise<{ studyId: StudyId; jobId: JobId; warnings: readonly string[] }> => {
    const { plan } = await prepareImport(request, seriesReader(engine, workspace));
    const reason = request.link ? reasonToCopy(plan, request, folders.incoming) : null;
    if (reason !== null) throw new Failure('invalid', reason);
    return { ...startPlanned(plan, target, { link: request.link }), warnings: plan.warnings };
  };

  /** Queues a plan that is there already. */
  const startPlanned = (
    plan: PlannedImport,
    target: ImportTarget,
    { link = false, along }: PlannedOptions = {},
  ): { studyId: StudyId; jobId: JobId } => {
    const started = workspace.change('import', { layout: plan.layout, images: plan.items.length }, () => {
      const studyId = 'id' in target ? studies.get(target.id).id : studies.create(target.name, target.sample);
      const jobId = jobs.create('import', `Import into ${studies.get(studyId).name}`, studyId);
      importItems.add(
        jobId,
        plan.items.map((item) => ({
          path: item.path,
          name: item.name,
          role: item.role,
          label: item.label,
          split: item.split,
          defect: item.defect,
          groundTruth: item.mask === 'file' ? 'drawn' : item.mask,
          patient: item.patient,
          maskPaths: item.maskPaths,
          slice: item.slice ?? null,
          link,
        })),
      );
      along?.(jobId);
      return { studyId, jobId };
    });
    studiesChanged(started.studyId);
    return started;
  };

  const ingest = async (job: JobId, studyId: StudyId, item: ImportItem): Promise<void> => {
    const { path, maskPaths, link } = item;
    const { pixels, statistics, maskSha256, maskIsEmpty, overlaySha256, acquisition } = await engine.call(
      'ingest',
      { path, name: item.name, maskPaths, slice: item.slice, link },
      'job',
    );
    const isEmpty = item.groundTruth === 'empty' || (acquisition !== null && maskIsEmpty);
    const truth: Truth =
      maskSha256 !== null ? { kind: 'drawn', sha256: maskSha256 } : { kind: isEmpty ? 'empty' : 'unknown' };
    // Of a slice, its mask alone says whether it is abnormal.
    const masked = truth.kind === 'drawn' ? 'abnormal' : 'normal';
    const label = item.slice?.mask ? masked : item.label;
    workspace.together(() => {
      const present = images.findByName(studyId, item.name);
      if (present && present.pixels.sha256 !== pixels.sha256) {
        const reason = `${item.name}: the study already has a different image of this name.`;
        return importItems.settle(job, item.position, 'failed', reason);
      }
      if (present) {
        if (present.truth.kind === 'unknown' && truth.kind !== 'unknown')
          images.setTruth(present.id, truth, label);
        return importItems.settle(job, item.position, 'unchanged');
      }
      // The same picture under another name is not new; in another role it is leakage, which people must get to see.
      // Slices beside the body are alike in every volume, and belong to it.
      if (item.slice === null && images.holdsPixels(studyId, pixels.sha256, item.role, job * maximumItems))
        return importItems.settle(job, item.position, 'unchanged');
      const { name, role, split, defect, patient, slice } = item;
      images.create({
        studyId,
        name,
        role,
        label,
        split,
        defect,
        patient,
        pixels,
        statistics,
        spacing: slice?.spacing ?? null,
        acquisition,
        overlaySha256,
        truth,
        position: job * maximumItems + item.position,
      });
      importItems.settle(job, item.position, 'imported');
    });
  };

  const isOurs = (failure: Failure) =>
    failure.kind === 'unreadable' || failure.kind === 'invalid' || failure.kind === 'not-found';

  const execute: JobExecutor = async (job, { signal, progress }) => {
    const { studyId } = jobs.get(job);
    if (studyId === null) throw new Error('an import job without a study');
    const nextBatch = () => importItems.pending(job, 64);
    await eachAtOnce(nextBatch, 4, signal, async (item) => {
      try {
        await ingest(job, studyId, item);
      } catch (error) {
        const failure = toFailure(error);
        // A full disk or a closing application says nothing about the file.
        if (!isOurs(failure) && failure.kind !== 'engine-gone' && failure.kind !== 'bug') throw failure;
        importItems.settle(job, item.position, 'failed', failure.message);
      }
      progress();
    });
    studiesChanged(studyId);
    for (const path of importItems.paths(job)) await forgetUpload(folders.incoming, path);
    importItems.forgetSources(job);
  };

  return {
    async inspect(request: ImportRequest): Promise<ImportPlan> {
      const prepared = await prepareImport(request, seriesReader(engine, workspace));
      return describePlan(prepared, reasonToCopy(prepared.plan, request, folders.incoming));
    },
    start,
    startPlanned,
    /** What an import of the whole folder would bring; nothing where there is no image yet. */
    async planFolder(path: string, role: Exclude<Role, 'excluded'>): Promise<PlannedImport> {
      try {
        return (await prepareImport({ paths: [path], layout: 'auto', role }, seriesReader(engine, workspace)))
          .plan;
      } catch (error) {
        const failure = toFailure(error);
        if (failure.kind !== 'invalid' && failure.kind !== 'unreadable') throw failure;
        return { layout: 'folder', root: path, items: [], found: [], ignored: 0, warnings: [] };
      }
    },
    execute,
    summary(job: JobId) {
      jobs.get(job);
      return { ...importItems.counts(job), failed: importItems.failed(job) };
    },
    /** A name for a study that nobody named: the folder's. */
    suggestName: (paths: readonly string[]): string => basename(resolve(paths[0] ?? 'Study')),
  };
}

export type ImportService = ReturnType<typeof importService>;
